package org.procmon.status;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.procmon.config.GiveUp;
import org.procmon.config.Readiness;
import org.procmon.config.RestartPolicy;
import org.procmon.config.StopPlan;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.HookKind;
import org.procmon.lifecycle.HookRun;
import org.procmon.lifecycle.Lifecycle;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.RunHealth;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;

/** States in words, for people. */
public final class StateText {
    private StateText() {}

    /** Why a process is in the state it is in. */
    public static String cause(ProcessView view) {
        return view.orphan() && !isRemoved(view)
                ? ofState(view) + "; it is no longer in the configuration"
                : ofState(view);
    }

    /** The same, and while it stops, the latest signal that it was sent. */
    public static String causeAndSignal(ProcessView view) {
        if (!(view.process().state() instanceof Stopping s)
                || s.sent() == 0
                || s.hook().isPresent()
                || s.exit().isPresent()) {
            return cause(view);
        }
        List<StopPlan.Step> steps = view.spec().stop().steps();
        String signal = s.sent() <= steps.size() ? steps.get(s.sent() - 1).signal().word() : "KILL";
        return cause(view) + ", " + signal + " sent";
    }

    /** Whether the text of its state says already that it is not configured. */
    private static boolean isRemoved(ProcessView view) {
        return view.process().state() instanceof Stopping s && s.why() == StopReason.REMOVED;
    }

    private static String ofState(ProcessView view) {
        RunCounters runCounters = view.process().tally();
        return switch (view.process().state()) {
            case Stopped s -> stopped(s.why(), view);
            case Waiting s when s.hook().isPresent() ->
                    "waits for its hook " + HookKind.BEFORE_START.key();
            case Waiting _ ->
                    view.waitsFor().isEmpty()
                            ? view.inLine()
                                    ? "waits for its turn, by start_budget"
                                    : "about to start"
                            : "waits for " + WaitReasons.names(view);
            case Starting _ -> starting(view);
            case Running s ->
                    (s.alive().number() == 1
                                    ? "started"
                                    : "run " + s.alive().number() + before(runCounters))
                            + shown(view);
            case Stopping s -> stopping(s, view);
            case Backoff s ->
                    "%s; restart %d in a row, delayed by %s"
                            .formatted(
                                    ended(runCounters),
                                    s.attempt() + 1,
                                    duration(s.until().since(s.since())));
            case Completed _ -> ended(runCounters);
            case Failed s -> failed(s, view);
        };
    }

    /** The next automatic transition and its time; empty if there is none. */
    public static Optional<Next> next(ProcessView view) {
        return switch (view.process().state()) {
            case Starting s ->
                    s.deadline()
                            .map(at ->
                                    new Next(
                                            view.spec().checks().ready().isPresent()
                                                    ? "stop unless ready"
                                                    : "running",
                                            at));
            case Waiting s -> next(s.hook(), HookKind.BEFORE_START);
            case Stopping s when s.hook().isPresent() -> next(s.hook(), HookKind.AFTER_STOP);
            case Backoff s -> Optional.of(new Next("restart", s.until()));
            case Stopping s when s.sent() > 0 ->
                    s.nextStep().map(at -> new Next(nextStop(s, view), at));
            case Failed s -> s.retry().map(at -> new Next("restart", at));
            case Running _ ->
                    Lifecycle.deadline(view.spec(), view.process())
                            .map(at -> new Next(isJob(view) ? "stop unless done" : "restart", at));
            case Stopping _, Stopped _, Completed _ -> Optional.empty();
        };
    }

    private static Optional<Next> next(Optional<HookRun> hook, HookKind kind) {
        return hook.flatMap(HookRun::deadline)
                .map(at -> new Next("end of its hook " + kind.key(), at));
    }

    /**
     * An automatic transition.
     *
     * @param what in a word or two
     * @param at when
     */
    public record Next(String what, Ticks at) {}

