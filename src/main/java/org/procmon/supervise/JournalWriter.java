package org.procmon.supervise;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.config.PoolSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.JournalEntry;

/** Writes the state of the processes to the journal. Loop thread only. */
final class JournalWriter {
    private final Journal journal;
    private final ProcessRegistry processRegistry;
    private final SnapshotBuilder snapshotBuilder;

    /** The processes with changes that are not in the journal yet. */
    private final LinkedHashSet<SupervisedProcess> due = new LinkedHashSet<>();

    /** Whether the journal could not write all of it the last time. */
    private boolean isBehind;

    /** Whether a completed reload is not in the journal yet. */
    private boolean isReloaded;

    JournalWriter(
            Journal journal, ProcessRegistry processRegistry, SnapshotBuilder snapshotBuilder) {
        this.journal = journal;
        this.processRegistry = processRegistry;
        this.snapshotBuilder = snapshotBuilder;
    }

    /** Writes a process with the next batch. */
    void later(SupervisedProcess supervisedProcess) {
        due.add(supervisedProcess);
    }

    /** Writes a process as it is. */
    void now(SupervisedProcess supervisedProcess) {
        keep(supervisedProcess, OptionalLong.empty());
        due.remove(supervisedProcess);
    }

    /** Writes that a run is about to be started. */
    void intent(SupervisedProcess supervisedProcess, long number) {
        keep(supervisedProcess, OptionalLong.of(number));
    }

    /**
     * Writes that another configuration applies from now on, once all changes by it are written.
     */
    void reloaded() {
        isReloaded = true;
    }

    /** Writes that an operator has stopped a pool. */
    void poolStopped(PoolSpec pool, Ticks now) {
        journal.keep(
                new JournalEntry(
                        pool.id(),
                        pool.template().exec(),
                        pool.template().stop(),
                        ProcessStatus.unstarted(StopReason.OPERATOR, now)));
    }

    /** Deletes the record of a deleted process. */
    void drop(String name) {
        journal.drop(name);
    }

    /** Writes all processes that are due, before clients see them. */
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
                            supervisedProcess.startedWith));
        }
    }

    /** Whether it was deleted, and another process has its name and its record by now. */
    private boolean isReplaced(SupervisedProcess supervisedProcess) {
        Optional<SupervisedProcess> present = processRegistry.find(supervisedProcess.name());
        return present.isPresent() && !present.get().equals(supervisedProcess);
    }
}
