package org.procmon.config.pool;

import java.time.Duration;

/**
 * The keys {@code retire} and {@code patience}: how a worker is stopped without losing a request.
 *
 * @param method how
 * @param patience how long it may take to become idle; then it is stopped anyway
 */
public record RetirePolicy(Method method, Duration patience) {
    public static final RetirePolicy DEFAULT =
            new RetirePolicy(Method.AUTO, Duration.ofSeconds(30));

    /** How a worker is stopped. */
    public enum Method {
        /** By its signal where the program is known to finish its request, else by freezing it. */
        AUTO,
        /** By the stop plan: the program finishes its request after the signal. */
        SIGNAL,
        /** It is suspended, looked at, and killed only if it serves no client. */
        FREEZE
    }
}
