package org.procmon.lifecycle;

import java.time.Duration;
import java.util.Optional;
import org.procmon.config.GiveUp;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Readiness;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Signal;
import org.procmon.config.StopPlan;
import org.procmon.lifecycle.Effect.Forget;
import org.procmon.lifecycle.Effect.ProbeGroup;
import org.procmon.lifecycle.Effect.SignalGroup;
import org.procmon.lifecycle.Effect.Spawn;
import org.procmon.lifecycle.Effect.StopLeader;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;

/** The state machine of one process. The package documentation has its table. */
public final class Lifecycle {
    /**
     * How long until KILL is repeated. After KILL, a group is empty as soon as the kernel has
     * released it.
     */
    static final Duration KILL_PATIENCE = Duration.ofSeconds(1);

    /**
     * How often a group is checked: the monitor does not see the exit of a process that is not its
     * child.
     */
    static final Duration RECHECK = Duration.ofMillis(100);

    private Lifecycle() {}

    /**
     * The transition for {@code event}. An event that does not fit the state, such as a late exit,
     * changes nothing.
     */
    public static Step step(ProcessSpec spec, ProcessStatus process, Event event, Ticks now) {
        return switch (event) {
            case Event.Start _ -> start(process, now);
            case Event.Stop stop -> {
                // A stop does not cancel a deletion; a configuration that names the process again
                // does.
                boolean forgotten =
                        process.goal() == Goal.FORGOTTEN && stop.why() != StopReason.RECONFIGURED;
                Goal goal = forgotten ? Goal.FORGOTTEN : Goal.DOWN;
                yield stop(process, goal, stop.why(), now);
            }
            case Event.Delete delete -> stop(process, Goal.FORGOTTEN, delete.why(), now);
            case Event.Restart restart -> restart(process, restart.why(), now);
            case Event.ParentRestarted _ ->
                    process.goal() == Goal.UP
                            ? restart(process, StopReason.PARENT_RESTART, now)
                            : Step.to(process);
            case Event.DependenciesMet _ -> dependenciesMet(spec, process, now);
            case Event.DependentsGone _ -> dependentsGone(spec, process, now);
            case Event.Spawned spawned -> spawned(spec, process, spawned, now);
            case Event.ExitedUnobserved _ -> exitedUnobserved(spec, process, now);
            case Event.SpawnFailed failed -> spawnFailed(spec, process, failed.error(), now);
            case Event.LeaderExited exited -> leaderExited(spec, process, exited, now);
            case Event.GroupGone gone -> groupGone(spec, process, gone.run(), now);
            case Event.GroupNotEmpty notEmpty -> groupNotEmpty(spec, process, notEmpty.run(), now);
            case Event.EscapeesFound escapeesFound ->
                    escapeesFound(spec, process, escapeesFound, now);
            case Event.BecameReady ready -> HealthTransitions.becameReady(process, ready.run());
            case Event.Notified notified -> HealthTransitions.notified(process, notified, now);
            case Event.Probed probed -> HealthTransitions.probed(spec, process, probed, now);
            case Event.WatchdogExpired expired ->
                    HealthTransitions.watchdogExpired(spec, process, expired.run(), now);
            case Event.MemoryExceeded memoryExceeded ->
                    HealthTransitions.memoryExceeded(spec, process, memoryExceeded, now);
            case Event.HookEnded ended -> HookTransitions.ended(spec, process, ended, now);
            case Event.DeadlinePassed _ -> deadlinePassed(spec, process, now);
            case Event.ScheduleFired came ->
                    TriggerTransitions.timeCame(spec, process, came.action(), now);
            case Event.FilesChanged _ -> TriggerTransitions.filesChanged(spec, process, now);
            case Event.Refresh _ ->
                    TriggerTransitions.refresh(spec, process, StopReason.RESTART, now);
            case Event.ForceKill _ -> forceKill(spec, process, now);
        };
    }

