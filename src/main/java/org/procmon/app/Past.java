package org.procmon.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.journal.JournalFolder;
import org.procmon.journal.MonitorFile;
import org.procmon.journal.MonitorRecord;
import org.procmon.lifecycle.Goal;
import org.procmon.posix.BootId;
import org.procmon.spec.MonitorSpec;
import org.procmon.supervise.Beginning;
import org.procmon.supervise.Journal;
import org.procmon.supervise.Kept;
import org.procmon.supervise.Ticker;

/** What the monitor before this one left in the state folder, and what this one leaves there. */
final class Past {
    private static final String FOLDER = "journal";

    private final JournalFolder journal;
    private final MonitorFile monitors;
    private final MonitorRecord self;
    private final List<Kept> kept;

    private Past(JournalFolder journal, MonitorFile monitors, MonitorRecord self, List<Kept> kept) {
        this.journal = journal;
        this.monitors = monitors;
        this.self = self;
        this.kept = kept;
    }

    /**
     * Reads what is there, and begins to write. The state folder must be locked.
     *
     * @param file the configuration that this monitor has accepted
     * @throws IOException if it cannot be read: then nothing is known of what still runs, and
     *     nothing may be started
     */
    static Past of(Path state, Ticker ticker, Path file) throws IOException {
        InstantSource wall = InstantSource.system();
        String boot = BootId.current();
        Path folder = state.resolve(FOLDER);
        MonitorFile monitors = new MonitorFile(state, folder, boot, wall, ticker);
        JournalFolder journal = JournalFolder.open(folder, monitors, boot, wall, ticker);
        Optional<MonitorRecord> before = monitors.readMonitor();
        List<Kept> kept = journal.read();
        if (before.isEmpty() || before.get().ended()) {
            kept = withoutForgotten(kept, journal);
        }
        long runs = before.map(MonitorRecord::runs).orElse(0L) + 1;
        MonitorRecord self =
                new MonitorRecord(
                        runs, ticker.now(), false, false, file.toAbsolutePath().toString());
        monitors.keepMonitor(self);
        return new Past(journal, monitors, self, kept);
    }

    /** How many monitors there were, this one being the latest. */
    long runs() {
        return self.runs();
    }

    Journal journal() {
        return journal;
    }

    Beginning beginning(MonitorSpec spec) {
        return new Beginning(spec, List.of(), kept, spec.orphans(), false);
    }

    /** This monitor leaves nothing to be taken over. */
    void ended() {
        monitors.keepMonitor(
                new MonitorRecord(self.runs(), self.since(), true, true, self.configuration()));
    }

    /** What was deleted is deleted until the configuration is read for a new beginning. */
    private static List<Kept> withoutForgotten(List<Kept> kept, Journal journal) {
        List<Kept> remembered = new ArrayList<>(kept.size());
        for (Kept process : kept) {
            boolean alive = process.process().state().run().isPresent();
            if (process.process().goal() == Goal.FORGOTTEN && !alive) {
                journal.drop(process.name());
            } else {
                remembered.add(process);
            }
        }
        return remembered;
    }
}
