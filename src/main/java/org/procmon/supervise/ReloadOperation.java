package org.procmon.supervise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.PoolSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.reload.plan.ChangePlan.Action;
import org.procmon.reload.plan.ChangePlan.Change;
import org.procmon.reload.plan.PoolDiff;
import org.procmon.reload.plan.SpecDiff;

/**
 * Replaces the configuration that the table was made for. It touches only processes that have
 * changed; a process that an operator stopped stays down. Loop thread only.
 */
final class ReloadOperation {
    private final ProcessRegistry processRegistry;
    private final MonitorSpec spec;
    private final Map<String, SupervisedProcess> left = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final Set<SupervisedProcess> toBeDown = new HashSet<>();
    private final List<Change> poolChanges;

    /** The workers of pools that stay, with their new specifications. */
    private final Map<SupervisedProcess, ProcessSpec> workers = new LinkedHashMap<>();

    private final boolean bringsBackDeleted;
    private Set<String> undeleted = Set.of();
    private int unchanged;

    /**
     * @param poolsBefore the pools of the present configuration
     * @param bringsBackDeleted whether the reload restores processes that an operator has deleted
     */
    ReloadOperation(
            ProcessRegistry processRegistry,
            List<PoolSpec> poolsBefore,
            MonitorSpec spec,
            boolean bringsBackDeleted) {
        this.processRegistry = processRegistry;
        this.poolChanges = PoolDiff.between(poolsBefore, spec.pools());
        this.spec = spec;
        this.bringsBackDeleted = bringsBackDeleted;
        for (SupervisedProcess supervisedProcess : processRegistry.all()) {
            left.put(supervisedProcess.name(), supervisedProcess);
        }
        for (ProcessSpec process : spec.processes()) {
            SupervisedProcess supervisedProcess = left.remove(process.id());
            if (staysDeleted(process)) {
                unchanged++;
                continue;
            }
            add(supervisedProcess == null ? added(process) : changed(supervisedProcess, process));
        }
        PoolRegistry pools = new PoolRegistry(spec.pools(), Set.of());
        for (SupervisedProcess supervisedProcess : processRegistry.all()) {
            Optional<ProcessSpec> worker =
                    supervisedProcess.kind == SupervisedProcess.Kind.WORKER
                            ? pools.worker(supervisedProcess.name())
                            : Optional.empty();
            if (worker.isPresent()) {
                left.remove(supervisedProcess.name());
                workers.put(supervisedProcess, worker.get());
            } else if (left.containsKey(supervisedProcess.name())) {
                add(removed(supervisedProcess));
            }
        }
    }

    /**
     * The new specifications of the running processes that it restarts, and of those that continue
     * with other health probes. Before {@link #apply}.
     */
    List<ProcessSpec> changedWhileUp() {
        Set<String> names = new HashSet<>();
        for (Change change : changes) {
            boolean isProbedAnew =
                    change.action() == Action.LIVE && change.keys().contains("health");
            if (change.action() == Action.RESTART || isProbedAnew) {
                names.add(change.name());
            }
        }
        return spec.processes().stream()
                .filter(process -> names.contains(process.id()))
                .filter(process -> isAlive(process.id()))
                .toList();
    }

    private boolean isAlive(String name) {
        return processRegistry.process(name).filter(SupervisedProcess::isAlive).isPresent();
    }

    /** The changes to make. */
    ChangePlan plan() {
        List<Change> all = new ArrayList<>(changes);
        all.addAll(poolChanges);
        return new ChangePlan(all, unchanged + unchangedPools());
    }

    private int unchangedPools() {
        Set<String> changed = poolChanges.stream().map(Change::name).collect(Collectors.toSet());
        return (int) spec.pools().stream().filter(pool -> !changed.contains(pool.id())).count();
    }

