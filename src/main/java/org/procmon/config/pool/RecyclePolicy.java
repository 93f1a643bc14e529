package org.procmon.config.pool;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The key {@code recycle}: when a worker is replaced although it works. One of a pool at a time,
 * and its replacement is up first, unless each worker has its own socket.
 *
 * @param age how old it may become
 * @param memory how large its resident memory may become, in bytes
 * @param jitter the part of the age by which it may differ, from 0 to 1
 */
public record RecyclePolicy(Optional<Duration> age, OptionalLong memory, double jitter) {
    public static final RecyclePolicy DEFAULT =
            new RecyclePolicy(Optional.empty(), OptionalLong.empty(), 0.1);
}
