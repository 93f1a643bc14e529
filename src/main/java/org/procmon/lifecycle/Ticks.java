package org.procmon.lifecycle;

import java.time.Duration;

/**
 * An instant of the monotonic clock, for deadlines and durations; it says nothing about the time of
 * day.
 *
 * @param nanos nanoseconds since some fixed moment, as a {@code nanoTime} clock counts them
 */
public record Ticks(long nanos) implements Comparable<Ticks> {
    public Ticks plus(Duration duration) {
        return new Ticks(nanos + duration.toNanos());
    }

    /** Whether this instant is {@code deadline} or later. */
    public boolean hasReached(Ticks deadline) {
        return nanos - deadline.nanos >= 0;
    }

    /** The time from {@code earlier} to this instant. */
    public Duration since(Ticks earlier) {
        return Duration.ofNanos(nanos - earlier.nanos);
    }

    public static Ticks earlier(Ticks a, Ticks b) {
        return a.hasReached(b) ? b : a;
    }

    /** By difference, so that the order holds when the counter overflows. */
    @Override
    public int compareTo(Ticks other) {
        return Long.signum(nanos - other.nanos);
    }
}
