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
    private final Deque<Entry> due = new ArrayDeque<>();

    void look(Entry entry) {
        if (Lifecycle.isStartDue(entry.spec, entry.process)) {
            due.addLast(entry);
        }
    }

    /** The next one of them, for which that still holds. */
    Optional<Entry> next() {
        while (!due.isEmpty()) {
            Entry entry = due.removeFirst();
            if (Lifecycle.isStartDue(entry.spec, entry.process)) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }
}
