package org.procmon.supervise;

import java.util.List;
import java.util.Optional;
import org.procmon.lifecycle.Ticks;

/**
 * The whole monitor at one moment, immutable.
 *
 * @param processes in the order of the configuration
 * @param monitors the monitors themselves: {@code procmon1}, and the backup {@code procmon2} when
 *     there is one
 * @param shuttingDown whether a shutdown has begun
 */
public record Snapshot(
        List<ProcessView> processes, List<MonitorView> monitors, boolean shuttingDown) {
    public Snapshot {
        processes = List.copyOf(processes);
        monitors = List.copyOf(monitors);
    }

    /**
     * One of the monitors.
     *
     * @param name {@code procmon1} or {@code procmon2}
     * @param pid its process
     * @param runs how many times it was started
     * @param since when it began
     * @param exec its command line
     */
    public record MonitorView(String name, int pid, long runs, Ticks since, String exec) {}

    public Optional<ProcessView> process(String name) {
        return processes.stream().filter(p -> p.name().equals(name)).findFirst();
    }
}
