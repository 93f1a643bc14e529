package org.procmon.journal;

import java.util.List;
import java.util.Optional;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RecentRuns;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.port.JournalEntry;

/**
 * What a record of another boot, or of another pid namespace, still says: nothing of it runs, and
 * no pid in it may be signalled, but the counters continue; and what an operator stopped or deleted
 * stays so if the configuration keeps decisions across boots.
 */
final class PreviousBoot {
    private final BootTime then;
    private final BootTime now;
    private final boolean keepsDecisions;

    PreviousBoot(BootTime then, BootTime now, boolean keepsDecisions) {
        this.then = then;
        this.now = now;
        this.keepsDecisions = keepsDecisions;
    }

    /** Empty if a configuration removed it; it is down by now. */
    Optional<JournalEntry> survivingPart(JournalEntry journalEntry) {
        ProcessStatus process = journalEntry.process();
        if (process.isRemoved()) {
            return Optional.empty();
        }
        boolean deleted = process.goal() == Goal.FORGOTTEN;
        Stopped down =
                keepsDecisions && (deleted || isStoppedByOperator(process))
                        ? new Stopped(StopReason.OPERATOR, shift(process.state().since()))
                        : new Stopped(StopReason.NEVER_STARTED, now.ticks());
        RunCounters runCounters = process.tally();
        RunCounters counts =
                new RunCounters(
                        runCounters.runs(),
                        runCounters.lastPid(),
                        runCounters.lastExit().map(this::shift),
                        Optional.empty(),
                        0,
                        List.of(),
                        new RecentRuns(
                                runCounters.diary().runs().stream().map(this::shift).toList(),
                                runCounters.diary().skipped()));
        return Optional.of(
                new JournalEntry(
                        journalEntry.name(),
                        journalEntry.exec(),
                        journalEntry.stop(),
                        new ProcessStatus(
                                keepsDecisions && deleted ? Goal.FORGOTTEN : Goal.DOWN,
                                down,
                                counts)));
    }

    private static boolean isStoppedByOperator(ProcessStatus process) {
        return process.goal() == Goal.DOWN && isByOperator(process.state());
    }

    private static boolean isByOperator(ProcessState state) {
        return switch (state) {
            case Stopped s -> s.why() == StopReason.OPERATOR;
            case Stopping s -> s.why() == StopReason.OPERATOR;
            case ProcessState.Waiting _,
                    ProcessState.Starting _,
                    ProcessState.Running _,
                    ProcessState.Backoff _,
                    ProcessState.Completed _,
                    ProcessState.Failed _ ->
                    false;
        };
    }

    private RunExit shift(RunExit exit) {
        Run run = exit.run();
        return new RunExit(
                new Run(run.pid(), run.born(), run.number(), shift(run.started())),
                exit.status(),
                exit.usage(),
                shift(exit.at()));
    }

    private Ticks shift(Ticks ticks) {
        return then.seenFrom(now, ticks);
    }
}
