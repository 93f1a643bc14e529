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
 * Lets no more processes start within a period than the configuration allows; the others stand in
 * line. Loop thread only.
 */
final class StartBudgetLimiter {
    private Optional<StartBudget> limit;

    /** When processes were started lately, the oldest first. */
    private final Deque<Ticks> starts = new ArrayDeque<>();

    private final LinkedHashSet<SupervisedProcess> line = new LinkedHashSet<>();

    /** When it was looked at last. */
    private Ticks seen = new Ticks(0);

    /** Those whose turn it is. */
    private final Set<SupervisedProcess> called = new HashSet<>();

    StartBudgetLimiter(Optional<StartBudget> limit) {
        this.limit = limit;
    }

    /** From now on another limit counts. */
    void become(Optional<StartBudget> other) {
        limit = other;
    }

    /** Whether a process may start now, which then counts; otherwise it stands in line. */
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

    /** When the next in line may start, perhaps long ago; empty if nobody stands there. */
    Optional<Ticks> opens() {
        line.removeIf(supervisedProcess -> !(supervisedProcess.process.state() instanceof Waiting));
        if (line.isEmpty()) {
            return Optional.empty();
        }
        boolean isFull = limit.isPresent() && starts.size() >= limit.get().starts();
        return Optional.of(isFull ? starts.getFirst().plus(limit.get().period()) : seen);
    }

    /** Those whose turn has come. */
    List<SupervisedProcess> due(Ticks now) {
        // Who did not take its turn at once no longer waits.
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

    /** Whether a process stands in line. */
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
