package org.procmon.pool.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.procmon.lifecycle.Ticks;

/**
 * The most workers that were busy at once over the last {@code idle_timeout}, in a few buckets.
 *
 * @param since since when there are samples without a gap
 * @param next when the next sample is due
 * @param bucket when the newest bucket began
 * @param peaks the peak of each bucket, the newest first
 */
public record BusyHistory(Ticks since, Ticks next, Ticks bucket, List<Integer> peaks) {
    private static final int BUCKETS = 8;
    private static final Duration LONGEST_INTERVAL = Duration.ofMillis(250);
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);

    public BusyHistory {
        peaks = List.copyOf(peaks);
    }

    /** The highest of all buckets. */
    public int peak() {
        return peaks.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** Without a sample yet. */
    static BusyHistory from(Ticks now, Duration idleTimeout) {
        return new BusyHistory(now, now.plus(interval(idleTimeout)), now, List.of());
    }

    /** How long until the next sample. */
    static Duration interval(Duration idleTimeout) {
        Duration part = idleTimeout.dividedBy(BUCKETS);
        Duration most = part.compareTo(LONGEST_INTERVAL) < 0 ? part : LONGEST_INTERVAL;
        return most.compareTo(SHORTEST_INTERVAL) > 0 ? most : SHORTEST_INTERVAL;
    }

    private static Duration bucketLength(Duration idleTimeout) {
        Duration part = idleTimeout.dividedBy(BUCKETS);
        Duration interval = interval(idleTimeout);
        return part.compareTo(interval) > 0 ? part : interval;
    }

    BusyHistory asked(Ticks now, Duration idleTimeout) {
        return new BusyHistory(since, now.plus(interval(idleTimeout)), bucket, peaks);
    }

    /** With one more sample. After a gap it begins with that sample, since nobody looked. */
    BusyHistory with(int busy, Ticks now, Duration idleTimeout) {
        long length = bucketLength(idleTimeout).toNanos();
        long passed = now.since(bucket).toNanos() / length;
        if (passed > 2) {
            return new BusyHistory(now, next, now, List.of(busy));
        }
        List<Integer> newer = new ArrayList<>(Collections.nCopies((int) passed, 0));
        newer.addAll(peaks);
        if (newer.isEmpty()) {
            newer.add(0);
        }
        newer.set(0, Math.max(newer.getFirst(), busy));
        Ticks begun = bucket.plus(Duration.ofNanos(passed * length));
        return new BusyHistory(
                since, next, begun, newer.subList(0, Math.min(newer.size(), BUCKETS + 1)));
    }

    /** Whether it reaches back for the whole time. */
    boolean isComplete(Ticks now, Duration idleTimeout) {
        return !peaks.isEmpty() && now.since(since).compareTo(idleTimeout) >= 0;
    }
}
