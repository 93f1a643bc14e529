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
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Supervised;
import org.procmon.lifecycle.Tally;

/** Whether a process is where a command wants it. */
sealed interface Verdict {
    Verdict PENDING = new Pending();
    Verdict REACHED = new Reached();

    /** It may still get there. */
    record Pending() implements Verdict {}

    record Reached() implements Verdict {}

    /** It will not get there by this command. */
    record Missed(String reason) implements Verdict {}

    /**
     * Of a process that is in the table.
     *
     * @param run the number of the first run that will do
     */
    static Verdict of(Pursuit.Aim aim, Supervised process, long run) {
        return switch (aim) {
            case UP ->
                    process.goal() == Goal.UP
                            ? up(process, run)
                            : new Missed("it was stopped by another command");
            case DOWN, GONE -> {
                if (process.goal() == Goal.UP) {
                    yield new Missed("it was started again by another command");
                }
                if (aim == Pursuit.Aim.GONE && process.goal() != Goal.FORGOTTEN) {
                    yield new Missed("the configuration was reloaded, and names it");
                }
                yield aim == Pursuit.Aim.DOWN && process.state() instanceof Stopped
                        ? REACHED
                        : PENDING;
            }
        };
    }

    /** Of a process that has left the table. */
    static Verdict ofGone(Pursuit.Aim aim) {
        return switch (aim) {
            case UP -> new Missed("it is no longer there");
            case DOWN, GONE -> REACHED;
        };
    }

    private static Verdict up(Supervised process, long run) {
        Tally tally = process.tally();
        return switch (process.state()) {
            case Running _, Completed _ -> tally.runs() >= run ? REACHED : PENDING;
            case Backoff _ -> new Missed(Wording.ended(tally));
            case Failed failed ->
                    new Missed(
                            failed.error()
                                    .map(StartError::reason)
                                    .orElseGet(() -> Wording.ended(tally)));
            case Stopping s when s.why() == StopReason.NOT_READY && tally.runs() >= run ->
                    new Missed(Wording.ended(tally));
            case Stopped _, Waiting _, Starting _, Stopping _ -> PENDING;
        };
    }
}
