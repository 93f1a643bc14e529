package org.procmon.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When the runs of a process start and stop, and what its exit means.
 *
 * @param essential whether the monitor shuts down when this process is down for good without a
 *     command
 * @param maxRuntime the longest time a run may last; empty for no limit
 * @param memoryMax the most memory, in bytes, that the group of a run may use; empty for no limit
 * @param priority if several could start at the same time, the smaller number starts first
 */
public record Lifetime(
        boolean essential, Optional<Duration> maxRuntime, OptionalLong memoryMax, int priority) {
    /** No limits, and no effect on other processes. */
    public static final Lifetime DEFAULT =
            new Lifetime(false, Optional.empty(), OptionalLong.empty(), 0);

    /** Priorities range from minus this to plus this. */
    public static final int UTMOST_PRIORITY = 9999;
}
