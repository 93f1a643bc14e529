package org.procmon.readiness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.procmon.lifecycle.Run;
import org.procmon.output.Output;
import org.procmon.output.Outputs;
import org.procmon.spec.Checks;
import org.procmon.spec.OutputSpec;
import org.procmon.spec.Probe;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.Readiness;
import org.procmon.spec.Sign;

/** Looks after one run, from before its start to its end. Loop thread only. */
final class Guard {
    /** An answer that takes longer is no sign that it is ready. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(2);

    /** What the run does, as far as it matters here. */
    enum Stage {
        TO_BE_STARTED,
        STARTING,
        UP,
        ENDING
    }

    private final Teller teller;
    private final Given given;
    private final Ears ears;
    private final Questions questions;
    private final Outputs outputs;
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
    Guard(
            Teller teller,
            Given given,
            Ears ears,
            Questions questions,
            Outputs outputs,
            Thread.UncaughtExceptionHandler bugs) {
        this.teller = teller;
        this.given = given;
        this.ears = ears;
        this.questions = questions;
        this.outputs = outputs;
        this.bugs = bugs;
    }

    long run() {
        return teller.run();
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
        if (given.inbox().isPresent()) {
            List<String> assignments =
                    List.of("PROCMON_ID=" + teller.name(), "PROCMON_RUN=" + run.number());
            Kinship kin = new Kinship(run.pid(), assignments);
            Runnable passedOn = () -> alive.run();
            ear =
                    OptionalInt.of(
                            ears.add(new NotifyEar(given.inbox().get(), teller, kin, passedOn)));
        } else if (given.fifo().isPresent()) {
            ear = OptionalInt.of(ears.add(new NewlineEar(given.fifo().get(), teller::ready)));
        }
    }

    private void awaitReadiness(ProcessSpec spec, Readiness ready) {
        switch (ready.sign()) {
            case Sign.Notify _, Sign.Newline _ -> {}
            case Sign.Answers answers -> {
                Duration limit =
                        ready.timeout().compareTo(LONGEST_ANSWER) < 0
                                ? ready.timeout()
                                : LONGEST_ANSWER;
                ask(spec, answers.probe(), limit, new AnswerWatch(ready.interval(), teller));
            }
            case Sign.Appears appears ->
                    begin(new FileWatch(appears.file(), given.file(), ready.interval(), teller));
            case Sign.Output output -> {
                Pattern pattern = Pattern.compile(output.regex());
                read(spec.stdout(), Output.STDOUT, pattern);
                read(spec.stderr(), Output.STDERR, pattern);
            }
        }
    }

    private void read(OutputSpec spec, Output stream, Pattern pattern) {
        if (spec instanceof OutputSpec.Captured captured) {
            begin(
                    new OutputWatch(
                            outputs,
                            stream,
                            stream == Output.STDOUT ? given.out() : given.err(),
                            captured.timestamps(),
                            pattern,
                            teller));
        }
    }

    private void watch(ProcessSpec spec) {
        checks.health()
                .ifPresent(health ->
                        ask(
                                spec,
                                health.probe(),
                                health.timeout(),
                                new HealthWatch(health.interval(), teller)));
        checks.watchdog()
                .ifPresent(within -> {
                    Watchdog watchdog = new Watchdog(within, teller);
                    alive = watchdog::alive;
                    begin(watchdog);
                });
    }

    private void ask(ProcessSpec spec, Probe probe, Duration limit, Course course) {
        endings.add(questions.ask(spec, probe, limit, course));
    }

    private void begin(Vigil.Task task) {
        endings.add(Vigil.begin(task, bugs)::end);
    }

    private void endAll() {
        endings.forEach(Runnable::run);
        endings.clear();
    }

    /** Ends all of it. */
    void end() {
        endAll();
        if (ear.isPresent()) {
            ears.remove(ear.getAsInt());
        } else {
            given.close();
        }
    }
}
