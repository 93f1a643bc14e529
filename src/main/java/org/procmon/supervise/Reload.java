package org.procmon.supervise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
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
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.OrphanPolicy;
import org.procmon.spec.ProcessSpec;
import org.procmon.supervise.Plan.Action;
import org.procmon.supervise.Plan.Change;

/**
 * Puts another configuration in the place of the one that the table was made for. Only what has
 * changed is touched; what an operator has stopped stays so. Loop thread only.
 */
final class Reload {
    private final Table table;
    private final MonitorSpec spec;
    private final Map<String, Entry> left = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final Set<Entry> shelved = new HashSet<>();
    private final boolean bringsBackDeleted;
    private Set<String> undeleted = Set.of();
    private int unchanged;

    /**
     * @param bringsBackDeleted whether processes that an operator has deleted are there again
     */
    Reload(Table table, MonitorSpec spec, boolean bringsBackDeleted) {
        this.table = table;
        this.spec = spec;
        this.bringsBackDeleted = bringsBackDeleted;
        for (Entry entry : table.all()) {
            left.put(entry.name(), entry);
        }
        for (ProcessSpec process : spec.processes()) {
            Entry entry = left.remove(process.id());
            if (staysDeleted(process)) {
                unchanged++;
                continue;
            }
            add(entry == null ? added(process) : changed(entry, process));
        }
        for (Entry entry : table.all()) {
            if (left.containsKey(entry.name())) {
                add(removed(entry));
            }
        }
    }

    /** What is to be done. */
    Plan plan() {
        return new Plan(changes, unchanged);
    }

    /**
     * Does it.
     *
     * @param post takes what is to happen to the entries then
     */
    void apply(Ticks now, BiConsumer<Entry, Event> post) {
        List<Entry> entries = new ArrayList<>();
        for (ProcessSpec process : spec.processes()) {
            if (staysDeleted(process)) {
                table.process(process.id()).ifPresent(entries::add);
                continue;
            }
            Entry entry =
                    table.process(process.id())
                            .orElseGet(() ->
                                    new Entry(
                                            process,
                                            Entry.Kind.CONFIGURED,
                                            Past.unstarted(process, now)));
            entry.spec = process;
            entry.kind = Entry.Kind.CONFIGURED;
            entry.compareRun();
            entries.add(entry);
            if (entry.process.goal() == Goal.FORGOTTEN) {
                post.accept(entry, new Event.Stop(StopReason.RECONFIGURED));
            }
        }
        for (Entry entry : table.all()) {
            if (left.containsKey(entry.name())) {
                entry.kind = Entry.Kind.ORPHAN;
                entries.add(entry);
            }
        }
        table.become(entries);
        if (bringsBackDeleted) {
            undeleted = new HashSet<>(table.undelete());
            spec.processes().forEach(process -> undeleted.remove(process.id()));
        }
        for (Change change : changes) {
            Entry entry = table.process(change.name()).orElseThrow();
            switch (change.action()) {
                case LIVE -> {
                    if (shelved.contains(entry)) {
                        post.accept(entry, new Event.Stop(Past.atFirst(entry.spec)));
                    }
                }
                case START -> post.accept(entry, new Event.Start());
                case RESTART -> post.accept(entry, new Event.Restart(StopReason.RECONFIGURED));
                case STOP -> post.accept(entry, new Event.Delete(StopReason.REMOVED));
            }
        }
    }

    /** Names that were deleted, and of which the configuration knows nothing; after the reload. */
    Set<String> undeleted() {
        return undeleted;
    }

    private boolean staysDeleted(ProcessSpec process) {
        return !bringsBackDeleted && table.isDeleted(process.id());
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
        return Past.startsAtFirst(process)
                ? new Change(process.id(), Action.START, List.of())
                : new Change(process.id(), Action.LIVE, List.of("schedule"));
    }

