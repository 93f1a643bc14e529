package org.procmon.app;

import org.procmon.config.MonitorSpec;
import org.procmon.journal.MonitorRecord;
import org.procmon.launch.AdoptionWarmup;
import org.procmon.pair.Handover;
import org.procmon.pair.MonitorContext;
import org.procmon.pair.StateStore;

/**
 * What a primary starts with.
 *
 * @param adoptionWarmup what this process has already read
 * @param record what the monitors know of this primary
 * @param shutdownAsked whether a signal to this process has requested a shutdown
 * @param bugs ends this process when one of its threads fails
 */
record PrimaryStart(
        MonitorContext monitorContext,
        StateStore stateStore,
        AdoptionWarmup adoptionWarmup,
        Handover handover,
        Reason reason,
        MonitorRecord record,
        boolean shutdownAsked,
        Thread.UncaughtExceptionHandler bugs) {

    /** How this process became the primary. */
    enum Reason {
        /** By a user's command: what other monitors left may be of another version. */
        BY_COMMAND("began"),
        /**
         * Started by the backup, perhaps with another configuration than before, or by a primary
         * that had to make its state directory again.
         */
        BY_MONITOR("started"),
        /** As the former backup. */
        TAKEOVER("took over");

        final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    MonitorSpec spec() {
        return handover.spec();
    }

    /** Whether this monitor only completes a shutdown. */
    boolean endsAtOnce() {
        return record.shuttingDown() || shutdownAsked;
    }

    /** Whether it was the backup, so that clients wait for it. */
    boolean isTakeover() {
        return reason == Reason.TAKEOVER;
    }
}
