package org.procmon.journal;

import org.procmon.lifecycle.Ticks;

/**
 * What the next monitor must know about the monitors themselves.
 *
 * @param runs how many primaries there were, the writer being the latest
 * @param since when the latest started
 * @param streak how many primaries in a row died soon after their start
 * @param cause why the latest was started, in words
 * @param shuttingDown whether all processes are to be stopped and stay so; a monitor that takes
 *     over continues the shutdown
 * @param ended whether the monitors exited in order, with nothing left to take over
 * @param reloading whether a configuration was accepted that not all processes follow yet
 * @param configuration the path of the file whose copy is kept beside this
 */
public record MonitorRecord(
        long runs,
        Ticks since,
        int streak,
        String cause,
        boolean shuttingDown,
        boolean ended,
        boolean reloading,
        String configuration) {
    /** The cause of monitors that do not continue where others were interrupted. */
    public static final String STARTED = "started";

    /** The first of all. */
    public static MonitorRecord first(Ticks now, String configuration) {
        return new MonitorRecord(0, now, 0, STARTED, false, false, false, configuration);
    }

    /**
     * Whether the latest continues where another was interrupted, instead of having been started.
     */
    public boolean goesOn() {
        return !cause.equals(STARTED);
    }

    /** The same monitors, which now follow another configuration. */
    public MonitorRecord following(String file) {
        return new MonitorRecord(runs, since, streak, cause, shuttingDown, ended, reloading, file);
    }

    /** The monitors after a command to start, whatever happened before. */
    public MonitorRecord begunAnew(Ticks now, String why) {
        return new MonitorRecord(
                runs, now, 0, why, shuttingDown && !ended, false, reloading, configuration);
    }

    /** The monitors after the exit of a primary. */
    public MonitorRecord after(int deaths, String why) {
        return new MonitorRecord(
                runs, since, deaths, why, shuttingDown, ended, reloading, configuration);
    }

    /** The next primary. */
    public MonitorRecord next(Ticks now) {
        return new MonitorRecord(
                runs + 1, now, streak, cause, shuttingDown, false, reloading, configuration);
    }

    /** A configuration is accepted before all processes follow it, and then they do. */
    MonitorRecord withReload(boolean underWay) {
        return new MonitorRecord(
                runs, since, streak, cause, shuttingDown, ended, underWay, configuration);
    }

    /** While this holds, nothing may be started. */
    MonitorRecord withShutdown() {
        return new MonitorRecord(runs, since, streak, cause, true, ended, reloading, configuration);
    }

    /** With nothing left to take over. */
    public MonitorRecord withEnd() {
        return new MonitorRecord(runs, since, streak, cause, true, true, false, configuration);
    }
}
