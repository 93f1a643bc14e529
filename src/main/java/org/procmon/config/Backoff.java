package org.procmon.config;

import java.time.Duration;

/**
 * The key {@code backoff}: the growing delay between restarts of a process that keeps exiting soon
 * after its start. The first restart after a run of at least {@code resetAfter} is immediate, and
 * so is the very first restart.
 *
 * @param initial the first delay; zero turns the backoff off
 * @param factor each delay is the previous one times this; at least 1
 * @param max the longest delay
 * @param jitter the share, from 0 to 1, by which a delay may be longer or shorter
 * @param resetAfter a run this long resets the delay
 */
public record Backoff(
        Duration initial, double factor, Duration max, double jitter, Duration resetAfter) {
    public static final Backoff DEFAULT =
            new Backoff(
                    Duration.ofMillis(100), 2, Duration.ofSeconds(30), 0.1, Duration.ofSeconds(10));
}
