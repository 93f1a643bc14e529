package org.procmon.supervise.port;

import java.util.List;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;

/**
 * What a monitor starts with.
 *
 * @param spec the configuration
 * @param companions the monitor's own programs
 * @param past the journal of an earlier monitor, its own programs included; empty for a first one
 * @param orphans what to do with processes that still run though they are not configured
 * @param shuttingDown whether the earlier monitor died during a shutdown; this one then completes
 *     it and starts nothing
 * @param reloading whether the earlier monitor died after it had accepted a configuration and
 *     before all processes followed it; this one then completes that reload
 */
public record InitialState(
        MonitorSpec spec,
        List<Companion> companions,
        List<JournalEntry> past,
        OrphanPolicy orphans,
        boolean shuttingDown,
        boolean reloading) {
    public InitialState {
        companions = List.copyOf(companions);
        past = List.copyOf(past);
    }

    /** Without a reload to complete. */
    public InitialState(
            MonitorSpec spec,
            List<Companion> companions,
            List<JournalEntry> past,
            OrphanPolicy orphans,
            boolean shuttingDown) {
        this(spec, companions, past, orphans, shuttingDown, false);
    }

    /** Without an earlier monitor. */
    public static InitialState of(MonitorSpec spec) {
        return new InitialState(spec, List.of(), List.of(), OrphanPolicy.STOP, false, false);
    }
}
