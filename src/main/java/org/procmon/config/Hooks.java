package org.procmon.config;

import java.util.Optional;

/**
 * The key {@code hooks}.
 *
 * @param beforeStart runs before each start; if it fails, the process does not start
 * @param afterStop runs after the exit of each run, before anything else
 * @param onFailure runs when the process has failed and is down, for good or for a while
 */
public record Hooks(
        Optional<Hook> beforeStart, Optional<Hook> afterStop, Optional<Hook> onFailure) {
    /** No hooks. */
    public static final Hooks DEFAULT =
            new Hooks(Optional.empty(), Optional.empty(), Optional.empty());
}
