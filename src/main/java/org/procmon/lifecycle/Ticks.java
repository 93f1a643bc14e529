package org.procmon.lifecycle;

import java.time.Duration;
import java.util.Optional;
import org.procmon.config.DurationText;

/**
 * An instant of the monotonic clock, for deadlines and durations; unrelated to the time of day.
 *
 * @param nanos nanoseconds since some fixed moment, as a {@code nanoTime} clock counts them
 */
public record Ticks(long nanos) implements Comparable<Ticks> {
    /** Longer than any real limit, and shorter than {@link DurationText#FOREVER}. */
    private static final long NEVER_AFTER = DurationText.FOREVER.toNanos() / 2;

    public Ticks plus(Duration duration) {
        return new Ticks(nanos + duration.toNanos());
    }

    /** This instant, unless it is so far after another that it stands for never. */
    Optional<Ticks> unlessNever(Ticks from) {
        return nanos - from.nanos < NEVER_AFTER ? Optional.of(this) : Optional.empty();
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
