package org.procmon.spec;

import java.util.List;

/**
 * One configuration file, read and found good.
 *
 * @param control who may steer the monitor
 * @param processes in the order of the file; names are unique, dependencies exist and have no cycle
 */
public record MonitorSpec(ControlSpec control, List<ProcessSpec> processes) {
    public MonitorSpec {
        processes = List.copyOf(processes);
    }
}
