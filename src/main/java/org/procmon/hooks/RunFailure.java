package org.procmon.hooks;

import java.util.Optional;
import org.procmon.config.Hook;
import org.procmon.events.EventRecorder;
import org.procmon.events.MonitorEvent;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StopReason;
import org.procmon.status.ProcessView;
import org.procmon.status.StateText;

/**
 * A run that failed without being stopped, or a start that failed.
 *
 * @param event the event
 * @param view the process right after it
 * @param hook the hook to run
 */
record RunFailure(MonitorEvent.Changed event, ProcessView view, Hook hook) {
    /** The failure in a change; empty if there is none, or no hook to run for it. */
    static Optional<RunFailure> of(ProcessStatus before, ProcessView after) {
        Optional<Hook> hook = after.spec().hooks().onFailure();
        if (hook.isEmpty() || before.state().phase() == after.process().state().phase()) {
            return Optional.empty();
        }
        Optional<MonitorEvent.Changed> event =
                switch (after.process().state().phase()) {
                    case FAILED -> Optional.of(EventRecorder.happening(before, after));
                    case BACKOFF ->
                            endedBadly(after)
                                    ? Optional.of(EventRecorder.happening(before, after))
                                    : Optional.empty();
                    case WAITING ->
                            endedByItself(before) && endedBadly(after)
                                    ? Optional.of(restart(before, after))
                                    : Optional.empty();
                    case STOPPED, STARTING, RUNNING, STOPPING, COMPLETED -> Optional.empty();
                };
        return event.map(what -> new RunFailure(what, after, hook.get()));
    }

    private static boolean endedByItself(ProcessStatus process) {
        return process.state() instanceof Stopping s
                && (s.why() == StopReason.ENDED || s.why().isFailure());
    }

    /** The event describes the exit, not the next start. */
    private static MonitorEvent.Changed restart(ProcessStatus before, ProcessView after) {
        RunCounters runCounters = after.process().tally();
        return new MonitorEvent.Changed(
                after.name(),
                before.state().phase(),
                Phase.WAITING,
                StateText.ended(runCounters) + "; restart at once",
                runCounters.lastPid(),
                runCounters.runs(),
                runCounters.lastExit().map(RunExit::status));
    }

    private static boolean endedBadly(ProcessView view) {
        RunCounters runCounters = view.process().tally();
        return runCounters.lastError().isPresent()
                || runCounters
                        .lastExit()
                        .filter(exit -> !exit.status().isSuccess(view.spec().successExit()))
                        .isPresent();
    }
}
