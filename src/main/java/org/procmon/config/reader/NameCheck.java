package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.config.Instance;
import org.procmon.config.Strings;
import org.procmon.config.pool.WorkerCounts;

/** Checks that the names of processes, instances, pools and workers differ. */
final class NameCheck {
    private static final int MOST_DIGITS = 4;

    private final Problems problems;

    /** All names but those of workers, and the places at which they were first given. */
    private final Map<String, Integer> firstOffsets = new HashMap<>();

    private final Map<String, Integer> pools = new HashMap<>();

    private NameCheck(List<PoolEntry> entries, Problems problems) {
        this.problems = problems;
        for (PoolEntry pool : entries) {
            if (pool.process().isNamed()) {
                pools.putIfAbsent(pool.spec().id(), pool.process().idOffset());
            }
        }
    }

    static void check(
            List<ProcessEntry> processes,
            Instances instances,
            List<PoolEntry> pools,
            Problems problems) {
        NameCheck names = new NameCheck(pools, problems);
        List<ProcessEntry> all = new ArrayList<>(processes);
        for (PoolEntry pool : pools) {
            all.add(pool.process());
        }
        for (ProcessEntry processEntry : all) {
            if (processEntry.isNamed()) {
                names.add(processEntry.spec().id(), processEntry.idOffset());
                names.checkIsNoWorker(processEntry.spec().id(), processEntry.idOffset());
                for (Instance instance : instances.of(processEntry)) {
                    names.add(instance.id(), processEntry.idOffset());
                }
            }
        }
    }

    private void add(String id, int offset) {
        Integer first = firstOffsets.putIfAbsent(id, offset);
        if (first != null) {
            problems.add(
                    offset,
                    () ->
                            "id '"
                                    + Problems.shown(id)
                                    + "' was already given in "
                                    + problems.where(first, offset));
        }
    }

    private void checkIsNoWorker(String id, int offset) {
        String pool = pools.isEmpty() ? "" : poolOf(id).orElse("");
        Integer at = pools.get(pool);
        if (at != null) {
            problems.add(
                    offset,
                    () ->
                            "id '"
                                    + Problems.shown(id)
                                    + "' is the name of a worker of the pool '"
                                    + Problems.shown(pool)
                                    + "' in "
                                    + problems.where(at, offset));
        }
    }

    /** The pool that a worker of this name would have. */
    static Optional<String> poolOf(String id) {
        int dot = id.lastIndexOf('.');
        String digits = id.substring(dot + 1);
        boolean isNumber =
                dot > 0
                        && Strings.isDigits(digits)
                        && digits.length() <= MOST_DIGITS
                        && !digits.startsWith("0")
                        && Integer.parseInt(digits) <= WorkerCounts.MOST;
        return isNumber ? Optional.of(id.substring(0, dot)) : Optional.empty();
    }
}
