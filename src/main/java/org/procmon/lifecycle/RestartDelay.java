package org.procmon.lifecycle;

import java.time.Duration;
import org.procmon.config.Backoff;

/** The delay before a restart, from how many came before it in a row. */
final class RestartDelay {
    /**
     * A program that cannot be started is not tried again sooner than this, even without backoff.
     */
    static final Duration AFTER_SPAWN_FAILURE = Duration.ofMillis(100);

    private RestartDelay() {}

    /**
     * The delay before restart {@code streak} of a series, the first being 0 and immediate. The
     * jitter is taken from {@code seed}, so that the same history gives the same delays.
     */
    static Duration of(Backoff backoff, int streak, long seed) {
        if (streak == 0 || backoff.initial().isZero()) {
            return Duration.ZERO;
        }
        double max = backoff.max().toNanos();
        double nanos =
                Math.min(max, backoff.initial().toNanos() * Math.pow(backoff.factor(), streak - 1));
        double jittered = nanos * (1 + backoff.jitter() * (2 * unit(seed) - 1));
        return Duration.ofNanos((long) Math.min(max, jittered));
    }

    /** A number in [0, 1) that looks random, by the finishing steps of MurmurHash3. */
    private static double unit(long seed) {
        long h = seed;
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        h ^= h >>> 33;
        return (h >>> 11) * 0x1.0p-53;
    }
}