    /**
     * When {@link Event.DeadlinePassed} is due, unless another event comes first; the one source of
     * all timers.
     */
    public static Optional<Ticks> deadline(ProcessSpec spec, ProcessStatus process) {
        return process.state() instanceof Running running
                ? spec.lifetime().maxRuntime().map(running.since()::plus)
                : process.state().deadline();
    }

    /** Whether its run is over and a queued start of its schedule is due. */
    public static boolean isStartDue(ProcessSpec spec, ProcessStatus process) {
        return TriggerTransitions.isStartDue(spec, process);
    }

    /** Whether a reload signals the present run instead of starting a new one. */
    public static boolean reloadsInPlace(ProcessSpec spec, ProcessStatus process) {
        return spec.triggers().reloadSignal().isPresent()
                && TriggerTransitions.isUp(process.state());
    }

    static Step start(ProcessStatus process, Ticks now) {
        ProcessStatus wanted = process.wanting(Goal.UP);
        return switch (process.state()) {
            case Stopped _, Backoff _, Completed _, Failed _ -> Step.to(afresh(wanted, now));
            case Waiting _, Starting _, Running _ -> Step.to(wanted);
            case Stopping s -> Step.to(wanted.to(s.because(StopReason.RESTART)));
        };
    }

    static Step stop(ProcessStatus process, Goal goal, StopReason why, Ticks now) {
        ProcessStatus wanted = process.with(process.tally().queued(false)).wanting(goal);
        return switch (process.state()) {
            // An operator's stop cancels a later start by a schedule or a reload, or leaves the
            // process to its schedule from now on.
            case Stopped s -> down(wanted, why.isLasting() ? new Stopped(why, s.since()) : s);
            case Waiting w when w.hook().isPresent() ->
                    HookTransitions.cancelling(down(wanted, new Stopped(why, now)));
            case Waiting _, Backoff _, Completed _, Failed _ -> down(wanted, new Stopped(why, now));
            case Starting s -> Step.to(wanted.to(stopping(s.alive(), why, now)));
            case Running s -> Step.to(wanted.to(stopping(s.alive(), why, now)));
            case Stopping s -> {
                // A process stopped by an operator stays stopped after a shutdown; a deletion is
                // undone.
                boolean kept =
                        s.why() == StopReason.OPERATOR
                                && process.goal() != Goal.UP
                                && why != StopReason.RECONFIGURED;
                yield Step.to(wanted.to(kept ? s : s.because(why)));
            }
        };
    }

    static Step restart(ProcessStatus process, StopReason why, Ticks now) {
        ProcessStatus wanted = process.wanting(Goal.UP);
        return switch (process.state()) {
            case Stopped _, Backoff _, Completed _, Failed _ -> Step.to(afresh(wanted, now));
            case Waiting _ -> Step.to(wanted);
            case Starting s -> Step.to(wanted.to(stopping(s.alive(), why, now)));
            case Running s -> Step.to(wanted.to(stopping(s.alive(), why, now)));
            case Stopping s -> Step.to(wanted.to(s.because(why)));
        };
    }

    private static Step dependenciesMet(ProcessSpec spec, ProcessStatus process, Ticks now) {
        if (!(process.state() instanceof Waiting waiting)) {
            return Step.to(process);
        }
        return waiting.preparation().isPresent() || spec.hooks().beforeStart().isPresent()
                ? HookTransitions.start(spec, process, waiting, now)
                : Step.to(process, new Spawn(process.tally().runs() + 1));
    }

    private static Step dependentsGone(ProcessSpec spec, ProcessStatus process, Ticks now) {
        return process.state() instanceof Stopping s && s.sent() == 0 && s.exit().isEmpty()
                ? nextStopStep(spec, process, s, now)
                : Step.to(process);
    }

