package org.procmon.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The key {@code give_up}: when a process that keeps ending is no longer started again.
 *
 * @param restarts how many restarts are made within the period; the next one is not
 * @param period over how long they are counted
 * @param retryAfter how long after that it is tried again, with the same allowance; empty for never
 */
public record GiveUp(int restarts, Duration period, Optional<Duration> retryAfter) {}
