package org.procmon.supervise;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.TreeMap;

/**
 * Those that may be able to go on, since something about their neighbours has changed; in the order
 * of their priorities, and of those with the same, in the order in which they came. Loop thread
 * only.
 */
final class RecheckQueue {
    /** None of the sets is empty. */
    private final TreeMap<Integer, SequencedSet<SupervisedProcess>> byPriority = new TreeMap<>();

    void add(SupervisedProcess supervisedProcess) {
        byPriority
                .computeIfAbsent(
                        supervisedProcess.spec.lifetime().priority(), _ -> new LinkedHashSet<>())
                .add(supervisedProcess);
    }

    boolean isEmpty() {
        return byPriority.isEmpty();
    }

    /** Takes the first out; there is one. */
    SupervisedProcess removeFirst() {
        var first = byPriority.firstEntry();
        SupervisedProcess supervisedProcess = first.getValue().removeFirst();
        if (first.getValue().isEmpty()) {
            byPriority.remove(first.getKey());
        }
        return supervisedProcess;
    }
}
