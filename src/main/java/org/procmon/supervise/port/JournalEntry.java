package org.procmon.supervise.port;

import java.util.OptionalLong;
import org.procmon.config.Exec;
import org.procmon.config.StopPlan;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.reload.plan.SpecFingerprint;

/**
 * What the next monitor has to know of a process.
 *
 * @param name the process
 * @param exec the running program, also when the configuration no longer names it
 * @param stop its stop plan, likewise
 * @param process its goal, state and counters
 * @param intended the number of the run that is just being started; empty otherwise. The process of
 *     that run may exist or not
 * @param startedWith the {@link SpecFingerprint} that its latest run started with; "" if there was
 *     no run, or it is unknown
 */
public record JournalEntry(
        String name,
        Exec exec,
        StopPlan stop,
        ProcessStatus process,
        OptionalLong intended,
        String startedWith) {
    /** The fingerprint of a run if it is unknown. */
    public JournalEntry(
            String name, Exec exec, StopPlan stop, ProcessStatus process, OptionalLong intended) {
        this(name, exec, stop, process, intended, "");
    }

    /** The same, without a start in progress. */
    public JournalEntry(String name, Exec exec, StopPlan stop, ProcessStatus process) {
        this(name, exec, stop, process, OptionalLong.empty());
    }
}
