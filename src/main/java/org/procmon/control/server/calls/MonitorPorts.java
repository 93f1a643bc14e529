package org.procmon.control.server.calls;

import java.time.InstantSource;
import org.procmon.control.server.replies.OutputSource;
import org.procmon.events.EventLog;
import org.procmon.supervise.port.HookSource;
import org.procmon.supervise.port.PoolSource;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Supervisor;
import org.procmon.supervise.port.Upgrader;
import org.procmon.supervise.port.UsageSource;

/**
 * The parts of the monitor that the server uses.
 *
 * @param supervisor the loop
 * @param output the captured output
 * @param upgrader replaces the monitors
 * @param reloader replaces the configuration
 * @param chronicle the record of events, which also receives commands
 * @param hooks the state of the hooks
 * @param usage the resource usage of processes
 * @param pools the pools
 */
public record MonitorPorts(
        Supervisor supervisor,
        OutputSource output,
        Upgrader upgrader,
        Reloader reloader,
        EventLog chronicle,
        HookSource hooks,
        UsageSource usage,
        PoolSource pools) {
    /** Without resource usage, and without pools. */
    public MonitorPorts(
            Supervisor supervisor,
            OutputSource output,
            Upgrader upgrader,
            Reloader reloader,
            EventLog chronicle,
            HookSource hooks) {
        this(
                supervisor,
                output,
                upgrader,
                reloader,
                chronicle,
                hooks,
                UsageSource.NONE,
                PoolSource.NONE);
    }

    /** With a new chronicle, and no hooks. */
    public MonitorPorts(
            Supervisor supervisor, OutputSource output, Upgrader upgrader, Reloader reloader) {
        this(
                supervisor,
                output,
                upgrader,
                reloader,
                new EventLog(supervisor::now, InstantSource.system()),
                HookSource.NONE);
    }

    /** The loop alone: no output, no upgrade, no file. */
    public static MonitorPorts of(Supervisor supervisor) {
        return new MonitorPorts(supervisor, OutputSource.NONE, Upgrader.NONE, Reloader.NONE);
    }
}
