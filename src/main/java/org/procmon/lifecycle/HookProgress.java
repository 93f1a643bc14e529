package org.procmon.lifecycle;

import java.util.Optional;

/** How far a start has come before which a hook is run. */
public sealed interface HookProgress permits HookRun, HookProgress.Done {
    /** When the hook has to have ended, if it runs. */
    Optional<Ticks> deadline();

    /** The hook has done well. */
    record Done() implements HookProgress {
        @Override
        public Optional<Ticks> deadline() {
            return Optional.empty();
        }
    }
}
