package org.procmon.journal;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.lifecycle.Diary;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Supervised;
import org.procmon.lifecycle.Tally;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.Kept;

/**
 * What a record of another boot, or of another pid namespace, still tells: nothing of it runs, and
 * no pid in it is to be signalled, but what an operator stopped stays stopped, and the counts go
 * on.
 */
final class OtherBoot {
    private final Stamp then;
    private final Stamp now;

    OtherBoot(Stamp then, Stamp now) {
        this.then = then;
        this.now = now;
    }

    /** Empty if it was to be forgotten once it was down, which it now is. */
    Optional<Kept> survivingPart(Kept kept) {
        Supervised process = kept.process();
        if (process.goal() == Goal.FORGOTTEN) {
            return Optional.empty();
        }
        Stopped down =
                process.goal() == Goal.DOWN && isByOperator(process.state())
                        ? new Stopped(StopReason.OPERATOR, shift(process.state().since()))
                        : new Stopped(StopReason.NEVER_STARTED, now.ticks());
        Tally tally = process.tally();
        Tally counts =
                new Tally(
                        tally.runs(),
                        tally.lastPid(),
                        tally.lastExit().map(this::shift),
                        Optional.empty(),
                        0,
                        List.of(),
                        new Diary(
                                tally.diary().runs().stream().map(this::shift).toList(),
                                tally.diary().skipped()));
        return Optional.of(
                new Kept(
                        kept.name(),
                        kept.exec(),
                        kept.stop(),
                        new Supervised(Goal.DOWN, down, counts),
                        OptionalLong.empty()));
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