    /**
     * Makes the changes.
     *
     * @param post queues an event for an entry
     */
    void apply(Ticks now, BiConsumer<SupervisedProcess, Event> post) {
        List<SupervisedProcess> entries = new ArrayList<>();
        for (ProcessSpec process : spec.processes()) {
            if (staysDeleted(process)) {
                processRegistry.process(process.id()).ifPresent(entries::add);
                continue;
            }
            SupervisedProcess supervisedProcess =
                    processRegistry
                            .process(process.id())
                            .orElseGet(() ->
                                    new SupervisedProcess(
                                            process,
                                            SupervisedProcess.Kind.CONFIGURED,
                                            Restorer.unstarted(process, now)));
            supervisedProcess.spec = process;
            supervisedProcess.kind = SupervisedProcess.Kind.CONFIGURED;
            supervisedProcess.compareRun();
            entries.add(supervisedProcess);
            if (supervisedProcess.process.goal() == Goal.FORGOTTEN) {
                post.accept(supervisedProcess, new Event.Stop(StopReason.RECONFIGURED));
            }
        }
        for (SupervisedProcess supervisedProcess : processRegistry.all()) {
            if (left.containsKey(supervisedProcess.name())) {
                supervisedProcess.kind = SupervisedProcess.Kind.ORPHAN;
                entries.add(supervisedProcess);
            }
        }
        // Their pools replace them as they can.
        workers.forEach((worker, changed) -> {
            worker.follow(changed);
            entries.add(worker);
        });
        processRegistry.become(entries);
        if (bringsBackDeleted) {
            undeleted = new HashSet<>(processRegistry.undelete());
            spec.processes().forEach(process -> undeleted.remove(process.id()));
        }
        for (Change change : changes) {
            SupervisedProcess supervisedProcess =
                    processRegistry.process(change.name()).orElseThrow();
            switch (change.action()) {
                case LIVE -> {
                    if (toBeDown.contains(supervisedProcess)) {
                        post.accept(
                                supervisedProcess,
                                new Event.Stop(Restorer.atFirst(supervisedProcess.spec)));
                    }
                }
                case START -> post.accept(supervisedProcess, new Event.Start());
                case RESTART ->
                        post.accept(supervisedProcess, new Event.Restart(StopReason.RECONFIGURED));
                case STOP -> post.accept(supervisedProcess, new Event.Delete(StopReason.REMOVED));
            }
        }
    }

    /** The workers of pools that stay. */
    Set<SupervisedProcess> workers() {
        return workers.keySet();
    }

    /**
     * Names that the reload restored but the configuration does not contain; after {@link #apply}.
     */
    Set<String> undeleted() {
        return undeleted;
    }

    private boolean staysDeleted(ProcessSpec process) {
        return !bringsBackDeleted && processRegistry.isDeleted(process.id());
    }

    private void add(Change change) {
        if (change.action() == Action.LIVE && change.keys().isEmpty()) {
            unchanged++;
        } else {
            changes.add(change);
        }
    }

    private static Change added(ProcessSpec process) {
        if (process.skip()) {
            return new Change(process.id(), Action.LIVE, List.of("skip"));
        }
        return Restorer.startsAtFirst(process)
                ? new Change(process.id(), Action.START, List.of())
                : new Change(process.id(), Action.LIVE, List.of("schedule"));
    }

    private Change changed(SupervisedProcess supervisedProcess, ProcessSpec now) {
        SpecDiff specDiff = SpecDiff.between(supervisedProcess.spec, now);
        if (supervisedProcess.isAlive() && !supervisedProcess.startedWith.isEmpty()) {
            specDiff = specDiff.ofRun(restartKeys(supervisedProcess, now));
        }
        if (!specDiff.keys().isEmpty() && shouldBeDown(supervisedProcess, now)) {
            toBeDown.add(supervisedProcess);
        }
        Action action = action(supervisedProcess, now, specDiff);
        if (action == Action.LIVE && isToBeTried(supervisedProcess, now)) {
            action = Action.START;
        }
        return action == Action.RESTART
                ? new Change(now.id(), action, specDiff.demanding(), specDiff.besides())
                : new Change(now.id(), action, specDiff.keys());
    }

    /**
     * A process that does not start with the others is not restarted either; its run keeps its old
     * configuration.
     */
    private static List<String> restartKeys(SupervisedProcess supervisedProcess, ProcessSpec now) {
        return Restorer.startsAtFirst(now) || Restorer.startsAtFirst(supervisedProcess.spec)
                ? supervisedProcess.keysToRestartFor(now)
                : List.of();
    }

