package org.procmon.supervise;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.procmon.lifecycle.Ticks;

/**
 * The deadlines of all processes, the nearest first. A deadline belongs to its state and its
 * specification: an outdated one is dropped when it is due, so nothing is ever cancelled. Loop
 * thread only.
 */
final class Deadlines {
    private record Alarm(Ticks at, SupervisedProcess entry) {
        boolean isStale() {
            return entry.deadline().filter(at::equals).isEmpty();
        }
    }

    private final PriorityQueue<Alarm> queue = new PriorityQueue<>(Comparator.comparing(Alarm::at));

    /** Adds the deadline of the entry, if it has one. */
    void set(SupervisedProcess supervisedProcess) {
        Optional<Ticks> deadline = supervisedProcess.deadline();
        if (deadline.isPresent()) {
            queue.add(new Alarm(deadline.get(), supervisedProcess));
        }
    }

    /** Removes the entries with a reached deadline. */
    List<SupervisedProcess> due(Ticks now) {
        List<SupervisedProcess> due = new ArrayList<>();
        while (!queue.isEmpty() && now.hasReached(queue.element().at())) {
            Alarm alarm = queue.remove();
            if (!alarm.isStale()) {
                due.add(alarm.entry());
            }
        }
        return due;
    }

    /** The nearest deadline; empty if there is none. */
    Optional<Ticks> next() {
        while (!queue.isEmpty() && queue.element().isStale()) {
            queue.remove();
        }
        return Optional.ofNullable(queue.peek()).map(Alarm::at);
    }
}
