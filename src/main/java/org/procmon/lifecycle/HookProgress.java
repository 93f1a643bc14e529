package org.procmon.lifecycle;

import java.util.Optional;

/** How far the hook before a start has come. */
sealed interface HookProgress permits HookRun, HookProgress.Done {
    /** The timeout of the hook, if it runs. */
    Optional<Ticks> deadline();

    /** The hook succeeded. */
    record Done() implements HookProgress {
        @Override
        public Optional<Ticks> deadline() {
            return Optional.empty();
        }
    }
}
