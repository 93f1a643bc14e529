package org.procmon.supervise;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.lifecycle.Supervised;
import org.procmon.spec.ProcessSpec;

/** Lets the journal know how the processes are. Loop thread only. */
final class Keeping {
    private final Journal journal;
    private final Table table;
    private final Views views;

    /** Those of whom the journal does not yet know how they are. */
    private final LinkedHashSet<Entry> due = new LinkedHashSet<>();

    /** Whether the journal could not take all of it the last time. */
    private boolean isBehind;

    /** Whether the journal does not yet know that a reload is complete. */
    private boolean isReloaded;

    Keeping(Journal journal, Table table, Views views) {
        this.journal = journal;
        this.table = table;
        this.views = views;
    }

    /** A process is to be kept with the next that are. */
    void later(Entry entry) {
        due.add(entry);
    }

    /** Keeps a process as it is. */
    void now(Entry entry) {
        keep(entry, OptionalLong.empty());
        due.remove(entry);
    }

    /** Keeps that a run is about to be started. */
    void intent(Entry entry, long number) {
        keep(entry, OptionalLong.of(number));
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
        for (Entry entry : due) {
            keep(entry, OptionalLong.empty());
        }
        due.clear();
        if (isReloaded) {
            isReloaded = false;
            journal.reloaded();
        }
        isBehind = journal.isBehind();
        if (isBehind || wasBehind) {
            views.allHaveChanged();
        }
    }

    private void keep(Entry entry, OptionalLong intended) {
        if (isReplaced(entry)) {
            return;
        }
        if (entry.isGone()) {
            journal.drop(entry.name());
        } else {
            ProcessSpec spec = entry.spec;
            Supervised process = entry.process.withoutHook();
            journal.keep(
                    new Kept(
                            spec.id(),
                            spec.exec(),
                            spec.stop(),
                            process,
                            intended,
                            entry.begunWith));
        }
    }

    /** Whether it was forgotten, and another has its name, and its record, by now. */
    private boolean isReplaced(Entry entry) {
        Optional<Entry> present = table.find(entry.name());
        return present.isPresent() && !present.get().equals(entry);
    }
}
