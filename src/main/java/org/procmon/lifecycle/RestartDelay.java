package org.procmon.lifecycle;

import java.time.Duration;
import org.procmon.config.Backoff;

/** The delay before a restart, from the number of restarts in a row before it. Any thread. */
public final class RestartDelay {
    /** The shortest delay after a program could not be started, even without backoff. */
    static final Duration AFTER_SPAWN_FAILURE = Duration.ofMillis(100);

    private RestartDelay() {}

    /**
     * The delay before restart {@code streak} of a series; the first is 0 and immediate. The jitter
     * is derived from {@code seed}, so the same history gives the same delays.
     */
    public static Duration of(Backoff backoff, int streak, long seed) {
        if (streak == 0 || backoff.initial().isZero()) {
            return Duration.ZERO;
        }
        double max = backoff.max().toNanos();
        double nanos =
                Math.min(max, backoff.initial().toNanos() * Math.pow(backoff.factor(), streak - 1));
        double jittered = nanos * (1 + backoff.jitter() * (2 * unit(seed) - 1));
        return Duration.ofNanos((long) Math.min(max, jittered));
    }

    /** A pseudorandom number in [0, 1), by the finishing steps of MurmurHash3. */
    private static double unit(long seed) {
        long h = seed;
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        h ^= h >>> 33;
        return (h >>> 11) * 0x1.0p-53;
    }
}
