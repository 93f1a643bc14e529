package org.procmon.lifecycle;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.config.DurationText;
import org.procmon.config.Health.Remedy;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Readiness;
import org.procmon.config.RestartPolicy;
import org.procmon.config.SizeText;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.RunHealth.Condition;
import org.procmon.lifecycle.RunHealth.Health;

/**
 * The part of the state machine for notifications and probe results. An event about another run
 * than the present one changes nothing; nothing here ever starts anything.
 */
final class HealthTransitions {
    /** The most time that a run can request at once. */
    private static final Duration MOST_TIME = Duration.ofDays(1);

    private HealthTransitions() {}

    static Step becameReady(ProcessStatus process, long run) {
        if (!isPresent(process, run)) {
            return Step.to(process);
        }
        return switch (process.state()) {
            case Starting s -> {
                RunHealth ready = process.vitals().in(Condition.NORMAL).looking(Health.UNKNOWN);
                yield Step.to(process.with(ready).to(new Running(s.alive())));
            }
            case Running _ -> Step.to(process.with(process.vitals().in(Condition.NORMAL)));
            case Stopped _, Waiting _, Stopping _, Backoff _, Completed _, Failed _ ->
                    Step.to(process);
        };
    }

    static Step notified(ProcessStatus process, Event.Notified notified, Ticks now) {
        if (!isPresent(process, notified.run())) {
            return Step.to(process);
        }
        RunHealth runHealth = process.vitals();
        return switch (notified.saying()) {
            case Notification.Reloading _ ->
                    process.state() instanceof Running
                            ? Step.to(process.with(runHealth.in(Condition.RELOADING)))
                            : Step.to(process);
            case Notification.Leaving _ -> Step.to(process.with(runHealth.in(Condition.LEAVING)));
            case Notification.Status status ->
                    Step.to(process.with(runHealth.saying(status.words())));
            case Notification.MainPid main -> Step.to(process.with(runHealth.ledBy(main.pid())));
            case Notification.MoreTime more ->
                    Step.to(extended(process, now.plus(atMost(more.time()))));
            case Notification.NotAsked not -> Step.to(notAsked(process, not.reason()));
            case Notification.Disbelieved message ->
                    Step.to(process.with(runHealth.ignoring(message.what())));
        };
    }

    /** Counts neither as a success nor as a failure. */
    private static ProcessStatus notAsked(ProcessStatus process, String reason) {
        RunHealth runHealth = process.vitals();
        return process.state() instanceof Running
                ? process.with(runHealth.looking(runHealth.health().notAsked(reason)))
                : process;
    }

    /** An extension never shortens the present deadline. */
    private static ProcessStatus extended(ProcessStatus process, Ticks until) {
        return switch (process.state()) {
            case Starting s when until.hasReached(s.ready()) ->
                    process.to(new Starting(s.alive(), until));
            case Stopping s when s.sent() > 0 && until.hasReached(s.patience()) ->
                    process.to(s.sent(s.sent(), until));
            case Stopped _,
                    Waiting _,
                    Starting _,
                    Running _,
                    Stopping _,
                    Backoff _,
                    Completed _,
                    Failed _ ->
                    process;
        };
    }

    private static Duration atMost(Duration time) {
        return time.compareTo(MOST_TIME) < 0 ? time : MOST_TIME;
    }

    static Step probed(ProcessSpec spec, ProcessStatus process, Event.Probed probed, Ticks now) {
        if (!isPresent(process, probed.run())) {
            return Step.to(process);
        }
        if (process.state() instanceof Starting) {
            // Shown as what keeps it from being ready, but does not count as a failure.
            Health soFar = new Health(false, 0, probed.complaint().orElse(""));
            return Step.to(process.with(process.vitals().looking(soFar)));
        }
        if (!(process.state() instanceof Running running) || spec.checks().health().isEmpty()) {
            return Step.to(process);
        }
        org.procmon.config.Health check = spec.checks().health().get();
        Health health = process.vitals().health().after(probed.complaint(), check.failures());
        ProcessStatus seen = process.with(process.vitals().looking(health));
        boolean ends =
                health.failures() >= check.failures()
                        && check.then() == Remedy.RESTART
                        && process.vitals().condition() != Condition.LEAVING;
        return ends
                ? end(seen, running.alive(), StopReason.UNHEALTHY, complaint(health), now)
                : Step.to(seen);
    }

    private static String complaint(Health health) {
        String times = health.failures() == 1 ? "" : ", " + health.failures() + " times in a row";
        return "unhealthy: " + health.complaint() + times;
    }

    static Step watchdogExpired(ProcessSpec spec, ProcessStatus process, long run, Ticks now) {
        if (!(process.state() instanceof Running running)
                || !isPresent(process, run)
                || spec.checks().watchdog().isEmpty()) {
            return Step.to(process);
        }
        String within = DurationText.inWords(spec.checks().watchdog().get());
        return end(
                process,
                running.alive(),
                StopReason.WATCHDOG,
                "sent no watchdog notification within " + within,
                now);
    }

    static Step memoryExceeded(
            ProcessSpec spec,
            ProcessStatus process,
            Event.MemoryExceeded memoryExceeded,
            Ticks now) {
        OptionalLong most = spec.lifetime().memoryMax();
        Optional<Run> run =
                process.state().run().filter(_ -> TriggerTransitions.isUp(process.state()));
        // A reload may have raised the limit in the meantime.
        if (run.isEmpty()
                || run.get().number() != memoryExceeded.run()
                || most.isEmpty()
                || memoryExceeded.bytes() <= most.getAsLong()) {
            return Step.to(process);
        }
        String reason =
                "had "
                        + SizeText.inWords(memoryExceeded.bytes())
                        + " of memory, more than the "
                        + SizeText.inWords(most.getAsLong())
                        + " of 'memory_max'";
        return end(process, run.get(), StopReason.MEMORY, reason, now);
    }

    /** A process that is kept up gets a new run; one that runs to completion has failed. */
    static Step ranTooLong(ProcessSpec spec, ProcessStatus process, Run run, Ticks now) {
        if (spec.restart() != RestartPolicy.NEVER) {
            return Lifecycle.restart(process, StopReason.MAX_RUNTIME, now);
        }
        String within = DurationText.inWords(spec.lifetime().maxRuntime().orElse(Duration.ZERO));
        return end(process, run, StopReason.OVERDUE, "did not end within " + within, now);
    }

    /** It did not become ready in time. */
    static Step notReady(ProcessSpec spec, ProcessStatus process, Starting starting, Ticks now) {
        Duration usual = spec.checks().ready().map(Readiness::timeout).orElse(Duration.ZERO);
        Duration had = starting.ready().since(starting.alive().started());
        String found = process.vitals().health().complaint();
        String within = DurationText.inWords(had.compareTo(usual) > 0 ? had : usual);
        return end(
                process,
                starting.alive(),
                StopReason.NOT_READY,
                "not ready within " + within + (found.isEmpty() ? "" : ": " + found),
                now);
    }

    /** Stops a run that would continue; what follows is decided when its group is empty. */
    private static Step end(
            ProcessStatus process, Run run, StopReason why, String reason, Ticks now) {
        ProcessStatus failed = process.with(process.tally().notStarted(new StartError(0, reason)));
        return Step.to(failed.to(Lifecycle.stopping(run, why, now)));
    }

    private static boolean isPresent(ProcessStatus process, long run) {
        Optional<Run> present = process.state().run();
        return present.isPresent() && present.get().number() == run;
    }
}
