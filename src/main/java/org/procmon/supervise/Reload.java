package org.procmon.supervise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Supervised;
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
    private int unchanged;

    Reload(Table table, MonitorSpec spec) {
        this.table = table;
        this.spec = spec;
        for (Entry entry : table.all()) {
            left.put(entry.name(), entry);
        }
        for (ProcessSpec process : spec.processes()) {
            Entry entry = left.remove(process.id());
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
            Entry entry =
                    table.process(process.id())
                            .orElseGet(() ->
                                    new Entry(process, Entry.Kind.CONFIGURED, fresh(process, now)));
            entry.spec = process;
            entry.kind = Entry.Kind.CONFIGURED;
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
        for (Change change : changes) {
            Entry entry = table.process(change.name()).orElseThrow();
            switch (change.action()) {
                case LIVE -> {}
                case START -> post.accept(entry, new Event.Start());
                case RESTART -> post.accept(entry, new Event.Restart(StopReason.RECONFIGURED));
                case STOP -> post.accept(entry, new Event.Delete(StopReason.REMOVED));
            }
        }
    }

    private static Supervised fresh(ProcessSpec process, Ticks now) {
        return Supervised.unstarted(
                process.skip() ? StopReason.SKIPPED : StopReason.NEVER_STARTED, now);
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
        return process.triggers().startsByTime()
                ? new Change(process.id(), Action.LIVE, List.of("schedule"))
                : new Change(process.id(), Action.START, List.of());
    }

    /** Whether it is to be started with the others. */
    private static boolean isStarted(ProcessSpec process) {
        return !process.skip() && !process.triggers().startsByTime();
    }

    private static Change changed(Entry entry, ProcessSpec now) {
        Difference difference = Difference.between(entry.spec, now);
        return new Change(now.id(), action(entry, now, difference), difference.keys());
    }

    private static Action action(Entry entry, ProcessSpec now, Difference difference) {
        ProcessState state = entry.process.state();
        return switch (entry.process.goal()) {
            case FORGOTTEN -> isStarted(now) ? Action.START : Action.LIVE;
            case DOWN -> Past.startsAgain(now, entry.process) ? Action.START : Action.LIVE;
            case UP -> {
                boolean isOver =
                        state instanceof ProcessState.Completed
                                || state instanceof ProcessState.Failed;
                boolean isNew =
                        difference.needsRestart()
                                || (isOver && entry.spec.restart() != now.restart());
                // What has done its work is started again by its schedule.
                boolean waits = isOver && now.triggers().startsByTime();
                yield isNew && !waits ? Action.RESTART : Action.LIVE;
            }
        };
    }

    private Change removed(Entry entry) {
        boolean goesOn = isKept(entry) || entry.process.goal() == Goal.FORGOTTEN;
        return new Change(entry.name(), goesOn ? Action.LIVE : Action.STOP, List.of());
    }

    private boolean isKept(Entry entry) {
        return spec.orphans() == OrphanPolicy.KEEP
                && entry.isAlive()
                && entry.process.goal() == Goal.UP;
    }
}
