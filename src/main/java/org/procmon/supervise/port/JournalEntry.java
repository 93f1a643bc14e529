package org.procmon.supervise.port;

import java.util.OptionalLong;
import org.procmon.config.Exec;
import org.procmon.config.StopPlan;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.reload.SpecFingerprint;

/**
 * What the next monitor has to know of a process.
 *
 * @param name the process
 * @param exec what runs, also when the configuration no longer says so
 * @param stop how it is asked to end, likewise
 * @param process its goal, state and tally
 * @param intended the number of the run that is just being started; empty otherwise. The process of
 *     that run may be there or not
 * @param begunWith the {@link SpecFingerprint} that its latest run began with; "" if there was no
 *     run, or nothing is known of it
 */
public record JournalEntry(
        String name,
        Exec exec,
        StopPlan stop,
        ProcessStatus process,
        OptionalLong intended,
        String begunWith) {
    /** Of whose run it is not known what it began with. */
    public JournalEntry(
            String name, Exec exec, StopPlan stop, ProcessStatus process, OptionalLong intended) {
        this(name, exec, stop, process, intended, "");
    }

    /** The same, without a start under way. */
    public JournalEntry(String name, Exec exec, StopPlan stop, ProcessStatus process) {
        this(name, exec, stop, process, OptionalLong.empty());
    }
}
