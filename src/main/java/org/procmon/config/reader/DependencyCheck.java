package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;

/**
 * Checks the dependencies of all entries: unknown names, conditions that cannot come true, and
 * cycles. Takes time proportional to the number of entries and dependencies.
 */
final class DependencyCheck {
    /** The message about a longer cycle omits the middle. */
    private static final int LONGEST_PATH = 50;

    private static final int NOT_ON_PATH = -1;

    private final List<ProcessEntry> entries;
    private final List<ProcessEntry> workers;
    private final Problems problems;
    private final Map<String, Integer> indexes = new HashMap<>();

    /**
     * @param workers the templates of pools, which depend on others while nothing depends on them
     */
    DependencyCheck(List<ProcessEntry> entries, List<ProcessEntry> workers, Problems problems) {
        this.entries = entries;
        this.workers = workers;
        this.problems = problems;
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).isNamed()) {
                indexes.putIfAbsent(entries.get(i).spec().id(), i);
            }
        }
    }

    /** Reports dependencies on names that no entry has. */
    void reportUnknownNames() {
        Set<String> pools = new HashSet<>();
        for (ProcessEntry worker : workers) {
            pools.add(worker.spec().id());
        }
        for (ProcessEntry.Need need : needs()) {
            String on = need.dependency().on();
            if (!indexes.containsKey(on)) {
                problems.add(need.offset(), unknown(on, pools));
            }
        }
    }

    private List<ProcessEntry.Need> needs() {
        List<ProcessEntry.Need> needs = new ArrayList<>();
        for (ProcessEntry processEntry : entries) {
            needs.addAll(processEntry.needs());
        }
        for (ProcessEntry worker : workers) {
            needs.addAll(worker.needs());
        }
        return needs;
    }

    /** Reports dependencies on a state that a process, as configured, never reaches. */
    void reportNeverMet() {
        for (ProcessEntry.Need need : needs()) {
            Integer on = indexes.get(need.dependency().on());
            if (on != null) {
                reportNeverMet(need, entries.get(on).spec());
            }
        }
    }

    private void reportNeverMet(ProcessEntry.Need need, ProcessSpec on) {
        String why =
                switch (need.dependency().when()) {
                    case STARTED -> "";
                    case READY ->
                            on.checks().ready().isPresent()
                                    ? ""
                                    : "' has no 'ready', so only \"started\" can be waited for";
                    case HEALTHY ->
                            on.checks().health().isPresent()
                                    ? ""
                                    : "' has no 'health', so it is never known to be healthy";
                    case COMPLETED ->
                            on.restart() == RestartPolicy.ALWAYS
                                    ? "' is always restarted, so it is never completed"
                                    : "";
                };
        if (!why.isEmpty()) {
            problems.add(need.offset(), () -> "'" + Problems.shown(need.dependency().on()) + why);
        }
    }

    private Supplier<String> unknown(String on, Set<String> pools) {
        boolean isPool = pools.contains(on);
        if (isPool || NameCheck.poolOf(on).filter(pools::contains).isPresent()) {
            return () ->
                    "'"
                            + Problems.shown(on)
                            + (isPool ? "' is a pool" : "' is a worker of a pool")
                            + ", and nothing can depend on one; clients that connect early wait"
                            + " for its workers";
        }
        return () ->
                "no process is named '"
                        + Problems.shown(on)
                        + "'"
                        + Suggestion.forWord(on, indexes.keySet());
    }

    /** Reports each cycle at the dependency that closes it. */
    void reportCycles() {
        int count = entries.size();
        boolean[] done = new boolean[count];
        int[] placeOnPath = new int[count];
        Arrays.fill(placeOnPath, NOT_ON_PATH);
        int[] nextNeed = new int[count];
        int[] path = new int[count];
        for (int root = 0; root < count; root++) {
            int length = 0;
            if (!done[root]) {
                path[length] = root;
                placeOnPath[root] = length++;
            }
            while (length > 0) {
                int at = path[length - 1];
                List<ProcessEntry.Need> needs = entries.get(at).needs();
                if (nextNeed[at] == needs.size()) {
                    done[at] = true;
                    placeOnPath[at] = NOT_ON_PATH;
                    length--;
                    continue;
                }
                ProcessEntry.Need need = needs.get(nextNeed[at]++);
                Integer on = indexes.get(need.dependency().on());
                if (on == null || done[on]) {
                    continue;
                }
                if (placeOnPath[on] == NOT_ON_PATH) {
                    path[length] = on;
                    placeOnPath[on] = length++;
                } else {
                    problems.add(need.offset(), cycle(path, placeOnPath[on], length));
                }
            }
        }
    }

    /** The message about the cycle from one place of the path to its end. */
    private Supplier<String> cycle(int[] path, int from, int to) {
        int left = Math.max(0, to - from - LONGEST_PATH);
        int[] told = Arrays.copyOfRange(path, from, to - left);
        return () -> {
            if (told.length == 1) {
                return "'" + name(told[0]) + "' depends on itself";
            }
            StringBuilder text = new StringBuilder("dependencies form a cycle: ");
            for (int index : told) {
                text.append(name(index)).append(" -> ");
            }
            if (left > 0) {
                text.append("… ").append(left).append(" more … -> ");
            }
            return text.append(name(told[0])).toString();
        };
    }

    private String name(int index) {
        return Problems.shown(entries.get(index).spec().id());
    }
}
