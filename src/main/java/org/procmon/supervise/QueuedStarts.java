package org.procmon.supervise;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.procmon.lifecycle.Lifecycle;

/**
 * The processes whose run is over, and that are started once more by a time of their schedule that
 * came before; when all others have seen how the run has ended. Loop thread only.
 */
final class QueuedStarts {
    private final Deque<SupervisedProcess> due = new ArrayDeque<>();

    void look(SupervisedProcess supervisedProcess) {
        if (Lifecycle.isStartDue(supervisedProcess.spec, supervisedProcess.process)) {
            due.addLast(supervisedProcess);
        }
    }

    /** The next one of them, for which that still holds. */
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