    private Change changed(Entry entry, ProcessSpec now) {
        Difference difference = Difference.between(entry.spec, now);
        if (entry.isAlive() && !entry.begunWith.isEmpty()) {
            difference = difference.ofRun(restartKeys(entry, now));
        }
        if (!difference.keys().isEmpty() && isShelved(entry, now)) {
            shelved.add(entry);
        }
        Action action = action(entry, now, difference);
        if (action == Action.LIVE && isToBeTried(entry, now)) {
            action = Action.START;
        }
        return action == Action.RESTART
                ? new Change(now.id(), action, difference.demanding(), difference.besides())
                : new Change(now.id(), action, difference.keys());
    }

    /** What is not to be started is not started anew either; a run of it goes on as it began. */
    private static List<String> restartKeys(Entry entry, ProcessSpec now) {
        return Past.startsAtFirst(now) || Past.startsAtFirst(entry.spec)
                ? entry.keysToRestartFor(now)
                : List.of();
    }

    private static Action action(Entry entry, ProcessSpec now, Difference difference) {
        return switch (entry.process.goal()) {
            case FORGOTTEN -> Past.startsAtFirst(now) ? Action.START : Action.LIVE;
            case DOWN -> Past.startsAgain(now, entry.process) ? Action.START : Action.LIVE;
            case UP ->
                    !isLeftAlone(entry, now) && isDoneAnew(entry, now, difference)
                            ? Action.RESTART
                            : Action.LIVE;
        };
    }

    /** Whether it could not be started, for a reason that may have been mended since. */
    private boolean isToBeTried(Entry entry, ProcessSpec now) {
        return bringsBackDeleted
                && entry.process.goal() == Goal.UP
                && Past.startsAtFirst(now)
                && entry.process.state() instanceof Failed failed
                && failed.error().filter(StartError::lasting).isPresent();
    }

    /** Whether it is no longer to be started with the others; what runs goes on then. */
    private static boolean isLeftAlone(Entry entry, ProcessSpec now) {
        return Past.startsAtFirst(entry.spec) && !Past.startsAtFirst(now);
    }

    private static boolean isDoneAnew(Entry entry, ProcessSpec now, Difference difference) {
        boolean isOver =
                switch (entry.process.state()) {
                    case Completed _ -> entry.spec.restart() != now.restart();
                    case Failed _ -> difference.judgesAnew();
                    case Stopped _, Waiting _, Starting _, Running _, Stopping _, Backoff _ ->
                            false;
                };
        boolean isNew = difference.needsRestart() || isOver;
        // What has done its work is started again by its schedule.
        boolean waits = hasEnded(entry.process.state()) && now.triggers().startsByTime();
        return isNew && !waits;
    }

    private static boolean hasEnded(ProcessState state) {
        return state instanceof Completed || state instanceof Failed;
    }

    /** Whether it is to be down, for the reason for which it would be after a fresh start. */
    private static boolean isShelved(Entry entry, ProcessSpec now) {
        if (Past.startsAtFirst(now)) {
            return false;
        }
        return switch (entry.process.goal()) {
            case UP ->
                    isLeftAlone(entry, now) && !entry.isAlive() && (now.skip() || !entry.isOver());
            case DOWN -> {
                boolean isNews =
                        isLeftAlone(entry, now) || Past.atFirst(entry.spec) != Past.atFirst(now);
                boolean byTime = !now.skip() && entry.process.endedFor(StopReason.SCHEDULE);
                yield isNews && !byTime && !entry.process.isHeldDown() && !entry.isAlive();
            }
            case FORGOTTEN -> false;
        };
    }

    private Change removed(Entry entry) {
        if (entry.process.goal() == Goal.FORGOTTEN) {
            return new Change(entry.name(), Action.LIVE, List.of());
        }
        if (!isKept(entry)) {
            return new Change(entry.name(), Action.STOP, List.of());
        }
        boolean isNews = entry.kind == Entry.Kind.CONFIGURED;
        return new Change(entry.name(), Action.LIVE, isNews ? List.of("orphans") : List.of());
    }

    private boolean isKept(Entry entry) {
        return spec.orphans() == OrphanPolicy.KEEP
                && entry.isAlive()
                && entry.process.goal() == Goal.UP;
    }
}
