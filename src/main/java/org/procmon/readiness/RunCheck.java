package org.procmon.readiness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.procmon.config.Checks;
import org.procmon.config.OutputSpec;
import org.procmon.config.Probe;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Readiness;
import org.procmon.config.ReadySignal;
import org.procmon.lifecycle.Run;
import org.procmon.output.Output;
import org.procmon.output.OutputCapture;
import org.procmon.readiness.notify.NotifySocket;
import org.procmon.readiness.notify.ReadinessListener;
import org.procmon.readiness.notify.ReadyDescriptor;
import org.procmon.readiness.notify.RunMembership;
import org.procmon.readiness.probe.BackgroundCheck;
import org.procmon.readiness.probe.HealthProbe;
import org.procmon.readiness.probe.ProbePolicy;
import org.procmon.readiness.probe.ProbeScheduler;
import org.procmon.readiness.probe.ReadinessProbe;
import org.procmon.supervise.port.RunReporter;

/** Checks one run, from before its start until its exit. Loop thread only. */
final class RunCheck {
    /** A slower answer does not make a run ready. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(2);

    /** The state of the run, as far as checks depend on it. */
    enum Stage {
        TO_BE_STARTED,
        STARTING,
        UP,
        ENDING
    }

    private final RunReporter runReporter;
    private final CheckResources checkResources;
    private final ReadinessListener readinessListener;
    private final ProbeScheduler probeScheduler;
    private final OutputCapture outputCapture;
    private final Thread.UncaughtExceptionHandler bugs;
    private final List<Runnable> stopActions = new ArrayList<>();
    private OptionalInt sourceKey = OptionalInt.empty();
    private Checks checks = Checks.DEFAULT;
    private Stage stage = Stage.TO_BE_STARTED;

    /** Receives keep-alive messages; the listener's thread reads this field. */
    private volatile Runnable alive = () -> {};

    /**
     * @param bugs is called if a thread dies, which is a bug
     */
    RunCheck(
            RunReporter runReporter,
            CheckResources checkResources,
            ReadinessListener readinessListener,
            ProbeScheduler probeScheduler,
            OutputCapture outputCapture,
            Thread.UncaughtExceptionHandler bugs) {
        this.runReporter = runReporter;
        this.checkResources = checkResources;
        this.readinessListener = readinessListener;
        this.probeScheduler = probeScheduler;
        this.outputCapture = outputCapture;
        this.bugs = bugs;
    }

    long run() {
        return runReporter.run();
    }

    /** Adapts the checks to the state of the run; does nothing if that has not changed. */
    void on(Stage next, ProcessSpec spec, Run run) {
        if (stage == Stage.TO_BE_STARTED) {
            listen(run);
        }
        if (stage == next && checks.equals(spec.checks())) {
            return;
        }
        stage = next;
        checks = spec.checks();
        stopAll();
        switch (next) {
            case STARTING -> checks.ready().ifPresent(ready -> awaitReadiness(spec, ready));
            case UP -> watch(spec);
            case TO_BE_STARTED, ENDING -> {}
        }
    }

    private void listen(Run run) {
        if (checkResources.inbox().isPresent()) {
            List<String> assignments =
                    List.of("PROCMON_ID=" + runReporter.name(), "PROCMON_RUN=" + run.number());
            RunMembership membership = new RunMembership(run.pid(), assignments);
            Runnable forward = () -> alive.run();
            sourceKey =
                    OptionalInt.of(
                            readinessListener.add(
                                    new NotifySocket(
                                            checkResources.inbox().get(),
                                            runReporter,
                                            membership,
                                            forward)));
        } else if (checkResources.fifo().isPresent()) {
            sourceKey =
                    OptionalInt.of(
                            readinessListener.add(
                                    new ReadyDescriptor(
                                            checkResources.fifo().get(), runReporter::ready)));
        }
    }

    private void awaitReadiness(ProcessSpec spec, Readiness ready) {
        switch (ready.sign()) {
            case ReadySignal.Notify _, ReadySignal.Newline _ -> {}
            // The pools report it.
            case ReadySignal.Accepts _ -> {}
            case ReadySignal.Answers answers -> {
                Duration limit =
                        ready.timeout().compareTo(LONGEST_ANSWER) < 0
                                ? ready.timeout()
                                : LONGEST_ANSWER;
                ask(
                        spec,
                        answers.probe(),
                        limit,
                        new ReadinessProbe(ready.interval(), runReporter));
            }
            case ReadySignal.Appears appears ->
                    startTask(
                            new FileWatch(
                                    appears.file(),
                                    checkResources.file(),
                                    ready.interval(),
                                    runReporter));
            case ReadySignal.Output output -> {
                Pattern pattern = Pattern.compile(output.regex());
                read(spec.stdout(), Output.STDOUT, pattern);
                read(spec.stderr(), Output.STDERR, pattern);
            }
        }
    }

    private void read(OutputSpec spec, Output stream, Pattern pattern) {
        if (spec instanceof OutputSpec.Captured captured) {
            startTask(
                    new OutputPattern(
                            outputCapture,
                            stream,
                            stream == Output.STDOUT ? checkResources.out() : checkResources.err(),
                            captured.timestamps(),
                            pattern,
                            runReporter));
        }
    }

    private void watch(ProcessSpec spec) {
        checks.health()
                .ifPresent(health ->
                        ask(
                                spec,
                                health.probe(),
                                health.timeout(),
                                new HealthProbe(health.interval(), runReporter)));
        checks.watchdog()
                .ifPresent(within -> {
                    Watchdog watchdog = new Watchdog(within, runReporter);
                    alive = watchdog::alive;
                    startTask(watchdog);
                });
    }

    private void ask(ProcessSpec spec, Probe probe, Duration limit, ProbePolicy probePolicy) {
        stopActions.add(probeScheduler.ask(spec, probe, limit, probePolicy));
    }

    private void startTask(BackgroundCheck.Task task) {
        stopActions.add(BackgroundCheck.begin(task, bugs)::end);
    }

    private void stopAll() {
        stopActions.forEach(Runnable::run);
        stopActions.clear();
    }

    /** Stops all checks. */
    void end() {
        stopAll();
        if (sourceKey.isPresent()) {
            readinessListener.remove(sourceKey.getAsInt());
        } else {
            checkResources.close();
        }
    }
}
