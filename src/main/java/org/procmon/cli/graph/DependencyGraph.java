package org.procmon.cli.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.procmon.status.fields.ProcessRow;

/** The processes and what each depends on, in the order of the configuration. Immutable. */
public final class DependencyGraph {
    private static final List<String> MONITORS = List.of("procmon1", "procmon2");

    private final Map<String, ProcessRow> rows = new LinkedHashMap<>();
    private final Map<String, List<String>> dependents = new LinkedHashMap<>();

    /**
     * @param all every process, perhaps with the monitors, which are left out
     */
    public DependencyGraph(List<ProcessRow> all) {
        for (ProcessRow row : all) {
            if (!MONITORS.contains(row.name())) {
                rows.put(row.name(), row);
                dependents.computeIfAbsent(row.name(), _ -> new ArrayList<>());
                for (String on : row.identity().depends()) {
                    dependents.computeIfAbsent(on, _ -> new ArrayList<>()).add(row.name());
                }
            }
        }
    }

    /** All names. A deleted process on which another one depends has no row and is left out. */
    List<String> names() {
        return List.copyOf(rows.keySet());
    }

    boolean has(String name) {
        return rows.containsKey(name);
    }

    /** Its state; {@code deleted} if it has no row. */
    String state(String name) {
        ProcessRow row = rows.get(name);
        return row == null ? "deleted" : row.state();
    }

    /** What it depends on. */
    List<String> needs(String name) {
        ProcessRow row = rows.get(name);
        return row == null ? List.of() : row.identity().depends();
    }

    /** What depends on it. */
    List<String> neededBy(String name) {
        return List.copyOf(dependents.getOrDefault(name, List.of()));
    }

    /** The part with these processes and all that they are connected to. */
    public DependencyGraph around(List<String> names) {
        Set<String> kept = new LinkedHashSet<>();
        Deque<String> left = new ArrayDeque<>(names);
        while (!left.isEmpty()) {
            String name = left.removeFirst();
            if (kept.add(name)) {
                left.addAll(needs(name));
                left.addAll(neededBy(name));
            }
        }
        return new DependencyGraph(
                rows.values().stream().filter(row -> kept.contains(row.name())).toList());
    }
}
