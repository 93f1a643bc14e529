package org.procmon.readiness;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Readiness;
import org.procmon.config.ReadySignal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.output.OutputCapture;
import org.procmon.readiness.notify.NotifyChannels;
import org.procmon.readiness.notify.ReadinessListener;
import org.procmon.readiness.probe.ProbeScheduler;
import org.procmon.status.ProcessView;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.feature.FeatureStart;
import org.procmon.supervise.port.HelperCommands;
import org.procmon.supervise.port.NotifyProvider;
import org.procmon.supervise.port.NotifySetup;
import org.procmon.supervise.port.RunReportListener;
import org.procmon.supervise.port.RunReporter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the runs of processes that have {@code ready}, {@code health} or {@code watchdog}, and
 * reports the results. Loop thread only; returns at once.
 */
public final class ReadinessMonitor implements Feature, NotifyProvider {
    private static final Logger LOG = LoggerFactory.getLogger(ReadinessMonitor.class);

    private final NotifyChannels notifyChannels;
    private final RunReportListener runReportListener;
    private final ProbeScheduler probeScheduler;
    private final OutputCapture outputCapture;
    private final ReadinessListener readinessListener;
    private final Thread.UncaughtExceptionHandler bugs;
    private final Map<String, RunCheck> guards = new HashMap<>();

    /**
     * @param state the state directory
     * @param bugs is called if a listening or probing thread dies, which is a bug
     */
    public ReadinessMonitor(
            Path state,
            RunReportListener runReportListener,
            HelperCommands helperCommands,
            OutputCapture outputCapture,
            Thread.UncaughtExceptionHandler bugs) {
        this.notifyChannels = new NotifyChannels(state);
        this.runReportListener = runReportListener;
        this.probeScheduler = new ProbeScheduler(helperCommands, bugs);
        this.outputCapture = outputCapture;
        this.readinessListener = new ReadinessListener(bugs);
        this.bugs = bugs;
    }

    @Override
    public NotifySetup prepare(ProcessSpec spec, long run, OptionalInt owner) {
        forget(spec.id());
        try {
            CheckResources checkResources =
                    CheckResources.toNewRun(spec, notifyChannels, outputCapture, owner);
            guards.put(spec.id(), guard(spec, run, checkResources));
            Optional<NotifySetup.Line> line =
                    spec.checks()
                            .ready()
                            .map(Readiness::sign)
                            .filter(ReadySignal.Newline.class::isInstance)
                            .map(ReadySignal.Newline.class::cast)
                            .map(sign ->
                                    new NotifySetup.Line(
                                            sign.number(), notifyChannels.fifoPath(spec.id())));
            return new NotifySetup.Granted(CheckResources.variables(spec, notifyChannels), line);
        } catch (NotifyChannels.Unavailable e) {
            return new NotifySetup.Refused(e.reason());
        }
    }

    @Override
    public void on(Change change) {
        if (change instanceof Change.Transition transition) {
            ProcessView process = transition.after();
            if (guards.containsKey(process.name()) || isChecked(process)) {
                look(process);
            }
        } else if (change instanceof Change.Reconfigured reconfigured) {
            look(reconfigured.process());
        }
    }

    @Override
    public void start(FeatureStart start) {
        for (ProcessView process : start.supervisor().snapshot().processes()) {
            if (isChecked(process)) {
                look(process);
            }
        }
    }

    private static boolean isChecked(ProcessView process) {
        return process.spec().hasChecks();
    }

    /** Takes over a process in its present state, whichever monitor started it. */
    void look(ProcessView view) {
        ProcessState state = view.process().state();
        switch (state) {
            case ProcessState.Starting s -> on(RunCheck.Stage.STARTING, view, s.alive());
            case ProcessState.Running s -> on(RunCheck.Stage.UP, view, s.alive());
            case ProcessState.Stopping s -> on(RunCheck.Stage.ENDING, view, s.alive());
            case ProcessState.Stopped _,
                    ProcessState.Waiting _,
                    ProcessState.Backoff _,
                    ProcessState.Completed _,
                    ProcessState.Failed _ ->
                    forget(view.name());
        }
    }

    private void on(RunCheck.Stage stage, ProcessView view, Run run) {
        @Nullable RunCheck guard = guards.get(view.name());
        if (guard == null || guard.run() != run.number()) {
            forget(view.name());
            guard = adopted(view.spec(), run.number());
            guards.put(view.name(), guard);
        }
        guard.on(stage, view.spec(), run);
    }

    private RunCheck adopted(ProcessSpec spec, long run) {
        CheckResources checkResources = CheckResources.NOTHING;
        try {
            checkResources = CheckResources.toOldRun(spec, notifyChannels);
        } catch (NotifyChannels.Unavailable e) {
            LOG.atWarn()
                    .addKeyValue("process", spec.id())
                    .addKeyValue("reason", e.reason())
                    .log("{process} cannot report its state");
        }
        return guard(spec, run, checkResources);
    }

    private RunCheck guard(ProcessSpec spec, long run, CheckResources checkResources) {
        return new RunCheck(
                new RunReporter(runReportListener, spec.id(), run),
                checkResources,
                readinessListener,
                probeScheduler,
                outputCapture,
                bugs);
    }

    private void forget(String name) {
        @Nullable RunCheck guard = guards.remove(name);
        if (guard != null) {
            guard.end();
            notifyChannels.remove(name);
        }
    }
}
