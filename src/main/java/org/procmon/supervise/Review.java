package org.procmon.supervise;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.TreeMap;

/**
 * Those that may be able to go on, since something about their neighbours has changed; in the order
 * of their priorities, and of those with the same, in the order in which they came. Loop thread
 * only.
 */
final class Review {
    /** None of the sets is empty. */
    private final TreeMap<Integer, SequencedSet<Entry>> byPriority = new TreeMap<>();

    void add(Entry entry) {
        byPriority
                .computeIfAbsent(entry.spec.lifetime().priority(), _ -> new LinkedHashSet<>())
                .add(entry);
    }

    boolean isEmpty() {
        return byPriority.isEmpty();
    }

    /** Takes the first out; there is one. */
    Entry removeFirst() {
        var first = byPriority.firstEntry();
        Entry entry = first.getValue().removeFirst();
        if (first.getValue().isEmpty()) {
            byPriority.remove(first.getKey());
        }
        return entry;
    }
}
