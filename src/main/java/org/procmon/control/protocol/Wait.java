package org.procmon.control.protocol;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How long a caller waits for the outcome of a command.
 *
 * @param waits whether at all; otherwise the reply comes once the command is accepted
 * @param timeoutMs the longest wait in milliseconds; empty for no limit
 */
public record Wait(boolean waits, OptionalLong timeoutMs) {
    /** No limit. */
    public static final Wait UNTIL_DONE = new Wait(true, OptionalLong.empty());

    /** No wait. */
    public static final Wait NOT = new Wait(false, OptionalLong.empty());

    /** A limited wait; after it the call fails with {@link ErrorName#TIMED_OUT}. */
    public static Wait atMost(Duration limit) {
        return new Wait(true, OptionalLong.of(limit.toMillis()));
    }
}
