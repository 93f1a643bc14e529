package org.procmon.hooks;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Signal;
import org.procmon.events.EventLog;
import org.procmon.events.MonitorEvent;
import org.procmon.lifecycle.Effect;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.HookKind;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StartError;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.port.HelperCommand;
import org.procmon.supervise.port.HelperCommand.Outcome;
import org.procmon.supervise.port.HelperCommands;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.HookSource;
import org.procmon.supervise.port.RunReportListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs {@code hooks.before_start} and {@code hooks.after_stop}, each on a virtual thread. Loop
 * thread only, but for {@link #trouble}.
 */
public final class RunHooks implements Feature, HookRunner, HookSource {
    /** Not PROCMON_RUN: another monitor would take the hook for the run itself. */
    static final String RUN_VARIABLE = "PROCMON_EXIT_RUN";

    static final String CODE_VARIABLE = "PROCMON_EXIT_CODE";
    static final String SIGNAL_VARIABLE = "PROCMON_EXIT_SIGNAL";

    private static final Logger LOG = LoggerFactory.getLogger(RunHooks.class);

    /**
     * A started hook.
     *
     * @param cancelled completed when its result is no longer needed
     * @param over completed when it has exited or was killed
     */
    private record StartedHook(
            CompletableFuture<Boolean> cancelled, CompletableFuture<Boolean> over) {
        StartedHook() {
            this(new CompletableFuture<>(), new CompletableFuture<>());
        }
    }

    private final HelperCommands helperCommands;
    private final RunReportListener runReportListener;
    private final EventLog eventLog;

    /** The latest hook of each process, until it is over. */
    private final Map<String, StartedHook> latest = new ConcurrentHashMap<>();

    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    private boolean closed;

    public RunHooks(
            HelperCommands helperCommands, RunReportListener runReportListener, EventLog eventLog) {
        this.helperCommands = helperCommands;
        this.runReportListener = runReportListener;
        this.eventLog = eventLog;
    }

    @Override
    public void perform(ProcessSpec process, Effect.HookEffect effect) {
        switch (effect) {
            case Effect.RunHook hook -> run(process, hook);
            case Effect.CancelHook _ -> cancel(process.id());
            case Effect.HookFailed hook -> failed(process.id(), hook.kind(), hook.reason());
        }
    }

    @Override
    public void on(Change change) {}

    private void run(ProcessSpec of, Effect.RunHook hook) {
        if (closed) {
            return;
        }
        HelperCommand helperCommand =
                new HelperCommand(
                        of,
                        hook.hook().exec(),
                        "",
                        hook.hook().timeout(),
                        hook.after().map(RunHooks::variables).orElse(Map.of()));
        StartedHook started = new StartedHook();
        Optional<StartedHook> before = Optional.ofNullable(latest.put(of.id(), started));
        Thread.ofVirtual()
                .name("hook-" + of.id())
                .start(() -> {
                    try {
                        // The one before may not be dead yet.
                        before.ifPresent(other -> other.over().join());
                        run(hook, helperCommand, started.cancelled());
                    } finally {
                        latest.remove(of.id(), started);
                        started.over().complete(true);
                    }
                });
    }

    private void run(
            Effect.RunHook hook,
            HelperCommand helperCommand,
            CompletableFuture<Boolean> cancelled) {
        if (cancelled.isDone()) {
            return;
        }
        CompletableFuture<Outcome> outcome = helperCommands.run(helperCommand);
        CompletableFuture<Void> _ = cancelled.thenAccept(outcome::cancel);
        Optional<StartError> trouble;
        try {
            trouble = HookFailure.of(outcome.join(), helperCommand.limit());
        } catch (CancellationException _) {
            return;
        }
        String name = helperCommand.of().id();
        if (trouble.isEmpty() && hook.kind() == HookKind.AFTER_STOP) {
            troubles.remove(name);
        }
        runReportListener.report(name, new Event.HookEnded(hook.begun(), trouble));
    }

    private static Map<String, String> variables(RunExit exit) {
        Map<String, String> variables = new HashMap<>();
        variables.put(RUN_VARIABLE, Long.toString(exit.run().number()));
        switch (exit.status()) {
            case ExitStatus.Exited exited ->
                    variables.put(CODE_VARIABLE, Integer.toString(exited.code()));
            case ExitStatus.Signaled signaled ->
                    variables.put(SIGNAL_VARIABLE, signal(signaled.signal()));
            case ExitStatus.Unknown _ -> {}
        }
        return variables;
    }

    private static String signal(int number) {
        return Signal.ofNumber(number).map(Signal::word).orElse(Integer.toString(number));
    }

    private void cancel(String name) {
        StartedHook started = latest.get(name);
        if (started != null) {
            started.cancelled().complete(true);
        }
    }

    private void failed(String name, HookKind kind, String reason) {
        troubles.put(name, kind.key() + ": " + reason);
        eventLog.add(new MonitorEvent.HookFailed(name, kind.key(), reason));
        LOG.atWarn()
                .addKeyValue("process", name)
                .addKeyValue("hook", kind.key())
                .addKeyValue("reason", reason)
                .log("{process} hook failed");
    }

    @Override
    public Optional<String> trouble(String name) {
        return Optional.ofNullable(troubles.get(name));
    }

    /** Kills the running hooks: a monitor that takes over runs them again. */
    @Override
    public void stop(End end) {
        closed = true;
        latest.values().forEach(started -> started.cancelled().complete(true));
    }
}
