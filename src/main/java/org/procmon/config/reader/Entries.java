package org.procmon.config.reader;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.procmon.config.Dependency;
import org.procmon.config.PoolSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.pool.WorkerCounts;

/** The processes and pools of all files, which are checked against each other. */
final class Entries {
    private final List<ProcessEntry> processes;
    private final List<PoolEntry> pools;
    private final Map<String, Integer> scale;
    private final Instances instances;
    private final Problems problems;

    /**
     * @param scale numbers of instances and workers that replace those of the files
     */
    Entries(
            List<ProcessEntry> processes,
            List<PoolEntry> pools,
            Map<String, Integer> scale,
            Problems problems) {
        this.processes = processes;
        this.pools = pools;
        this.scale = scale;
        this.instances = new Instances(processes, scale);
        this.problems = problems;
    }

    /**
     * Reports what is wrong between entries.
     *
     * @param whole whether all entries were read, so that absent names are really missing
     */
    void check(boolean whole) {
        NameCheck.check(processes, instances, pools, problems);
        List<ProcessEntry> all = instances.expanded();
        reportSharedFiles(all);
        DependencyCheck dependencies = new DependencyCheck(all, workers(), problems);
        if (whole) {
            dependencies.reportUnknownNames();
        }
        dependencies.reportNeverMet();
        dependencies.reportCycles();
    }

    /** All processes. */
    List<ProcessSpec> processes() {
        List<ProcessSpec> specs = new ArrayList<>();
        for (ProcessEntry processEntry : instances.expanded()) {
            specs.add(processEntry.spec());
        }
        return specs;
    }

    /** The template of each pool, with its dependencies on instances. */
    private List<ProcessEntry> workers() {
        List<ProcessEntry> workers = new ArrayList<>();
        for (PoolEntry pool : pools) {
            ProcessEntry worker = pool.process();
            workers.add(worker.with(worker.spec(), instances.needs(worker)));
        }
        return workers;
    }

    /** All pools; reports what is wrong between their addresses, and with their shares. */
    List<PoolSpec> pools(SharesReader shares) {
        if (pools.isEmpty()) {
            return List.of();
        }
        AddressCheck addresses = new AddressCheck();
        List<PoolSpec> specs = new ArrayList<>();
        for (PoolEntry pool : pools) {
            List<Dependency> depends = new ArrayList<>();
            for (ProcessEntry.Need need : instances.needs(pool.process())) {
                depends.add(need.dependency());
            }
            PoolSpec scaled = scaled(pool).dependingOn(depends);
            PoolSpec spec = shares.of(pool, scaled).map(scaled::of).orElse(scaled);
            if (pool.hasAddress()) {
                addresses.add(pool, spec, problems);
            }
            specs.add(spec);
        }
        return specs;
    }

    private PoolSpec scaled(PoolEntry pool) {
        Integer asked = scale.get(pool.spec().id());
        if (asked == null) {
            return pool.spec();
        }
        if (asked < 1 || asked > WorkerCounts.MOST) {
            problems.add(
                    Math.max(0, pool.process().idOffset()),
                    "a pool has from 1 to " + WorkerCounts.MOST + " workers; stop it to have none");
            return pool.spec();
        }
        return pool.spec().scaled(asked);
    }

    /** The ids of the entries with a number of instances or workers. */
    Set<String> scalable() {
        Set<String> ids = new HashSet<>();
        for (ProcessEntry processEntry : processes) {
            if (processEntry.instances().isPresent()) {
                ids.add(processEntry.spec().id());
            }
        }
        for (PoolEntry pool : pools) {
            ids.add(pool.spec().id());
        }
        return ids;
    }

    /** Records the place of each process and each pool. */
    void locate(Locations locations) {
        for (ProcessEntry processEntry : instances.expanded()) {
            locations.add(processEntry.spec().id(), processEntry.source());
        }
        for (PoolEntry pool : pools) {
            locations.add(pool.spec().id(), pool.process().source());
        }
    }

    /** Two streams in one file would each rotate it while the other writes. */
    private void reportSharedFiles(List<ProcessEntry> all) {
        Map<Path, Named> firstStreams = new HashMap<>();
        for (ProcessEntry processEntry : all) {
            for (ProcessEntry.LogFile file : processEntry.files()) {
                String stream =
                        "'"
                                + file.stream()
                                + "' of '"
                                + Problems.shown(processEntry.spec().id())
                                + "'";
                Named first =
                        firstStreams.putIfAbsent(
                                file.path().normalize(), new Named(stream, file.offset()));
                if (first != null) {
                    problems.add(
                            file.offset(),
                            () ->
                                    stream
                                            + " has the same file as "
                                            + first.stream()
                                            + " in "
                                            + problems.where(first.offset(), file.offset()));
                }
            }
        }
    }

    private record Named(String stream, int offset) {}
}
