package org.procmon.status;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.Ticks;

/**
 * The whole monitor at one moment, immutable.
 *
 * @param processes in the order of the configuration
 * @param monitors the monitors themselves: {@code procmon1}, and the backup {@code procmon2} when
 *     there is one
 * @param shuttingDown whether a shutdown has started
 * @param stoppedPools the names of the pools that an operator has stopped
 */
public record Snapshot(
        List<ProcessView> processes,
        List<MonitorView> monitors,
        boolean shuttingDown,
        Set<String> stoppedPools) {
    /** The name of the monitor. */
    public static final String PRIMARY = "procmon1";

    /** The name of its backup. */
    public static final String BACKUP = "procmon2";

    public Snapshot {
        processes = List.copyOf(processes);
        monitors = List.copyOf(monitors);
        stoppedPools = Set.copyOf(stoppedPools);
    }

    /** Without a stopped pool. */
    public Snapshot(List<ProcessView> processes, List<MonitorView> monitors, boolean shuttingDown) {
        this(processes, monitors, shuttingDown, Set.of());
    }

    /**
     * One of the monitors.
     *
     * @param name {@code procmon1} or {@code procmon2}
     * @param pid its process
     * @param runs how many times it was started
     * @param since when it started
     * @param exec its command line
     * @param cause why it was started, in words
     * @param process the backup as a supervised process; empty for the monitor
     */
    public record MonitorView(
            String name,
            int pid,
            long runs,
            Ticks since,
            String exec,
            String cause,
            Optional<ProcessView> process) {
        /** The monitor itself. */
        public MonitorView(
                String name, int pid, long runs, Ticks since, String exec, String cause) {
            this(name, pid, runs, since, exec, cause, Optional.empty());
        }

        /** The backup. */
        public static MonitorView of(ProcessView backup) {
            RunCounters runCounters = backup.process().tally();
            return new MonitorView(
                    backup.name(),
                    runCounters.lastPid(),
                    runCounters.runs(),
                    backup.process().state().since(),
                    backup.spec().exec().text(),
                    StateText.cause(backup),
                    Optional.of(backup));
        }
    }

    public Optional<ProcessView> process(String name) {
        return processes.stream().filter(p -> p.name().equals(name)).findFirst();
    }
}
