package org.procmon.supervise.port;

import java.util.List;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;

/**
 * What a monitor begins with.
 *
 * @param spec what is asked for
 * @param attendants the monitor's own programs
 * @param past what an earlier monitor left, the attendants among it; empty for a first one
 * @param orphans what becomes of what still runs though the configuration does not name it
 * @param shuttingDown whether the earlier monitor died in the middle of a shutdown, which is then
 *     completed instead of anything being started
 * @param reloading whether it died after it had accepted a configuration and before all processes
 *     followed it, which is then completed
 */
public record InitialState(
        MonitorSpec spec,
        List<Companion> attendants,
        List<JournalEntry> past,
        OrphanPolicy orphans,
        boolean shuttingDown,
        boolean reloading) {
    public InitialState {
        attendants = List.copyOf(attendants);
        past = List.copyOf(past);
    }

    /** Without a reload to be completed. */
    public InitialState(
            MonitorSpec spec,
            List<Companion> attendants,
            List<JournalEntry> past,
            OrphanPolicy orphans,
            boolean shuttingDown) {
        this(spec, attendants, past, orphans, shuttingDown, false);
    }

    /** Without a past. */
    public static InitialState of(MonitorSpec spec) {
        return new InitialState(spec, List.of(), List.of(), OrphanPolicy.STOP, false, false);
    }
}
