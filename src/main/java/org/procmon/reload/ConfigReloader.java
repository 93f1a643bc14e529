package org.procmon.reload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.procmon.config.FollowedFolder;
import org.procmon.config.Instance;
import org.procmon.config.MonitorSpec;
import org.procmon.config.Problem;
import org.procmon.config.SpecResult;
import org.procmon.config.folder.UnusedEntry;
import org.procmon.events.EventLog;
import org.procmon.events.MonitorEvent;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.status.Snapshot;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.port.AcceptedConfig;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Companion;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Supervisor;

/**
 * Replaces the configuration that this primary follows: one reload at a time, on a thread that
 * holds no lock, since it waits for the loop. The journal keeps the configuration for the next
 * monitor at the moment in which the loop accepts it.
 */
public final class ConfigReloader implements Reloader {
    /** The most reloads that may wait for their turn, which comes when the loop runs. */
    private static final int MOST_WAITING = 64;

    private static final String RELOADED = "reloaded";
    private static final String FOLLOWED = "followed";

    private final TurnQueue turns;
    private final ConfigSource source;
    private final Supervisor supervisor;
    private final Feature features;
    private final Supplier<List<Companion>> companions;
    private final EventLog eventLog;
    private final ReloadListener listener;

    /** What the monitor itself was made for. */
    private final MonitorSpec first;

    /** Written by the thread of the current reload. */
    private volatile MonitorSpec current;

    private final UnusedLog unusedLog = new UnusedLog();

    /**
     * @param features prepare for each configuration, and follow it once it is accepted
     * @param companions the monitor's own programs under the configuration prepared for last
     * @param first the configuration that is followed now
     * @param bugs is notified when a reload fails because of a bug
     */
    public ConfigReloader(
            ConfigSource source,
            Supervisor supervisor,
            Feature features,
            Supplier<List<Companion>> companions,
            EventLog eventLog,
            ReloadListener listener,
            MonitorSpec first,
            Thread.UncaughtExceptionHandler bugs) {
        this.source = source;
        this.supervisor = supervisor;
        this.features = features;
        this.companions = companions;
        this.eventLog = eventLog;
        this.listener = listener;
        this.first = first;
        this.current = first;
        unusedLog.tell(first.unused());
        this.turns = new TurnQueue("reconfiguration", MOST_WAITING, bugs);
    }

    @Override
    public CompletableFuture<Outcome> reload(boolean dry) {
        return inTurn(() -> dry ? plan() : reload());
    }

    @Override
    public CompletableFuture<Outcome> scale(String name, int instances) {
        return inTurn(() -> scaleNow(name, instances));
    }

    @Override
    public CompletableFuture<Outcome> follow() {
        return inTurn(this::followNow);
    }

    private CompletableFuture<Outcome> inTurn(Callable<Outcome> work) {
        return turns.add(work)
                .orElseGet(() -> CompletableFuture.completedFuture(new Outcome.Busy(MOST_WAITING)));
    }

    private Outcome plan() throws InterruptedException {
        return switch (source.filesWithOverrides()) {
            case SpecResult.Invalid invalid -> new Outcome.Invalid(problems(invalid));
            case SpecResult.Valid valid ->
                    outcome(valid.spec(), supervisor.submit(new Command.PlanReload(valid.spec())));
        };
    }

    private Outcome reload() throws InterruptedException {
        listener.reloadStarted();
        try {
            return switch (source.filesWithOverrides()) {
                case SpecResult.Invalid invalid -> new Outcome.Invalid(problems(invalid));
                case SpecResult.Valid valid -> apply(valid, true, RELOADED);
            };
        } finally {
            listener.reloadEnded();
        }
    }

    @Override
    public List<String> check() {
        return switch (source.files()) {
            case SpecResult.Invalid invalid -> problems(invalid);
            case SpecResult.Valid _ -> List.of();
        };
    }

    @Override
    public List<UnusedEntry> unused() {
        return current.unused();
    }

    @Override
    public List<FollowedFolder> followed() {
        return current.followed();
    }

    private static List<String> problems(SpecResult.Invalid invalid) {
        return invalid.problems().stream().map(Problem::toString).toList();
    }

    private Outcome scaleNow(String name, int instances) throws InterruptedException {
        if (instances > Instance.MOST) {
            return new Outcome.Failed(name, "there may be from 0 to " + Instance.MOST);
        }
        SpecResult scaled;
        try {
            scaled = source.scaled(name, instances);
        } catch (IOException e) {
            return new Outcome.Failed(name, "cannot read the configuration: " + e.getMessage());
        }
        return switch (scaled) {
            case SpecResult.Invalid invalid ->
                    new Outcome.Failed(name, invalid.problems().getFirst().message());
            case SpecResult.Valid valid when valid.spec().scalable().contains(name) ->
                    apply(valid, false, RELOADED);
            case SpecResult.Valid valid ->
                    valid.spec().processes().stream().anyMatch(p -> p.id().equals(name))
                            ? new Outcome.Failed(
                                    name, "the configuration gives it no number of 'instances'")
                            : new Outcome.NoSuchProcess(name);
        };
    }

    private Outcome followNow() throws InterruptedException {
        SpecResult followed;
        try {
            followed = source.followed();
        } catch (IOException e) {
            return new Outcome.Failed("", "cannot read the configuration: " + e.getMessage());
        }
        return switch (followed) {
            case SpecResult.Invalid invalid -> new Outcome.Invalid(problems(invalid));
            case SpecResult.Valid valid when valid.spec().equals(current) -> unchanged();
            case SpecResult.Valid valid -> apply(valid, false, FOLLOWED);
        };
    }

    /** Without a turn of the loop or a write to the journal. */
    private Outcome unchanged() {
        return new Outcome.Planned(
                new ChangePlan(List.of(), current.processes().size()), List.of(), List.of());
    }

    /**
     * @param bringsBackDeleted whether it restores processes that operators have deleted
     * @param what it is, as the event says
     */
    private Outcome apply(SpecResult.Valid valid, boolean bringsBackDeleted, String what)
            throws InterruptedException {
        MonitorSpec spec = valid.spec();
        AcceptedConfig config = new AcceptedConfig(spec, valid.bundle());
        features.prepare(spec);
        Outcome outcome =
                outcome(
                        spec,
                        supervisor.submit(
                                new Command.Reload(config, companions.get(), bringsBackDeleted)));
        if (outcome instanceof Outcome.Planned planned) {
            current = spec;
            unusedLog.tell(spec.unused());
            if (!what.equals(FOLLOWED) || hasChanges(planned)) {
                eventLog.add(new MonitorEvent.OfMonitor(Snapshot.PRIMARY, what, counts(planned)));
            }
            features.follow(spec, planned.plan());
        } else {
            features.prepare(current);
        }
        return outcome;
    }

    private static boolean hasChanges(Outcome.Planned planned) {
        return !planned.plan().changes().isEmpty() || !planned.atOnce().isEmpty();
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
                case Reply.ShuttingDown down ->
                        down.isReplaced()
                                ? new Outcome.Failed("", down.reason())
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