    private static Step spawned(
            ProcessSpec spec, ProcessStatus process, Event.Spawned spawned, Ticks now) {
        if (!(process.state() instanceof Waiting)) {
            return Step.to(process);
        }
        Run run = new Run(spawned.pid(), spawned.born(), process.tally().runs() + 1, now);
        ProcessStatus started = process.with(process.tally().started(run));
        Duration patience = spec.checks().ready().map(Readiness::timeout).orElse(spec.settle());
        return Step.to(
                started.to(
                        patience.isZero()
                                ? new Running(run)
                                : new Starting(run, now.plus(patience))));
    }

    /** Its pid and exit status are unknown, but the run counts. */
    private static Step exitedUnobserved(ProcessSpec spec, ProcessStatus process, Ticks now) {
        if (!(process.state() instanceof Waiting)) {
            return Step.to(process);
        }
        Run run = new Run(Run.NO_PID, 0, process.tally().runs() + 1, now);
        RunExit exit = new RunExit(run, new ExitStatus.Unknown(), ResourceUsage.NONE, now);
        ProcessStatus ended = process.with(ended(spec, process.tally().started(run), exit));
        return spec.hooks().afterStop().isPresent()
                ? HookTransitions.over(spec, ended, cleared(exit, now), now)
                : endedByItself(spec, ended, exit, StopReason.ENDED, now);
    }

    static Step spawnFailed(ProcessSpec spec, ProcessStatus process, StartError error, Ticks now) {
        if (!(process.state() instanceof Waiting)) {
            return Step.to(process);
        }
        ProcessStatus failed = process.with(process.tally().notStarted(error));
        if (spec.restart() == RestartPolicy.NEVER) {
            return Step.to(failed.to(new Failed(Optional.of(error), now)));
        }
        if (error.lasting()) {
            Optional<Ticks> retry = spec.giveUp().flatMap(GiveUp::retryAfter).map(now::plus);
            return Step.to(failed.to(new Failed(Optional.of(error), retry, now)));
        }
        int streak = Math.max(1, failed.tally().streak());
        Duration delay = delay(spec, failed, streak);
        Duration pause = longer(delay, RestartDelay.AFTER_SPAWN_FAILURE);
        return again(spec, failed, streak, pause, now);
    }

    private static Step leaderExited(
            ProcessSpec spec, ProcessStatus process, Event.LeaderExited exited, Ticks now) {
        Optional<Run> run = process.state().run().filter(r -> r.number() == exited.run());
        if (run.isEmpty()) {
            return Step.to(process);
        }
        RunExit exit = new RunExit(run.get(), exited.status(), exited.usage(), now);
        ProcessStatus ended = process.with(ended(spec, process.tally(), exit));
        if (process.state() instanceof Stopping s) {
            return Step.to(ended.to(s.leaderEnded(exit)), new ProbeGroup(run.get()));
        }
        if (spec.restart() == RestartPolicy.NEVER) {
            return spec.hooks().afterStop().isPresent()
                    ? HookTransitions.over(spec, ended, cleared(exit, now), now)
                    : endedByItself(spec, ended, exit, StopReason.ENDED, now);
        }
        return Step.to(ended.to(cleared(exit, now)), new ProbeGroup(run.get()));
    }

    private static Stopping cleared(RunExit exit, Ticks now) {
        return stopping(exit.run(), StopReason.ENDED, now).leaderEnded(exit);
    }

    private static RunCounters ended(ProcessSpec spec, RunCounters runCounters, RunExit exit) {
        RunCounters ended = runCounters.ended(exit);
        return spec.triggers().schedule().isPresent() ? ended.noted(exit) : ended;
    }

    private static Step groupGone(ProcessSpec spec, ProcessStatus process, long run, Ticks now) {
        if (!(process.state() instanceof Stopping s) || !s.isWithoutLeader(run)) {
            return Step.to(process);
        }
        return spec.hooks().afterStop().isPresent()
                ? HookTransitions.over(spec, process, s, now)
                : over(spec, process, s, now);
    }

