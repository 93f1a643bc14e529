package org.procmon.supervise;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.StartBudget;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.Ticks;

/**
 * Limits the number of process starts within a period to the configured number; further processes
 * wait in a queue. Loop thread only.
 */
final class StartBudgetLimiter {
    private Optional<StartBudget> limit;

    /** The times of the recent starts, the oldest first. */
    private final Deque<Ticks> starts = new ArrayDeque<>();

    private final LinkedHashSet<SupervisedProcess> line = new LinkedHashSet<>();

    /** When the limit was checked last. */
    private Ticks seen = new Ticks(0);

    /** Processes that may start now. */
    private final Set<SupervisedProcess> called = new HashSet<>();

    StartBudgetLimiter(Optional<StartBudget> limit) {
        this.limit = limit;
    }

    /** Changes the limit. */
    void become(Optional<StartBudget> other) {
        limit = other;
    }

    /** Whether a process may start now, and if so counts the start; otherwise queues it. */
    boolean admits(SupervisedProcess supervisedProcess, Ticks now) {
        if (limit.isEmpty()) {
            return true;
        }
        forget(now);
        boolean isNext = called.remove(supervisedProcess) || line.isEmpty();
        if (isNext && starts.size() < limit.get().starts()) {
            line.remove(supervisedProcess);
            starts.addLast(now);
            return true;
        }
        line.add(supervisedProcess);
        return false;
    }

    /** When the next in the queue may start, perhaps long ago; empty if the queue is empty. */
    Optional<Ticks> opens() {
        line.removeIf(supervisedProcess -> !(supervisedProcess.process.state() instanceof Waiting));
        if (line.isEmpty()) {
            return Optional.empty();
        }
        boolean isFull = limit.isPresent() && starts.size() >= limit.get().starts();
        return Optional.of(isFull ? starts.getFirst().plus(limit.get().period()) : seen);
    }

    /** Removes the processes that may start now from the queue, and returns them. */
    List<SupervisedProcess> due(Ticks now) {
        // A process that did not use its permission at once no longer waits.
        called.clear();
        line.removeIf(supervisedProcess -> !(supervisedProcess.process.state() instanceof Waiting));
        if (line.isEmpty()) {
            return List.of();
        }
        forget(now);
        int free = limit.isEmpty() ? line.size() : limit.get().starts() - starts.size();
        List<SupervisedProcess> due = new ArrayList<>();
        for (SupervisedProcess supervisedProcess : line) {
            if (due.size() < free) {
                due.add(supervisedProcess);
            }
        }
        due.forEach(line::remove);
        called.addAll(due);
        return due;
    }

    /** Whether a process is in the queue. */
    boolean holds(SupervisedProcess supervisedProcess) {
        return line.contains(supervisedProcess)
                && supervisedProcess.process.state() instanceof Waiting;
    }

    private void forget(Ticks now) {
        seen = now;
        while (limit.isPresent()
                && !starts.isEmpty()
                && now.hasReached(starts.getFirst().plus(limit.get().period()))) {
            starts.removeFirst();
        }
    }
}
