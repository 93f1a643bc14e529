package org.procmon.supervise;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.procmon.lifecycle.Lifecycle;

/**
 * The processes that have no run any more, but a queued start of their schedule. They start when
 * all others have seen the exit of the run. Loop thread only.
 */
final class QueuedStarts {
    private final Deque<SupervisedProcess> due = new ArrayDeque<>();

    void look(SupervisedProcess supervisedProcess) {
        if (Lifecycle.isStartDue(supervisedProcess.spec, supervisedProcess.process)) {
            due.addLast(supervisedProcess);
        }
    }

    /** The next process that still has a queued start. */
    Optional<SupervisedProcess> next() {
        while (!due.isEmpty()) {
            SupervisedProcess supervisedProcess = due.removeFirst();
            if (Lifecycle.isStartDue(supervisedProcess.spec, supervisedProcess.process)) {
                return Optional.of(supervisedProcess);
            }
        }
        return Optional.empty();
    }
}
