package org.procmon.control.server;

import org.procmon.supervise.Supervisor;

/**
 * What the server asks of the rest of the monitor.
 *
 * @param supervisor the loop
 * @param output the captured output
 * @param upgrader replaces the monitors
 * @param reloader replaces the configuration
 */
public record Ports(
        Supervisor supervisor, OutputSource output, Upgrader upgrader, Reloader reloader) {
    /** The loop alone: no output, no upgrade, no file. */
    public static Ports of(Supervisor supervisor) {
        return new Ports(supervisor, OutputSource.NONE, Upgrader.NONE, Reloader.NONE);
    }
}
