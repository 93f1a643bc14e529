package org.procmon.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.lifecycle.ProcessState.Waiting;

/**
 * The processes as readers see them. Of a thousand that one event leaves alone, none is looked at
 * again: a view is made when it is wanted, and kept until something about its process has changed.
 * Loop thread only.
 */
final class Views {
    private final Table table;
    private final Budget budget;
    private final Journal journal;
    private Map<String, List<Appointment>> plans = Map.of();
    private Map<String, String> remarks = Map.of();

    Views(Table table, Budget budget, Journal journal) {
        this.table = table;
        this.budget = budget;
        this.journal = journal;
    }

    /** From now on the schedules have these plans. */
    void planned(Map<String, List<Appointment>> next) {
        plans = next;
        allHaveChanged();
    }

    /** From now on this is to be said of processes. */
    void remarked(Map<String, String> all) {
        remarks = all;
        allHaveChanged();
    }

    /** Something may have changed about a process, or about whom it waits for. */
    void hasChanged(Entry entry) {
        entry.view = null;
    }

    void allHaveChanged() {
        table.all().forEach(this::hasChanged);
        table.attendants().forEach(this::hasChanged);
    }

    List<ProcessView> all() {
        List<ProcessView> views = new ArrayList<>(table.all().size());
        for (Entry entry : table.all()) {
            views.add(of(entry));
        }
        return views;
    }

    /** An attendant; empty if there is none of this name. */
    Optional<ProcessView> attendant(String name) {
        return table.attendants().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .map(this::of);
    }

    ProcessView of(Entry entry) {
        ProcessView kept = entry.view;
        if (kept == null) {
            kept = look(entry);
            entry.view = kept;
        }
        return kept;
    }

    private ProcessView look(Entry entry) {
        List<String> waitsFor = List.of();
        if (entry.process.state() instanceof Waiting) {
            waitsFor = table.unmet(entry);
        } else if (entry.isHeld()) {
            waitsFor = table.stillAbove(entry);
        }
        return new ProcessView(
                entry.spec,
                entry.process,
                waitsFor,
                entry.kind == Entry.Kind.ORPHAN,
                plans.getOrDefault(entry.name(), List.of()),
                Optional.ofNullable(remarks.get(entry.name())),
                journal.unkept(entry.name()),
                budget.holds(entry),
                entry.outdated);
    }
}
