package org.procmon.supervise;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.TreeMap;

/**
 * The processes that may be able to proceed, since a process they wait for has changed; by
 * priority, and in order of arrival within the same. Loop thread only.
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

    /** Removes the first; there must be one. */
    SupervisedProcess removeFirst() {
        var first = byPriority.firstEntry();
        SupervisedProcess supervisedProcess = first.getValue().removeFirst();
        if (first.getValue().isEmpty()) {
            byPriority.remove(first.getKey());
        }
        return supervisedProcess;
    }
}
