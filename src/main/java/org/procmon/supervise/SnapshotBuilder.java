package org.procmon.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.status.ProcessView;
import org.procmon.status.ScheduledAction;
import org.procmon.supervise.port.Journal;

/**
 * The processes as readers see them. A view is created when needed, and reused until its process
 * changes: an event does not cost a look at a thousand unaffected processes. Loop thread only.
 */
final class SnapshotBuilder {
    private final ProcessRegistry processRegistry;
    private final StartBudgetLimiter startBudgetLimiter;
    private final Journal journal;
    private Map<String, List<ScheduledAction>> plans = Map.of();
    private Map<String, String> remarks = Map.of();

    SnapshotBuilder(
            ProcessRegistry processRegistry,
            StartBudgetLimiter startBudgetLimiter,
            Journal journal) {
        this.processRegistry = processRegistry;
        this.startBudgetLimiter = startBudgetLimiter;
        this.journal = journal;
    }

    /** Replaces what the schedules do next. */
    void planned(Map<String, List<ScheduledAction>> next) {
        plans = next;
        allHaveChanged();
    }

    /** Replaces the warnings about processes. */
    void remarked(Map<String, String> all) {
        remarks = all;
        allHaveChanged();
    }

    /** A process, or the processes that it waits for, may have changed. */
    void hasChanged(SupervisedProcess supervisedProcess) {
        supervisedProcess.view = null;
    }

    void allHaveChanged() {
        processRegistry.all().forEach(this::hasChanged);
        processRegistry.companions().forEach(this::hasChanged);
    }

    List<ProcessView> all() {
        List<ProcessView> views = new ArrayList<>(processRegistry.all().size());
        for (SupervisedProcess supervisedProcess : processRegistry.all()) {
            views.add(of(supervisedProcess));
        }
        return views;
    }

    /** One of the monitor's own programs; empty if there is none of this name. */
    Optional<ProcessView> companion(String name) {
        return processRegistry.companions().stream()
                .filter(supervisedProcess -> supervisedProcess.name().equals(name))
                .findFirst()
                .map(this::of);
    }

    ProcessView of(SupervisedProcess supervisedProcess) {
        ProcessView kept = supervisedProcess.view;
        if (kept == null) {
            kept = look(supervisedProcess);
            supervisedProcess.view = kept;
        }
        return kept;
    }

    private ProcessView look(SupervisedProcess supervisedProcess) {
        List<String> waitsFor = List.of();
        if (supervisedProcess.process.state() instanceof Waiting) {
            waitsFor = processRegistry.unmet(supervisedProcess);
        } else if (supervisedProcess.isHeld()) {
            waitsFor = processRegistry.stillAbove(supervisedProcess);
        }
        return new ProcessView(
                supervisedProcess.spec,
                supervisedProcess.process,
                waitsFor,
                supervisedProcess.kind == SupervisedProcess.Kind.ORPHAN,
                plans.getOrDefault(supervisedProcess.name(), List.of()),
                Optional.ofNullable(remarks.get(supervisedProcess.name())),
                journal.unkept(supervisedProcess.name()),
                startBudgetLimiter.holds(supervisedProcess),
                supervisedProcess.outdated);
    }
}
