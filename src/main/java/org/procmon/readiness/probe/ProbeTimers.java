package org.procmon.readiness.probe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Timers, at most one per owner. One may fire late by a 64th of its delay. So timers that are close
 * together fire together, and wake the waiting thread less often. One thread.
 */
final class ProbeTimers<T> {
    private static final int SLACK = 64;

    private record Timer<T>(long at, long number, T owner) implements Comparable<Timer<T>> {
        /** Compares differences of times, as System.nanoTime() requires. */
        @Override
        public int compareTo(Timer<T> other) {
            int order = Long.compare(at - other.at, 0);
            return order == 0 ? Long.compare(number, other.number) : order;
        }
    }

    private final LongSupplier nanoTime;
    private final TreeSet<Timer<T>> queue = new TreeSet<>();
    private final Map<T, Timer<T>> timers = new HashMap<>();
    private long lastNumber;

    /**
     * @param nanoTime the monotonic clock
     */
    ProbeTimers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Sets the timer of an owner, and replaces an earlier one. */
    void set(T owner, Duration delay) {
        remove(owner);
        long nanos = Math.max(0, delay.toNanos());
        long grid = Long.highestOneBit(Math.max(1, nanos / SLACK));
        long at = (nanoTime.getAsLong() + nanos + grid - 1) & -grid;
        Timer<T> timer = new Timer<>(at, ++lastNumber, owner);
        timers.put(owner, timer);
        queue.add(timer);
    }

    void remove(T owner) {
        Timer<T> timer = timers.remove(owner);
        if (timer != null) {
            queue.remove(timer);
        }
    }

    /** Removes and returns the owners owner timers have expired, the earliest first. */
    List<T> due() {
        long now = nanoTime.getAsLong();
        List<T> due = new ArrayList<>();
        while (!queue.isEmpty() && queue.first().at() - now <= 0) {
            T owner = queue.removeFirst().owner();
            timers.remove(owner);
            due.add(owner);
        }
        return due;
    }

    /** The time until the next timer; empty if none is set. */
    Optional<Duration> left() {
        return queue.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Duration.ofNanos(Math.max(0, queue.first().at() - nanoTime.getAsLong())));
    }
}
