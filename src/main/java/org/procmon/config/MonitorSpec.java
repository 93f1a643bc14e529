package org.procmon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.folder.UnusedEntry;
import org.procmon.config.http.HttpSpec;
import org.procmon.config.pool.ListenSpec;

/**
 * One valid configuration file.
 *
 * @param control who may control the monitor
 * @param outputFolder where the output of the processes goes; the monitor's default when empty
 * @param orphans what happens to running processes that are not among these
 * @param startBudget how many processes may start within a period; empty for no limit
 * @param decisions how long decisions of operators are kept
 * @param processes in the order of the file; names are unique, dependencies exist and have no cycle
 * @param scalable the ids of the entries that have a number of instances, and of pools
 * @param pools in the order of the file; their ids differ from those of processes
 * @param followed the folders whose changes are applied without a command
 * @param unused what is in these folders and is not used, with the reasons
 * @param http what the HTTP front serves; its process is among the others
 */
public record MonitorSpec(
        ControlSpec control,
        Optional<Path> outputFolder,
        OrphanPolicy orphans,
        Optional<StartBudget> startBudget,
        DecisionPolicy decisions,
        List<ProcessSpec> processes,
        Set<String> scalable,
        List<PoolSpec> pools,
        List<FollowedFolder> followed,
        List<UnusedEntry> unused,
        Optional<HttpSpec> http) {
    public MonitorSpec {
        processes = List.copyOf(processes);
        scalable = Set.copyOf(scalable);
        pools = List.copyOf(pools);
        followed = List.copyOf(followed);
        unused = List.copyOf(unused);
    }

    /** A configuration with every other key at its default. */
    public MonitorSpec(ControlSpec control, List<ProcessSpec> processes) {
        this(control, Optional.empty(), OrphanPolicy.STOP, Optional.empty(), processes, Set.of());
    }

    /** A configuration that follows no folder. */
    public MonitorSpec(
            ControlSpec control,
            Optional<Path> outputFolder,
            OrphanPolicy orphans,
            Optional<StartBudget> startBudget,
            DecisionPolicy decisions,
            List<ProcessSpec> processes,
            Set<String> scalable,
            List<PoolSpec> pools) {
        this(
                control,
                outputFolder,
                orphans,
                startBudget,
                decisions,
                processes,
                scalable,
                pools,
                List.of(),
                List.of(),
                Optional.empty());
    }

    /** All pools, and the sockets of the HTTP front as if each were that of a pool. */
    public List<PoolSpec> listening() {
        List<PoolSpec> all = new ArrayList<>(pools);
        for (ProcessSpec process : processes) {
            if (process.stdin() instanceof InputSpec.Front front && isFirst(process)) {
                for (ListenSpec socket : front.sockets()) {
                    Instance one = new Instance(process.id() + " socket", all.size());
                    all.add(PoolSpec.ofSocket(process.as(one), socket));
                }
            }
        }
        return all;
    }

    /** All instances have the same sockets. */
    private static boolean isFirst(ProcessSpec process) {
        return process.instance().map(one -> one.number() == 1).orElse(true);
    }

    /** Whether the monitor opens sockets for its processes. */
    public boolean listens() {
        return !pools.isEmpty() || http.isPresent();
    }

    /** A configuration without pools. */
    public MonitorSpec(
            ControlSpec control,
            Optional<Path> outputFolder,
            OrphanPolicy orphans,
            Optional<StartBudget> startBudget,
            DecisionPolicy decisions,
            List<ProcessSpec> processes,
            Set<String> scalable) {
        this(
                control,
                outputFolder,
                orphans,
                startBudget,
                decisions,
                processes,
                scalable,
                List.of());
    }

    /** A configuration that keeps decisions of operators until the machine boots. */
    public MonitorSpec(
            ControlSpec control,
            Optional<Path> outputFolder,
            OrphanPolicy orphans,
            Optional<StartBudget> startBudget,
            List<ProcessSpec> processes,
            Set<String> scalable) {
        this(control, outputFolder, orphans, startBudget, DecisionPolicy.BOOT, processes, scalable);
    }
}
