package org.procmon.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The key {@code give_up}: when a process that keeps exiting is no longer restarted.
 *
 * @param restarts the maximum number of restarts within the period
 * @param period the time over which restarts are counted
 * @param retryAfter the delay before it is tried again, with the same limit; empty for never
 */
public record GiveUp(int restarts, Duration period, Optional<Duration> retryAfter) {}
