package org.procmon.lifecycle;

import java.util.Optional;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Schedule;
import org.procmon.config.Signal;
import org.procmon.lifecycle.Effect.SignalLeader;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;

/**
 * The transitions for a time of the schedule, a change of a watched file, and a reload. Only a
 * reload starts a process that is wanted down.
 */
final class TriggerTransitions {
    private TriggerTransitions() {}

    static Step timeCame(
            ProcessSpec spec, ProcessStatus process, Schedule.Action action, Ticks now) {
        return switch (action) {
            case START -> start(spec, process, now);
            case STOP ->
                    process.goal() == Goal.UP && !isOver(process.state())
                            ? Lifecycle.stop(process, Goal.DOWN, StopReason.SCHEDULE, now)
                            : Step.to(process);
            case RESTART ->
                    isUp(process.state())
                            ? Lifecycle.restart(process, StopReason.SCHEDULE, now)
                            : Step.to(process);
        };
    }

    private static Step start(ProcessSpec spec, ProcessStatus process, Ticks now) {
        if (process.isHeldDown()) {
            return Step.to(process);
        }
        return switch (process.state()) {
            case Stopped s ->
                    s.why() == StopReason.SKIPPED
                            ? Step.to(process)
                            : Lifecycle.start(process, now);
            case Completed _, Failed _ -> Lifecycle.start(process, now);
            case Waiting _, Backoff _ -> Step.to(process);
            case Starting _, Running _ -> overlap(spec, process, now);
            case Stopping _ ->
                    process.goal() == Goal.UP
                            ? overlap(spec, process, now)
                            : Lifecycle.start(process, now);
        };
    }

    /** A process that is kept up should be up already. */
    private static Step overlap(ProcessSpec spec, ProcessStatus process, Ticks now) {
        Optional<Schedule> schedule = spec.triggers().schedule();
        boolean isJob = spec.restart() == RestartPolicy.NEVER;
        if (schedule.isEmpty() || (!isJob && schedule.get().isWindow())) {
            return Step.to(process);
        }
        boolean ends = isJob || spec.restart() == RestartPolicy.ON_FAILURE;
        return switch (schedule.get().overlap()) {
            case SKIP -> Step.to(ends ? process.with(process.tally().skipped()) : process);
            case QUEUE -> Step.to(ends ? process.with(process.tally().queued(true)) : process);
            case REPLACE -> Lifecycle.restart(process, StopReason.SCHEDULE, now);
        };
    }

    /** Whether its run is over and a queued start is due. */
    static boolean isStartDue(ProcessSpec spec, ProcessStatus process) {
        return process.tally().diary().queued()
                && process.goal() == Goal.UP
                && (process.state() instanceof Completed || process.state() instanceof Failed)
                && spec.triggers().schedule().map(Schedule::overlap).stream()
                        .anyMatch(overlap -> overlap == Schedule.Overlap.QUEUE);
    }

    static Step filesChanged(ProcessSpec spec, ProcessStatus process, Ticks now) {
        if (process.goal() != Goal.UP) {
            return Step.to(process);
        }
        return switch (process.state()) {
            case Starting _, Running _ -> refresh(spec, process, StopReason.WATCH, now);
            case Backoff _ -> Lifecycle.restart(process, StopReason.WATCH, now);
            case Failed _ ->
                    spec.restart() == RestartPolicy.NEVER
                            ? Step.to(process)
                            : Lifecycle.restart(process, StopReason.WATCH, now);
            case Completed _, Stopped _, Waiting _, Stopping _ -> Step.to(process);
        };
    }

    static Step refresh(ProcessSpec spec, ProcessStatus process, StopReason why, Ticks now) {
        Optional<Signal> signal = spec.triggers().reloadSignal();
        Optional<Run> run = process.state().run();
        return signal.isPresent() && run.isPresent() && isUp(process.state())
                ? Step.to(process, new SignalLeader(run.get(), signal.get()))
                : Lifecycle.restart(process, why, now);
    }

    static boolean isUp(ProcessState state) {
        return switch (state) {
            case Starting _, Running _ -> true;
            case Stopped _, Waiting _, Stopping _, Backoff _, Completed _, Failed _ -> false;
        };
    }

    /** A stop would only hide the result of a process that is done. */
    private static boolean isOver(ProcessState state) {
        return switch (state) {
            case Completed _ -> true;
            case Failed failed -> failed.retry().isEmpty();
            case Stopped _, Waiting _, Starting _, Running _, Stopping _, Backoff _ -> false;
        };
    }
}
