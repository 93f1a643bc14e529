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
 * When whose time comes; each has one alarm at most. One may go off late by a 64th of its delay, so
 * that those that are near each other go off together, and the thread that waits is woken less
 * often. One thread.
 */
final class ProbeTimers<T> {
    private static final int SLACK = 64;

    private record Alarm<T>(long at, long number, T whose) implements Comparable<Alarm<T>> {
        /** By the difference of times, as System.nanoTime() asks for. */
        @Override
        public int compareTo(Alarm<T> other) {
            int order = Long.compare(at - other.at, 0);
            return order == 0 ? Long.compare(number, other.number) : order;
        }
    }

    private final LongSupplier nanoTime;
    private final TreeSet<Alarm<T>> queue = new TreeSet<>();
    private final Map<T, Alarm<T>> alarms = new HashMap<>();
    private long lastNumber;

    /**
     * @param nanoTime the monotonic clock
     */
    ProbeTimers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Sets somebody's alarm, in place of the one that is set. */
    void set(T whose, Duration delay) {
        remove(whose);
        long nanos = Math.max(0, delay.toNanos());
        long grid = Long.highestOneBit(Math.max(1, nanos / SLACK));
        long at = (nanoTime.getAsLong() + nanos + grid - 1) & -grid;
        Alarm<T> alarm = new Alarm<>(at, ++lastNumber, whose);
        alarms.put(whose, alarm);
        queue.add(alarm);
    }

    void remove(T whose) {
        Alarm<T> alarm = alarms.remove(whose);
        if (alarm != null) {
            queue.remove(alarm);
        }
    }

    /** Takes out those whose time has come, the earliest first. */
    List<T> due() {
        long now = nanoTime.getAsLong();
        List<T> due = new ArrayList<>();
        while (!queue.isEmpty() && queue.first().at() - now <= 0) {
            T whose = queue.removeFirst().whose();
            alarms.remove(whose);
            due.add(whose);
        }
        return due;
    }

    /** How long until the next one; empty if none is set. */
    Optional<Duration> left() {
        return queue.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Duration.ofNanos(Math.max(0, queue.first().at() - nanoTime.getAsLong())));
    }
}
