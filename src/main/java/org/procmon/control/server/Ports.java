package org.procmon.control.server;

import org.procmon.supervise.Supervisor;

/**
 * What the server asks of the rest of the monitor.
 *
 * @param supervisor the loop
 * @param output the captured output
 * @param upgrader replaces the monitors
 */
public record Ports(Supervisor supervisor, OutputSource output, Upgrader upgrader) {
    /** The loop alone: no output, no upgrade. */
    public static Ports of(Supervisor supervisor) {
        return new Ports(supervisor, OutputSource.NONE, Upgrader.NONE);
    }
}
