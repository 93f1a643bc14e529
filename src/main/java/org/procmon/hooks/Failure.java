package org.procmon.hooks;

import java.util.Optional;
import org.procmon.chronicle.Happening;
import org.procmon.chronicle.Recorder;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.Supervised;
import org.procmon.lifecycle.Tally;
import org.procmon.spec.Hook;
import org.procmon.supervise.ProcessView;

/**
 * A process that has failed and is down, for good or for a while.
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
        Phase phase = after.process().state().phase();
        boolean failed = phase == Phase.FAILED || (phase == Phase.BACKOFF && endedBadly(after));
        return failed
                ? Optional.of(new Failure(Recorder.happening(before, after), after, hook.get()))
                : Optional.empty();
    }

    private static boolean endedBadly(ProcessView view) {
        Tally tally = view.process().tally();
        return tally.lastError().isPresent()
                || tally.lastExit()
                        .filter(exit -> !exit.status().isSuccess(view.spec().successExit()))
                        .isPresent();
    }
}
