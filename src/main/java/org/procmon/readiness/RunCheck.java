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

/** Looks after one run, from before its start to its end. Loop thread only. */
final class RunCheck {
    /** An answer that takes longer is no sign that it is ready. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(2);

    /** What the run does, as far as it matters here. */
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
    private final List<Runnable> endings = new ArrayList<>();
    private OptionalInt ear = OptionalInt.empty();
    private Checks checks = Checks.DEFAULT;
    private Stage stage = Stage.TO_BE_STARTED;

    /** Whom signs of life are passed on to; the listeners' thread reads it. */
    private volatile Runnable alive = () -> {};

    /**
     * @param bugs hears of the end of a thread that fails, which is a bug
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

    /** Takes note of what the run does; nothing happens if it is what it did before. */
    void on(Stage next, ProcessSpec spec, Run run) {
        if (stage == Stage.TO_BE_STARTED) {
            listen(run);
        }
        if (stage == next && checks.equals(spec.checks())) {
            return;
        }
        stage = next;
        checks = spec.checks();
        endAll();
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
            RunMembership kin = new RunMembership(run.pid(), assignments);
            Runnable passedOn = () -> alive.run();
            ear =
                    OptionalInt.of(
                            readinessListener.add(
                                    new NotifySocket(
                                            checkResources.inbox().get(),
                                            runReporter,
                                            kin,
                                            passedOn)));
        } else if (checkResources.fifo().isPresent()) {
            ear =
                    OptionalInt.of(
                            readinessListener.add(
                                    new ReadyDescriptor(
                                            checkResources.fifo().get(), runReporter::ready)));
        }
    }

    private void awaitReadiness(ProcessSpec spec, Readiness ready) {
        switch (ready.sign()) {
            case ReadySignal.Notify _, ReadySignal.Newline _ -> {}
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
                    begin(
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
            begin(
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
                    begin(watchdog);
                });
    }

    private void ask(ProcessSpec spec, Probe probe, Duration limit, ProbePolicy probePolicy) {
        endings.add(probeScheduler.ask(spec, probe, limit, probePolicy));
    }

    private void begin(BackgroundCheck.Task task) {
        endings.add(BackgroundCheck.begin(task, bugs)::end);
    }

    private void endAll() {
        endings.forEach(Runnable::run);
        endings.clear();
    }

    /** Ends all of it. */
    void end() {
        endAll();
        if (ear.isPresent()) {
            readinessListener.remove(ear.getAsInt());
        } else {
            checkResources.close();
        }
    }
}