    private static Action action(
            SupervisedProcess supervisedProcess, ProcessSpec now, SpecDiff specDiff) {
        return switch (supervisedProcess.process.goal()) {
            case FORGOTTEN -> Restorer.startsAtFirst(now) ? Action.START : Action.LIVE;
            case DOWN ->
                    Restorer.startsAgain(now, supervisedProcess.process)
                            ? Action.START
                            : Action.LIVE;
            case UP ->
                    !isLeftAlone(supervisedProcess, now)
                                    && needsNewRun(supervisedProcess, now, specDiff)
                            ? Action.RESTART
                            : Action.LIVE;
        };
    }

    /** Whether it could not be started, for a reason that may have been fixed since. */
    private boolean isToBeTried(SupervisedProcess supervisedProcess, ProcessSpec now) {
        return bringsBackDeleted
                && supervisedProcess.process.goal() == Goal.UP
                && Restorer.startsAtFirst(now)
                && supervisedProcess.process.state() instanceof Failed failed
                && failed.error().filter(StartError::lasting).isPresent();
    }

    /** Whether it no longer starts with the others; a run of it then continues. */
    private static boolean isLeftAlone(SupervisedProcess supervisedProcess, ProcessSpec now) {
        return Restorer.startsAtFirst(supervisedProcess.spec) && !Restorer.startsAtFirst(now);
    }

    private static boolean needsNewRun(
            SupervisedProcess supervisedProcess, ProcessSpec now, SpecDiff specDiff) {
        boolean isOver =
                switch (supervisedProcess.process.state()) {
                    case Completed _ -> supervisedProcess.spec.restart() != now.restart();
                    case Failed _ -> specDiff.changesFailureRules();
                    case Stopped _, Waiting _, Starting _, Running _, Stopping _, Backoff _ ->
                            false;
                };
        boolean isNew = specDiff.needsRestart() || isOver;
        // Its schedule starts a finished process again.
        boolean waits =
                hasEnded(supervisedProcess.process.state()) && now.triggers().startsByTime();
        return isNew && !waits;
    }

    private static boolean hasEnded(ProcessState state) {
        return state instanceof Completed || state instanceof Failed;
    }

    /** Whether it should be down, for the same reason as after a fresh start. */
    private static boolean shouldBeDown(SupervisedProcess supervisedProcess, ProcessSpec now) {
        if (Restorer.startsAtFirst(now)) {
            return false;
        }
        return switch (supervisedProcess.process.goal()) {
            case UP ->
                    isLeftAlone(supervisedProcess, now)
                            && !supervisedProcess.isAlive()
                            && (now.skip() || !supervisedProcess.isOver());
            case DOWN -> {
                boolean isNews =
                        isLeftAlone(supervisedProcess, now)
                                || Restorer.atFirst(supervisedProcess.spec)
                                        != Restorer.atFirst(now);
                boolean byTime =
                        !now.skip() && supervisedProcess.process.endedFor(StopReason.SCHEDULE);
                yield isNews
                        && !byTime
                        && !supervisedProcess.process.isHeldDown()
                        && !supervisedProcess.isAlive();
            }
            case FORGOTTEN -> false;
        };
    }

    private Change removed(SupervisedProcess supervisedProcess) {
        if (supervisedProcess.process.goal() == Goal.FORGOTTEN) {
            return new Change(supervisedProcess.name(), Action.LIVE, List.of());
        }
        if (!isKept(supervisedProcess)) {
            return new Change(supervisedProcess.name(), Action.STOP, List.of());
        }
        boolean isNews = supervisedProcess.kind == SupervisedProcess.Kind.CONFIGURED;
        return new Change(
                supervisedProcess.name(), Action.LIVE, isNews ? List.of("orphans") : List.of());
    }

    private boolean isKept(SupervisedProcess supervisedProcess) {
        return spec.orphans() == OrphanPolicy.KEEP
                && supervisedProcess.isAlive()
                && supervisedProcess.process.goal() == Goal.UP;
    }
}
