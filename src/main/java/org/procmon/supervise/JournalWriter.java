package org.procmon.supervise;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.JournalEntry;

/** Lets the journal know how the processes are. Loop thread only. */
final class JournalWriter {
    private final Journal journal;
    private final ProcessRegistry processRegistry;
    private final SnapshotBuilder snapshotBuilder;

    /** Those of whom the journal does not yet know how they are. */
    private final LinkedHashSet<SupervisedProcess> due = new LinkedHashSet<>();

    /** Whether the journal could not take all of it the last time. */
    private boolean isBehind;

    /** Whether the journal does not yet know that a reload is complete. */
    private boolean isReloaded;

    JournalWriter(
            Journal journal, ProcessRegistry processRegistry, SnapshotBuilder snapshotBuilder) {
        this.journal = journal;
        this.processRegistry = processRegistry;
        this.snapshotBuilder = snapshotBuilder;
    }

    /** A process is to be kept with the next that are. */
    void later(SupervisedProcess supervisedProcess) {
        due.add(supervisedProcess);
    }

    /** Keeps a process as it is. */
    void now(SupervisedProcess supervisedProcess) {
        keep(supervisedProcess, OptionalLong.empty());
        due.remove(supervisedProcess);
    }

    /** Keeps that a run is about to be started. */
    void intent(SupervisedProcess supervisedProcess, long number) {
        keep(supervisedProcess, OptionalLong.of(number));
    }

    /** Keeps that another configuration is followed from now on, once all that follows is kept. */
    void reloaded() {
        isReloaded = true;
    }

    /** Keeps nothing any more of a process that was deleted. */
    void drop(String name) {
        journal.drop(name);
    }

    /** Keeps all that are due, before anybody is told of them. */
    void all() {
        boolean wasBehind = isBehind;
        for (SupervisedProcess supervisedProcess : due) {
            keep(supervisedProcess, OptionalLong.empty());
        }
        due.clear();
        if (isReloaded) {
            isReloaded = false;
            journal.reloaded();
        }
        isBehind = journal.isBehind();
        if (isBehind || wasBehind) {
            snapshotBuilder.allHaveChanged();
        }
    }

    private void keep(SupervisedProcess supervisedProcess, OptionalLong intended) {
        if (isReplaced(supervisedProcess)) {
            return;
        }
        if (supervisedProcess.isGone()) {
            journal.drop(supervisedProcess.name());
        } else {
            ProcessSpec spec = supervisedProcess.spec;
            ProcessStatus process = supervisedProcess.process.withoutHook();
            journal.keep(
                    new JournalEntry(
                            spec.id(),
                            spec.exec(),
                            spec.stop(),
                            process,
                            intended,
                            supervisedProcess.begunWith));
        }
    }

    /** Whether it was forgotten, and another has its name, and its record, by now. */
    private boolean isReplaced(SupervisedProcess supervisedProcess) {
        Optional<SupervisedProcess> present = processRegistry.find(supervisedProcess.name());
        return present.isPresent() && !present.get().equals(supervisedProcess);
    }
}