    /** What follows when nothing relevant is left of a run and its hook is done. */
    static Step over(ProcessSpec spec, ProcessStatus process, Stopping s, Ticks now) {
        boolean byItself = s.why() == StopReason.ENDED || s.why().isFailure();
        return switch (process.goal()) {
            case DOWN, FORGOTTEN -> down(process, new Stopped(s.why(), now));
            case UP ->
                    byItself && s.exit().isPresent()
                            ? endedByItself(spec, process, s.exit().get(), s.why(), now)
                            : Step.to(afresh(process, now));
        };
    }

    private static Step groupNotEmpty(
            ProcessSpec spec, ProcessStatus process, long run, Ticks now) {
        if (!(process.state() instanceof Stopping s) || !s.isWithoutLeader(run)) {
            return Step.to(process);
        }
        if (HookTransitions.isLeftAlone(spec, s)) {
            return HookTransitions.over(spec, process, s, now);
        }
        Stopping watched = s.recheckAt(now.plus(RECHECK));
        // Processes that remain after the first one get no further signal but KILL.
        boolean isAbandoned =
                spec.stop().to() == StopPlan.Target.MAIN && s.sent() < exhausted(spec);
        return s.sent() == 0 || isAbandoned
                ? nextStopStep(spec, process, watched, now)
                : Step.to(process.to(watched));
    }

    /**
     * Kills the processes outside of the group, last and without a stop plan: no signal asked them
     * to stop.
     */
    private static Step escapeesFound(
            ProcessSpec spec, ProcessStatus process, Event.EscapeesFound escapeesFound, Ticks now) {
        if (!(process.state() instanceof Stopping s) || !s.isWithoutLeader(escapeesFound.run())) {
            return Step.to(process);
        }
        if (HookTransitions.isLeftAlone(spec, s)) {
            return HookTransitions.over(spec, process, s, now);
        }
        RunHealth runHealth = process.vitals().outlivedBy(String.join(", ", escapeesFound.names()));
        Stopping watched = s.sent(exhausted(spec), now.plus(KILL_PATIENCE));
        return Step.to(
                process.with(runHealth).to(watched.recheckAt(now.plus(RECHECK))),
                new Effect.KillSurvivors(s.alive()));
    }

    private static Step deadlinePassed(ProcessSpec spec, ProcessStatus process, Ticks now) {
        boolean reached = deadline(spec, process).filter(now::hasReached).isPresent();
        if (!reached) {
            return Step.to(process);
        }
        return switch (process.state()) {
            case Starting s ->
                    spec.checks().ready().isPresent()
                            ? HealthTransitions.notReady(spec, process, s, now)
                            : Step.to(process.to(new Running(s.alive())));
            case Backoff _ -> Step.to(process.to(new Waiting(now)));
            case Stopping s when s.hook().isPresent() ->
                    HookTransitions.overdue(spec, process, now);
            case Stopping s when now.hasReached(s.patience()) ->
                    nextStopStep(spec, process, s.recheckAt(now.plus(RECHECK)), now);
            case Stopping s ->
                    Step.to(process.to(s.recheckAt(now.plus(RECHECK))), new ProbeGroup(s.alive()));
            case Failed _ -> Step.to(afresh(process, now));
            case Running s -> HealthTransitions.ranTooLong(spec, process, s.alive(), now);
            case Waiting _ -> HookTransitions.overdue(spec, process, now);
            case Stopped _, Completed _ -> Step.to(process);
        };
    }

    private static Step forceKill(ProcessSpec spec, ProcessStatus process, Ticks now) {
        if (!(process.state() instanceof Stopping s)) {
            return Step.to(process);
        }
        return s.hook().isPresent()
                ? HookTransitions.cancelling(over(spec, process, s, now))
                : kill(spec, process, s, now);
    }

