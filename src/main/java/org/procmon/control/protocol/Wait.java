package org.procmon.control.protocol;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How long a caller waits for the outcome of a command.
 *
 * @param waits whether at all; otherwise the reply comes once the command is accepted
 * @param timeoutMs for how many milliseconds at most; empty for as long as it takes
 */
public record Wait(boolean waits, OptionalLong timeoutMs) {
    /** As long as it takes. */
    public static final Wait UNTIL_DONE = new Wait(true, OptionalLong.empty());

    /** Not at all. */
    public static final Wait NOT = new Wait(false, OptionalLong.empty());

    /** For so long at most; then the call fails with {@link ErrorName#TIMED_OUT}. */
    public static Wait atMost(Duration limit) {
        return new Wait(true, OptionalLong.of(limit.toMillis()));
    }
}
