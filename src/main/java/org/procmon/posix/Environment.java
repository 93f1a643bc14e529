package org.procmon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Environment variables as programs receive them: {@code NAME=VALUE} strings in native memory, made
 * once and never freed, so that a start makes only a child's own. Source: environ(7). Immutable,
 * for any thread.
 */
public final class Environment {
    private final Map<String, String> variables;

    /** The addresses of the strings. */
    private final MemorySegment pointers;

    private Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
        this.pointers = pointers(this.variables, Arena.global());
    }

    public static Environment of(Map<String, String> variables) {
        return new Environment(variables);
    }

    /**
     * A NULL-terminated array of these variables and more, which replace those of the same name.
     */
    MemorySegment with(Map<String, String> more, Arena arena) {
        Set<String> names = variables.keySet();
        if (!Collections.disjoint(names, more.keySet())) {
            Map<String, String> all = new HashMap<>(variables);
            all.putAll(more);
            return pointers(all, arena);
        }
        // The last pointer of either array is the NULL that the next one overwrites.
        MemorySegment added = pointers(more, arena);
        long end = pointers.byteSize() - ADDRESS.byteSize();
        MemorySegment joined = arena.allocate(end + added.byteSize(), ADDRESS.byteAlignment());
        MemorySegment.copy(pointers, 0, joined, 0, end);
        MemorySegment.copy(added, 0, joined, end, added.byteSize());
        return joined;
    }

    private static MemorySegment pointers(Map<String, String> variables, Arena arena) {
        List<String> assignments = new ArrayList<>(variables.size());
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            assignments.add(variable.getKey() + "=" + variable.getValue());
        }
        return Native.strings(arena, assignments);
    }
}