    /** Sends the next signal of the stop plan, and KILL when the plan is exhausted. */
    private static Step nextStopStep(
            ProcessSpec spec, ProcessStatus process, Stopping stopping, Ticks now) {
        boolean toMain = spec.stop().to() == StopPlan.Target.MAIN;
        if (stopping.sent() >= spec.stop().steps().size()
                || (toMain && stopping.exit().isPresent())) {
            return kill(spec, process, stopping, now);
        }
        StopPlan.Step step = spec.stop().steps().get(stopping.sent());
        Run run = stopping.alive();
        ProcessStatus next =
                process.to(stopping.sent(stopping.sent() + 1, now.plus(step.timeout())));
        boolean isKill = step.signal() == Signal.KILL;
        // A process suspended by job control sees the signal only when it continues.
        return toMain && !isKill
                ? Step.to(
                        next, new StopLeader(run, step.signal()), new StopLeader(run, Signal.CONT))
                : Step.to(
                        next,
                        new SignalGroup(run, step.signal()),
                        new SignalGroup(run, Signal.CONT));
    }

    private static Step kill(
            ProcessSpec spec, ProcessStatus process, Stopping stopping, Ticks now) {
        return Step.to(
                process.to(stopping.sent(exhausted(spec), now.plus(KILL_PATIENCE))),
                new SignalGroup(stopping.alive(), Signal.KILL));
    }

    /** The number of sent steps once KILL was sent, which ends every plan. */
    private static int exhausted(ProcessSpec spec) {
        return spec.stop().steps().size() + 1;
    }

    /** Decides what follows a run that no command stopped. */
    private static Step endedByItself(
            ProcessSpec spec, ProcessStatus process, RunExit exit, StopReason why, Ticks now) {
        boolean success = !why.isFailure() && exit.status().isSuccess(spec.successExit());
        boolean again =
                switch (spec.restart()) {
                    case ALWAYS -> true;
                    case ON_FAILURE -> !success;
                    case NEVER -> false;
                };
        if (!again) {
            return Step.to(
                    process.to(
                            success
                                    ? new Completed(now)
                                    : new Failed(process.tally().lastError(), now)));
        }
        // It was never ready, so the wait does not count as a long run.
        boolean lasted =
                why != StopReason.NOT_READY
                        && exit.ran().compareTo(spec.backoff().resetAfter()) >= 0;
        int streak = lasted ? 0 : process.tally().streak();
        return again(spec, process, streak, delay(spec, process, streak), now);
    }

    /** Restarts after a delay, unless there were too many restarts lately. */
    private static Step again(
            ProcessSpec spec, ProcessStatus process, int streak, Duration delay, Ticks now) {
        if (spec.giveUp().isEmpty()) {
            return Step.to(backOff(process, streak, delay, now));
        }
        GiveUp limit = spec.giveUp().get();
        ProcessStatus counted = process.with(process.tally().restarted(now, limit.period()));
        if (counted.tally().restarts().size() <= limit.restarts()) {
            return Step.to(backOff(counted, streak, delay, now));
        }
        Optional<Ticks> retry = limit.retryAfter().map(now::plus);
        return Step.to(counted.to(new Failed(process.tally().lastError(), retry, now)));
    }

    private static ProcessStatus backOff(
            ProcessStatus process, int streak, Duration delay, Ticks now) {
        ProcessStatus counted = process.with(process.tally().withStreak(streak + 1));
        return counted.to(
                delay.isZero() ? new Waiting(now) : new Backoff(streak, now.plus(delay), now));
    }

    private static Duration delay(ProcessSpec spec, ProcessStatus process, int streak) {
        long seed = spec.id().hashCode() * 31L + process.tally().runs() * 1_000_003L + streak;
        return spec.restartDelay().plus(RestartDelay.of(spec.backoff(), streak, seed));
    }

    private static ProcessStatus afresh(ProcessStatus process, Ticks now) {
        return process.with(process.tally().afresh()).to(new Waiting(now));
    }

    static Stopping stopping(Run run, StopReason why, Ticks now) {
        return new Stopping(run, why, 0, now, Optional.empty(), now, now);
    }

    private static Step down(ProcessStatus process, Stopped stopped) {
        ProcessStatus next = process.to(stopped);
        return process.goal() == Goal.FORGOTTEN ? Step.to(next, new Forget()) : Step.to(next);
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
