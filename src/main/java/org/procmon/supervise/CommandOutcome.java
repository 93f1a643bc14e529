package org.procmon.supervise;

import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.status.StateText;

/** Whether a process is where a command wants it. */
sealed interface CommandOutcome {
    CommandOutcome PENDING = new Pending();
    CommandOutcome REACHED = new Reached();

    /** It may still reach that state. */
    record Pending() implements CommandOutcome {}

    record Reached() implements CommandOutcome {}

    /** It will not reach that state by this command. */
    record Missed(String reason) implements CommandOutcome {}

    /**
     * The outcome for a process in the table.
     *
     * @param run the number of the first run that counts
     */
    static CommandOutcome of(PendingCommand.Target target, ProcessStatus process, long run) {
        return switch (target) {
            case UP ->
                    process.goal() == Goal.UP
                            ? up(process, run)
                            : new Missed("it was stopped by another command");
            case DOWN, GONE -> {
                if (process.goal() == Goal.UP) {
                    yield new Missed("it was started again by another command");
                }
                if (target == PendingCommand.Target.GONE && process.goal() != Goal.FORGOTTEN) {
                    yield new Missed("the configuration was reloaded, and names it");
                }
                yield target == PendingCommand.Target.DOWN && process.state() instanceof Stopped
                        ? REACHED
                        : PENDING;
            }
        };
    }

    /** The outcome for a process that has left the table. */
    static CommandOutcome ofGone(PendingCommand.Target target) {
        return switch (target) {
            case UP -> new Missed("it is no longer there");
            case DOWN, GONE -> REACHED;
        };
    }

    private static CommandOutcome up(ProcessStatus process, long run) {
        RunCounters runCounters = process.tally();
        return switch (process.state()) {
            case Running _, Completed _ -> runCounters.runs() >= run ? REACHED : PENDING;
            case Backoff _ -> new Missed(StateText.ended(runCounters));
            case Failed failed ->
                    new Missed(
                            failed.error()
                                    .map(StartError::reason)
                                    .orElseGet(() -> StateText.ended(runCounters)));
            case Stopping s when s.why() == StopReason.NOT_READY && runCounters.runs() >= run ->
                    new Missed(StateText.ended(runCounters));
            case Stopped _, Waiting _, Starting _, Stopping _ -> PENDING;
        };
    }
}
