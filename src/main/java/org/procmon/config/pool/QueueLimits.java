package org.procmon.config.pool;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The key {@code queue}. Beyond these limits the client that has waited longest gets 503.
 *
 * @param max how many clients may wait; empty for as many as the backlog holds
 * @param timeout how long a client may wait; empty for as long as it likes
 * @param retryAfter what the answer tells it to wait; whole seconds
 */
public record QueueLimits(OptionalInt max, Optional<Duration> timeout, Duration retryAfter) {
    public static final QueueLimits DEFAULT =
            new QueueLimits(OptionalInt.empty(), Optional.empty(), Duration.ofSeconds(5));
}
