package org.procmon.config.pool;

import java.time.Duration;
import java.util.Optional;

/**
 * The key {@code request}: how long a worker may be busy with one connection.
 *
 * @param slow after this time it is reported
 * @param timeout after this time it is stopped
 */
public record RequestLimits(Optional<Duration> slow, Optional<Duration> timeout) {
    public static final RequestLimits DEFAULT =
            new RequestLimits(Optional.empty(), Optional.empty());
}
