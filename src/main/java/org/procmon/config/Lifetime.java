package org.procmon.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When the life of a process begins and ends, and what its end means.
 *
 * @param essential whether the monitor shuts down when this process is down and stays so by itself
 * @param maxRuntime how long a run of it may last; as long as it likes when empty
 * @param memoryMax how many bytes of memory the group of a run may have; as many as it likes when
 *     empty
 * @param priority of those that could start at the same time, the one with the smaller number goes
 *     first
 */
public record Lifetime(
        boolean essential, Optional<Duration> maxRuntime, OptionalLong memoryMax, int priority) {
    /** It is not bounded, and means nothing to others. */
    public static final Lifetime DEFAULT =
            new Lifetime(false, Optional.empty(), OptionalLong.empty(), 0);

    /** The least and the greatest priority are as far from 0. */
    public static final int UTMOST_PRIORITY = 9999;
}
