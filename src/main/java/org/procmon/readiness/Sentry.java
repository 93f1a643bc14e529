package org.procmon.readiness;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Supervised;
import org.procmon.output.Outputs;
import org.procmon.spec.Checks;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.Readiness;
import org.procmon.spec.Sign;
import org.procmon.supervise.Errands;
import org.procmon.supervise.Observer;
import org.procmon.supervise.ProcessView;
import org.procmon.supervise.Provision;
import org.procmon.supervise.Provisions;
import org.procmon.supervise.Reports;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the runs of processes that have {@code ready}, {@code health} or {@code watchdog},
 * and reports what it finds. Loop thread only; returns at once.
 */
public final class Sentry implements Observer, Provisions {
    private static final Logger LOG = LoggerFactory.getLogger(Sentry.class);

    private final Channels channels;
    private final Reports reports;
    private final Questions questions;
    private final Outputs outputs;
    private final Ears ears;
    private final Thread.UncaughtExceptionHandler bugs;
    private final Map<String, Guard> guards = new HashMap<>();

    /**
     * @param state the state folder
     * @param bugs hears of the end of a thread that listens or asks, which is a bug
     */
    public Sentry(
            Path state,
            Reports reports,
            Errands errands,
            Outputs outputs,
            Thread.UncaughtExceptionHandler bugs) {
        this.channels = new Channels(state);
        this.reports = reports;
        this.questions = new Questions(errands, bugs);
        this.outputs = outputs;
        this.ears = new Ears(bugs);
        this.bugs = bugs;
    }

    @Override
    public Provision prepare(ProcessSpec spec, long run, OptionalInt owner) {
        forget(spec.id());
        try {
            Given given = Given.toNewRun(spec, channels, outputs, owner);
            guards.put(spec.id(), guard(spec, run, given));
            Optional<Provision.Line> line =
                    spec.checks()
                            .ready()
                            .map(Readiness::sign)
                            .filter(Sign.Newline.class::isInstance)
                            .map(Sign.Newline.class::cast)
                            .map(sign ->
                                    new Provision.Line(
                                            sign.number(), channels.fifoPath(spec.id())));
            return new Provision.Given(Given.variables(spec, channels), line);
        } catch (Channels.Unavailable e) {
            return new Provision.Refused(e.reason());
        }
    }

    @Override
    public void changed(Supervised before, ProcessView after) {
        if (guards.containsKey(after.name()) || !after.spec().checks().equals(Checks.DEFAULT)) {
            look(after);
        }
    }

    /** Takes over a process as it is now, whoever has started it. */
    public void look(ProcessView view) {
        ProcessState state = view.process().state();
        switch (state) {
            case ProcessState.Starting s -> on(Guard.Stage.STARTING, view, s.alive());
            case ProcessState.Running s -> on(Guard.Stage.UP, view, s.alive());
            case ProcessState.Stopping s -> on(Guard.Stage.ENDING, view, s.alive());
            case ProcessState.Stopped _,
                    ProcessState.Waiting _,
                    ProcessState.Backoff _,
                    ProcessState.Completed _,
                    ProcessState.Failed _ ->
                    forget(view.name());
        }
    }

    private void on(Guard.Stage stage, ProcessView view, Run run) {
        @Nullable Guard guard = guards.get(view.name());
        if (guard == null || guard.run() != run.number()) {
            forget(view.name());
            guard = adopted(view.spec(), run.number());
            guards.put(view.name(), guard);
        }
        guard.on(stage, view.spec(), run);
    }

    private Guard adopted(ProcessSpec spec, long run) {
        Given given = Given.NOTHING;
        try {
            given = Given.toOldRun(spec, channels);
        } catch (Channels.Unavailable e) {
            LOG.warn("{}: {}", spec.id(), e.reason());
        }
        return guard(spec, run, given);
    }

    private Guard guard(ProcessSpec spec, long run, Given given) {
        return new Guard(
                new Teller(reports, spec.id(), run), given, ears, questions, outputs, bugs);
    }

    private void forget(String name) {
        @Nullable Guard guard = guards.remove(name);
        if (guard != null) {
            guard.end();
            channels.remove(name);
        }
    }
}
