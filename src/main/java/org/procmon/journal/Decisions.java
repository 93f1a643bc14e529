package org.procmon.journal;

import java.util.Map;
import java.util.Set;

/**
 * What operators decided: the names of the processes that they stopped and deleted, and how many
 * instances they asked for.
 *
 * @param scale numbers of instances by the id of their entry
 */
public record Decisions(Set<String> stopped, Set<String> deleted, Map<String, Integer> scale) {
    public static final Decisions NONE = new Decisions(Set.of(), Set.of(), Map.of());

    public Decisions {
        stopped = Set.copyOf(stopped);
        deleted = Set.copyOf(deleted);
        scale = Map.copyOf(scale);
    }

    Decisions withScale(Map<String, Integer> other) {
        return new Decisions(stopped, deleted, other);
    }
}
