package org.procmon.config;

import java.util.Optional;

/**
 * The key {@code hooks}.
 *
 * @param beforeStart run before each start, which it has to allow
 * @param afterStop run after the end of each run, before anything follows that
 * @param onFailure run when the process has failed and is down, for good or for a while
 */
public record Hooks(
        Optional<Hook> beforeStart, Optional<Hook> afterStop, Optional<Hook> onFailure) {
    /** None. */
    public static final Hooks DEFAULT =
            new Hooks(Optional.empty(), Optional.empty(), Optional.empty());
}
