package org.procmon.journal;

import org.procmon.lifecycle.Ticks;

/**
 * What the next monitor has to know of the monitors themselves.
 *
 * @param runs how many primaries there were, the writer being the latest
 * @param since when the latest began
 * @param shuttingDown whether all is to be stopped and stay so; a monitor that takes over goes on
 *     with it
 * @param ended whether the monitors ended in order, with nothing left to take over
 * @param configuration the path of the file whose copy is kept beside this
 */
public record MonitorRecord(
        long runs, Ticks since, boolean shuttingDown, boolean ended, String configuration) {
    MonitorRecord withShutdown() {
        return new MonitorRecord(runs, since, true, ended, configuration);
    }
}
