package org.procmon.spec;

import java.util.Optional;

/**
 * The key {@code hooks}.
 *
 * @param onFailure run when the process has failed and is down, for good or for a while
 */
public record Hooks(Optional<Hook> onFailure) {
    /** None. */
    public static final Hooks DEFAULT = new Hooks(Optional.empty());
}
