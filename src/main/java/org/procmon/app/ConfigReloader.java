package org.procmon.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.procmon.config.ConfigBundle;
import org.procmon.config.Instance;
import org.procmon.config.MonitorSpec;
import org.procmon.config.Problem;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;
import org.procmon.events.EventLog;
import org.procmon.events.MonitorEvent;
import org.procmon.output.OutputCapture;
import org.procmon.pair.Companions;
import org.procmon.pair.DescriptorNeeds;
import org.procmon.pair.InstanceOverrides;
import org.procmon.pair.MonitorContext;
import org.procmon.pair.StateStore;
import org.procmon.reload.ChangePlan;
import org.procmon.status.Snapshot;
import org.procmon.supervise.EventLoop;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the configuration that this primary follows: one reload at a time, on a thread that
 * holds no lock, since it waits for the loop. The configuration for the next monitor is written at
 * the moment in which the loop takes it over.
 */
final class ConfigReloader implements Reloader {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigReloader.class);

    /** The most reloads that may wait for their turn, which comes when the loop runs. */
    private static final int MOST_WAITING = 64;

    private final TurnQueue turns;
    private final MonitorContext monitorContext;
    private final StateStore stateStore;
    private final EventLoop eventLoop;
    private final OutputCapture outputCapture;
    private final Companions own;

    private final TriggerFeature triggers;
    private final EventLog eventLog;
    private final Optional<ServiceManager> manager;

    /** What the monitor itself was made for. */
    private final MonitorSpec first;

    /** Used by the main thread until the loop runs, then by the thread of the current reload. */
    private MonitorSpec current;

    ConfigReloader(
            MonitorContext monitorContext,
            StateStore stateStore,
            EventLoop eventLoop,
            OutputCapture outputCapture,
            Companions own,
            TriggerFeature triggers,
            EventLog eventLog,
            Optional<ServiceManager> manager,
            MonitorSpec first,
            Thread.UncaughtExceptionHandler bugs) {
        this.monitorContext = monitorContext;
        this.stateStore = stateStore;
        this.eventLoop = eventLoop;
        this.outputCapture = outputCapture;
        this.own = own;
        this.triggers = triggers;
        this.eventLog = eventLog;
        this.manager = manager;
        this.first = first;
        this.current = first;
        this.turns = new TurnQueue("reconfiguration", MOST_WAITING, bugs);
    }

    /**
     * Starts schedules and file watches, which trigger the loop that is about to run; on its
     * thread. Until then, no other configuration is accepted.
     *
     * @param goesOn whether this monitor continues where another one was interrupted
     */
    void begin(boolean goesOn) {
        if (goesOn) {
            triggers.resume(current);
        } else {
            triggers.follow(current);
        }
    }

    @Override
    public CompletableFuture<Outcome> reload(boolean dry) {
        return inTurn(() -> dry ? reloadNow(true) : reloadAloud());
    }

    @Override
    public CompletableFuture<Outcome> scale(String name, int instances) {
        return inTurn(() -> scaleNow(name, instances));
    }

    private CompletableFuture<Outcome> inTurn(Callable<Outcome> work) {
        return turns.add(work)
                .orElseGet(() -> CompletableFuture.completedFuture(new Outcome.Busy(MOST_WAITING)));
    }

    /** Notifies the service manager. */
    private Outcome reloadAloud() throws InterruptedException {
        manager.ifPresent(ServiceManager::reloads);
        try {
            return reloadNow(false);
        } finally {
            manager.ifPresent(ServiceManager::reloaded);
        }
    }

    private Outcome reloadNow(boolean dry) throws InterruptedException {
        return switch (read()) {
            case SpecResult.Invalid invalid ->
                    new Outcome.Invalid(
                            invalid.problems().stream().map(Problem::toString).toList());
            case SpecResult.Valid valid when dry ->
                    outcome(valid.spec(), eventLoop.submit(new Command.PlanReload(valid.spec())));
            case SpecResult.Valid valid -> apply(valid, true);
        };
    }

    private SpecResult read() {
        SpecResult files = SpecReader.read(monitorContext.file(), monitorContext.environment());
        if (!(files instanceof SpecResult.Valid valid)) {
            return files;
        }
        try {
            return InstanceOverrides.over(stateStore.accepted(), valid, monitorContext);
        } catch (IOException e) {
            LOG.warn(
                    "cannot look for numbers of instances that were asked for: {}", e.getMessage());
            return files;
        }
    }

    @Override
    public List<String> check() {
        return switch (SpecReader.read(monitorContext.file(), monitorContext.environment())) {
            case SpecResult.Invalid invalid ->
                    invalid.problems().stream().map(Problem::toString).toList();
            case SpecResult.Valid _ -> List.of();
        };
    }

    private Outcome scaleNow(String name, int instances) throws InterruptedException {
        if (instances > Instance.MOST) {
            return new Outcome.Failed(name, "there may be from 0 to " + Instance.MOST);
        }
        ConfigBundle configBundle;
        try {
            configBundle = stateStore.accepted().scaled(name, instances);
        } catch (IOException e) {
            return new Outcome.Failed(name, "cannot read the configuration: " + e.getMessage());
        }
        return switch (SpecReader.read(
                configBundle, monitorContext.file(), monitorContext.environment())) {
            case SpecResult.Invalid invalid ->
                    new Outcome.Failed(name, invalid.problems().getFirst().message());
            case SpecResult.Valid valid when valid.spec().scalable().contains(name) ->
                    apply(valid, false);
            case SpecResult.Valid valid ->
                    valid.spec().processes().stream().anyMatch(p -> p.id().equals(name))
                            ? new Outcome.Failed(
                                    name, "the configuration gives it no number of 'instances'")
                            : new Outcome.NoSuchProcess(name);
        };
    }

    /**
     * @param bringsBackDeleted whether it restores processes that operators have deleted
     */
    private Outcome apply(SpecResult.Valid valid, boolean bringsBackDeleted)
            throws InterruptedException {
        MonitorSpec spec = valid.spec();
        byte[] kept = valid.bundle().encode();
        Map<String, Integer> scale = valid.bundle().scale();
        DescriptorNeeds.makeRoomFor(spec);
        own.follow(spec);
        Outcome outcome =
                outcome(
                        spec,
                        eventLoop.submit(
                                new Command.Reload(
                                        spec,
                                        own.attendants(),
                                        bringsBackDeleted,
                                        () -> stateStore.accept(kept, spec, scale))));
        if (outcome instanceof Outcome.Planned planned) {
            current = spec;
            eventLog.add(new MonitorEvent.OfMonitor(Snapshot.PRIMARY, "reloaded", counts(planned)));
            follow(spec, planned.plan());
            triggers.follow(spec);
        } else {
            own.follow(current);
        }
        return outcome;
    }

    /** Changes of output settings take effect immediately for running processes. */
    private void follow(MonitorSpec spec, ChangePlan changePlan) {
        Map<String, ProcessSpec> all = new HashMap<>();
        spec.processes().forEach(process -> all.put(process.id(), process));
        boolean fresh = false;
        for (ChangePlan.Change change : changePlan.changes()) {
            ProcessSpec process = all.get(change.name());
            if (change.action() == ChangePlan.Action.LIVE && process != null) {
                outputCapture.prepare(process);
            }
            fresh |= change.action() == ChangePlan.Action.START;
        }
        if (fresh) {
            // The keeper holds the fifos that existed when it was started.
            own.replaceKeeper(eventLoop);
        }
    }

    /** A plan in a few words, for people. */
    static String counts(Outcome.Planned planned) {
        Map<ChangePlan.Action, Integer> counts = new EnumMap<>(ChangePlan.Action.class);
        planned.plan().changes().forEach(change -> counts.merge(change.action(), 1, Integer::sum));
        StringBuilder text = new StringBuilder();
        counts.forEach((action, count) -> {
            String word = action.name().toLowerCase(Locale.ROOT);
            text.append(word).append(' ').append(count).append(", ");
        });
        text.append("unchanged ").append(planned.plan().unchanged());
        if (!planned.atOnce().isEmpty()) {
            text.append("; new: ").append(String.join(", ", planned.atOnce()));
        }
        return text.toString();
    }

    private Outcome outcome(MonitorSpec spec, CompletableFuture<Reply> reply)
            throws InterruptedException {
        try {
            return switch (reply.get()) {
                case Reply.Planned planned ->
                        new Outcome.Planned(planned.plan(), atOnce(spec), later(spec));
                case Reply.ShuttingDown _ ->
                        eventLoop.wasLeft()
                                ? new Outcome.Failed("", "the monitor is being replaced; try again")
                                : new Outcome.ShuttingDown();
                case Reply.HasDependents _ ->
                        throw new IllegalStateException("nothing was deleted");
                case Reply.Failed failed -> new Outcome.Failed(failed.name(), failed.reason());
                case Reply.Done _, Reply.NoSuchProcess _ ->
                        throw new IllegalStateException("a reload was answered with " + reply);
            };
        } catch (ExecutionException e) {
            throw new IllegalStateException("the loop could not reload", e.getCause());
        }
    }

    private List<String> atOnce(MonitorSpec spec) {
        List<String> atOnce = new ArrayList<>();
        if (!spec.startBudget().equals(current.startBudget())) {
            atOnce.add("start_budget");
        }
        if (spec.orphans() != current.orphans()) {
            atOnce.add("orphans");
        }
        return atOnce;
    }

    private List<String> later(MonitorSpec spec) {
        List<String> later = new ArrayList<>();
        if (!spec.control().equals(first.control())) {
            later.add("control");
        }
        if (!spec.outputFolder().equals(first.outputFolder())) {
            later.add("output");
        }
        return later;
    }
}