    /**
     * A duration for people, to the millisecond when short: {@code 12 ms}, {@code 1.5 s}, {@code 3
     * h 2 min}.
     */
    public static String duration(Duration d) {
        long millis = d.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return millis / 1000 + "." + millis % 1000 / 100 + " s";
        }
        long minutes = d.toMinutes();
        return minutes < 60 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
    }

    /** The next signal to what is left of it. */
    static String nextStop(Stopping s, ProcessView view) {
        StopPlan plan = view.spec().stop();
        List<StopPlan.Step> steps = plan.steps();
        if (plan.to() == StopPlan.Target.MAIN && s.exit().isPresent()) {
            return "KILL";
        }
        return s.sent() < steps.size() ? steps.get(s.sent()).signal().word() : "KILL";
    }

    private static String stopped(StopReason why, ProcessView view) {
        return switch (why) {
            case NEVER_STARTED ->
                    !view.spec().triggers().startsByTime()
                            ? "never started"
                            : view.process().tally().runs() == 0
                                    ? "not started yet, that is left to its schedule"
                                    : "left to its schedule";
            case SKIPPED -> "skipped by the configuration";
            case OPERATOR ->
                    view.spec().triggers().schedule().isPresent()
                            ? "stopped by a command, which pauses its schedule"
                            : "stopped by a command";
            case SHUTDOWN -> "stopped by the shutdown";
            case REMOVED -> "no longer in the configuration";
            case RETIRED -> "not needed by its pool";
            case SCHEDULE -> "stopped by its schedule";
            case RESTART,
                    PARENT_RESTART,
                    RECONFIGURED,
                    NOT_READY,
                    UNHEALTHY,
                    WATCHDOG,
                    MAX_RUNTIME,
                    OVERDUE,
                    MEMORY,
                    WATCH,
                    ENDED ->
                    "stopped";
        };
    }

    private static String starting(ProcessView view) {
        Optional<Readiness> ready = view.spec().checks().ready();
        if (ready.isEmpty()) {
            return "started, given time to settle";
        }
        String found = view.process().vitals().health().complaint();
        return "started, not ready before "
                + WaitReasons.sign(ready.get().sign())
                + (found.isEmpty() ? "" : ": " + found);
    }

    /** Details of a run that is up, after a comma; empty if there are none. */
    private static String shown(ProcessView view) {
        RunHealth runHealth = view.process().vitals();
        String condition =
                switch (runHealth.condition()) {
                    case NORMAL -> "";
                    case RELOADING -> ", reloading";
                    case LEAVING -> ", about to exit by itself";
                };
        RunHealth.Health health = runHealth.health();
        // A reload may have removed the probe since the last one.
        boolean isAsked = view.spec().checks().health().isPresent();
        if (!isAsked || health.complaint().isEmpty()) {
            return condition;
        }
        return condition
                + (health.isDoubtful() ? ", but " : ", but unhealthy: ")
                + health.complaint();
    }

    private static String stopping(Stopping s, ProcessView view) {
        String why =
                switch (s.why()) {
                    case OPERATOR -> "stops because of a command";
                    case SHUTDOWN -> "stops because the monitor shuts down";
                    case RESTART -> "restarts because of a command";
                    case PARENT_RESTART ->
                            "restarts because a process that it depends on was restarted";
                    case RECONFIGURED -> "restarts because its configuration has changed";
                    case REMOVED -> "stops because it is no longer in the configuration";
                    case RETIRED -> "stops because its pool does not need it";
                    case NOT_READY, UNHEALTHY, WATCHDOG, OVERDUE, MEMORY ->
                            "stops: " + ended(view.process().tally());
                    case MAX_RUNTIME -> "restarts because it ran for 'max_runtime'";
                    case SCHEDULE ->
                            view.process().goal() == Goal.UP
                                    ? "restarts because of its schedule"
                                    : "stops because of its schedule";
                    case WATCH -> "restarts because a watched file has changed";
                    case NEVER_STARTED, SKIPPED -> "stops";
                    case ENDED ->
                            s.sent() == 0 || view.process().vitals().survivors().isPresent()
                                    ? ended(view.process().tally())
                                    : ended(view.process().tally())
                                            + ", but left processes in its group";
                };
        if (s.hook().isPresent()) {
            return why + "; its hook " + HookKind.AFTER_STOP.key() + " runs";
        }
        String left =
                view.process()
                        .vitals()
                        .survivors()
                        .map(names ->
                                ", but left " + names + " outside of its group, which is killed")
                        .orElse("");
        return view.waitsFor().isEmpty()
                ? why + left
                : why + ", after " + String.join(", ", view.waitsFor());
    }

    private static String failed(Failed s, ProcessView view) {
        String why =
                s.error().map(StartError::reason).orElseGet(() -> ended(view.process().tally()));
        boolean isLasting = s.error().filter(StartError::lasting).isPresent();
        return isJob(view) || isLasting || view.spec().giveUp().isEmpty()
                ? why
                : gaveUp(view.spec().giveUp().get()) + "; " + why;
    }

    private static boolean isJob(ProcessView view) {
        return view.spec().restart() == RestartPolicy.NEVER;
    }

    private static String gaveUp(GiveUp limit) {
        return "given up after %d %s within %s"
                .formatted(
                        limit.restarts(),
                        limit.restarts() == 1 ? "restart" : "restarts",
                        duration(limit.period()));
    }

    private static String before(RunCounters runCounters) {
        return runCounters.lastExit().isEmpty() ? "" : ", the one before " + ended(runCounters);
    }

    /** How the latest run exited, or why there was none. */
    public static String ended(RunCounters runCounters) {
        if (runCounters.lastError().isPresent()) {
            return runCounters.lastError().get().reason();
        }
        return runCounters.lastExit().map(StateText::ended).orElse("no run has ended yet");
    }

    private static String ended(RunExit exit) {
        return exit.status().inWords() + " after " + duration(exit.ran());
    }
}
