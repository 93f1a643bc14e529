package org.procmon.hooks;

import java.util.Optional;
import org.procmon.chronicle.Happening;
import org.procmon.chronicle.Recorder;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Supervised;
import org.procmon.lifecycle.Tally;
import org.procmon.spec.Hook;
import org.procmon.supervise.ProcessView;
import org.procmon.supervise.Wording;

/**
 * A run that has ended badly without being asked to end, or a start that has failed.
 *
 * @param event what has happened
 * @param view the process right after that
 * @param hook what is to be run
 */
record Failure(Happening.Changed event, ProcessView view, Hook hook) {
    /** What a change comes to; empty if it is no failure, or nothing is to be run for it. */
    static Optional<Failure> of(Supervised before, ProcessView after) {
        Optional<Hook> hook = after.spec().hooks().onFailure();
        if (hook.isEmpty() || before.state().phase() == after.process().state().phase()) {
            return Optional.empty();
        }
        Optional<Happening.Changed> event =
                switch (after.process().state().phase()) {
                    case FAILED -> Optional.of(Recorder.happening(before, after));
                    case BACKOFF ->
                            endedBadly(after)
                                    ? Optional.of(Recorder.happening(before, after))
                                    : Optional.empty();
                    case WAITING ->
                            endedByItself(before) && endedBadly(after)
                                    ? Optional.of(restart(before, after))
                                    : Optional.empty();
                    case STOPPED, STARTING, RUNNING, STOPPING, COMPLETED -> Optional.empty();
                };
        return event.map(what -> new Failure(what, after, hook.get()));
    }

    private static boolean endedByItself(Supervised process) {
        return process.state() instanceof Stopping s
                && (s.why() == StopReason.ENDED || s.why().isFailure());
    }

    /** What it is about is the end that was, not the start that is next. */
    private static Happening.Changed restart(Supervised before, ProcessView after) {
        Tally tally = after.process().tally();
        return new Happening.Changed(
                after.name(),
                before.state().phase(),
                Phase.WAITING,
                Wording.ended(tally) + "; restart at once",
                tally.lastPid(),
                tally.runs(),
                tally.lastExit().map(RunExit::status));
    }

    private static boolean endedBadly(ProcessView view) {
        Tally tally = view.process().tally();
        return tally.lastError().isPresent()
                || tally.lastExit()
                        .filter(exit -> !exit.status().isSuccess(view.spec().successExit()))
                        .isPresent();
    }
}
