package org.procmon.app;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.journal.JournalFolder;
import org.procmon.journal.MonitorFile;
import org.procmon.journal.MonitorRecord;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Supervised;
import org.procmon.lifecycle.Tally;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.BootId;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Self;
import org.procmon.spec.Bundle;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.SpecReader;
import org.procmon.spec.SpecResult;
import org.procmon.supervise.Attendant;
import org.procmon.supervise.Beginning;
import org.procmon.supervise.Journal;
import org.procmon.supervise.Kept;
import org.procmon.supervise.Snapshot;
import org.procmon.supervise.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What monitors leave to one another in the state folder. To write, and to read for more than a
 * rehearsal, the folder must be locked.
 */
final class Records {
    private static final Logger LOG = LoggerFactory.getLogger("procmon");
    private static final String FOLDER = "journal";
    private static final Duration VACANCY = Duration.ofMillis(150);

    private final Site site;
    private final Ticker ticker;
    private final MonitorFile monitors;
    private final JournalFolder journal;

    /** The monitors as they were when that could be read last. */
    private Optional<MonitorRecord> seen = Optional.empty();

    private Records(Site site, Ticker ticker, MonitorFile monitors, JournalFolder journal) {
        this.site = site;
        this.ticker = ticker;
        this.monitors = monitors;
        this.journal = journal;
    }

    /**
     * Makes what there is to be made in the state folder.
     *
     * @throws IOException if it is not there, or somebody else's
     */
    static Records of(Site site, Ticker ticker) throws IOException {
        InstantSource wall = InstantSource.system();
        String boot = BootId.current();
        MonitorFile monitors =
                new MonitorFile(site.state(), site.state().resolve(FOLDER), boot, wall, ticker);
        return new Records(
                site,
                ticker,
                monitors,
                JournalFolder.open(site.state().resolve(FOLDER), monitors, boot, wall, ticker));
    }

    /** Whether monitors have left anything. */
    static boolean areThere(Site site) {
        return Files.isDirectory(site.state().resolve(FOLDER));
    }

    /** Notes that somebody has ordered monitors to begin, with this configuration. */
    void begin(Bundle configuration) throws IOException {
        Optional<MonitorRecord> before = monitors.readMonitor();
        boolean ended = before.isEmpty() || before.get().ended();
        if (ended) {
            dropForgotten();
            journal.complete();
        }
        String file = site.file().toAbsolutePath().toString();
        monitors.keepConfiguration(configuration.encode());
        monitors.keepMonitor(
                before.orElse(MonitorRecord.first(ticker.now(), file))
                        .begunAnew(ticker.now(), ended ? "started" : "started after a crash")
                        .following(file));
    }

    /** What was deleted is deleted until the configuration is read for a new beginning. */
    private void dropForgotten() throws IOException {
        for (Kept kept : journal.read()) {
            boolean alive = kept.process().state().run().isPresent();
            if (kept.process().goal() == Goal.FORGOTTEN && !alive) {
                journal.drop(kept.name());
            }
        }
    }

    /**
     * What monitors follow now, on whichever thread.
     *
     * @throws IOException if it cannot be read
     */
    Bundle accepted() throws IOException {
        Records reader = of(site, ticker);
        return Bundle.decode(reader.configuration());
    }

    /** Replaces the configuration that monitors follow; says why if it cannot be replaced. */
    Optional<String> accept(byte[] configuration) {
        return monitors.keepConfiguration(configuration)
                .map(errno ->
                        "cannot keep the configuration in "
                                + site.state()
                                + ": "
                                + errno.words()
                                + "; nothing was changed");
    }

    /** Notes that this process is the backup. */
    void keepAsBackup(ProcessSpec backup) throws IOException {
        String name = backup.id();
        Tally before = journal.readOne(name).map(k -> k.process().tally()).orElse(Tally.NONE);
        int pid = Self.pid();
        long born = ProcessStat.of(pid).map(ProcessStat::born).orElse(0L);
        Run run = new Run(pid, born, before.runs() + 1, ticker.now());
        Tally tally =
                new Tally(run.number(), pid, before.lastExit(), Optional.empty(), before.streak());
        Supervised self = new Supervised(Goal.UP, new ProcessState.Running(run), tally);
        journal.keep(new Kept(name, backup.exec(), backup.stop(), self, OptionalLong.empty()));
    }

    /** Whether a run of this name was left by a monitor before, or was about to be started. */
    boolean isLeft(String name) {
        try {
            return journal.readOne(name)
                    .filter(kept ->
                            kept.process().state().run().isPresent() || kept.intended().isPresent())
                    .isPresent();
        } catch (IOException e) {
            LOG.warn("cannot read the record of {}: {}", name, e.getMessage());
            return false;
        }
    }

    /** The run of the backup that was last known; it may have ended. */
    Optional<Run> backup() throws IOException {
        return journal.readOne(Snapshot.BACKUP).flatMap(kept -> kept.process().state().run());
    }

    /** The monitors as they were last; it is unknown what they were if nothing can be believed. */
    MonitorRecord last() throws IOException {
        Optional<MonitorRecord> now = monitors.readMonitor();
        seen = now.isPresent() ? now : seen;
        return seen.orElseGet(() -> MonitorRecord.first(ticker.now(), site.file().toString()));
    }

    void keep(MonitorRecord record) {
        monitors.keepMonitor(record);
    }

    /** Writes all again that is known, after somebody has removed it. */
    void restore() {
        monitors.restore();
        journal.restore();
    }

    /** Likewise, if the primary died before it could. */
    void restoreIfRemoved() {
        if (!areThere(site)) {
            LOG.error(
                    "the records in {} were removed: writing again what this monitor has read last",
                    site.state());
            monitors.restore();
            journal.restore();
        }
    }

    /** The configuration that monitors follow, as this object has kept or read it last. */
    byte[] acceptedLast() {
        return monitors.configurationAsKnown();
    }

    /** Notes that this process is now the primary. */
    MonitorRecord succeed() throws IOException {
        MonitorRecord self = last().next(ticker.now());
        monitors.keepMonitor(self);
        return self;
    }

    /** What this primary begins with. */
    Beginning beginning(MonitorSpec spec, List<Attendant> attendants, boolean shuttingDown)
            throws IOException {
        boolean hasBackup =
                attendants.stream().anyMatch(a -> a.spec().id().equals(Snapshot.BACKUP));
        List<Kept> past = new ArrayList<>();
        for (Kept kept : journal.read()) {
            if (!kept.name().equals(Snapshot.BACKUP)) {
                past.add(kept);
            } else if (hasBackup) {
                past.add(isSelf(kept) ? withoutRun(kept) : kept);
            } else {
                journal.drop(kept.name());
            }
        }
        if (!journal.isComplete()) {
            Rediscovery found = new Rediscovery(site, ticker.now());
            past = found.of(spec, past);
            found.found().forEach(journal::keep);
        }
        return new Beginning(spec, attendants, past, spec.orphans(), shuttingDown);
    }

    /** Notes that the records tell all that was found at the beginning. */
    void settle() {
        journal.complete();
    }

    private static boolean isSelf(Kept kept) {
        return kept.process().state().run().map(Run::pid).equals(Optional.of(Self.pid()));
    }

    /**
     * A backup that has become the primary has left a vacancy. It is filled a moment later: those
     * who wait for an answer come first.
     */
    private Kept withoutRun(Kept kept) {
        Ticks now = ticker.now();
        ProcessState vacant = new ProcessState.Backoff(0, now.plus(VACANCY), now);
        Supervised process = new Supervised(Goal.UP, vacant, kept.process().tally());
        return new Kept(kept.name(), kept.exec(), kept.stop(), process, OptionalLong.empty());
    }

    Journal journal() {
        return journal;
    }

    /** Notes that nothing is left to be taken over; false if that cannot be kept. */
    boolean end() throws IOException {
        return monitors.keepMonitor(last().withEnd()).isEmpty();
    }

    /** Reads what a primary will read, and changes nothing; for this the folder may be locked. */
    List<Kept> rehearse() throws IOException {
        return journal.rehearse();
    }

    /** Makes the records of processes as a primary will, and keeps none. */
    void rehearseWriting(List<Kept> all) {
        journal.rehearseWriting(all);
    }

    /**
     * The configuration that monitors follow, as it was accepted, whatever has become of its file.
     *
     * @throws IOException if there is none that can be read
     */
    byte[] configuration() throws IOException {
        return monitors.readConfiguration()
                .orElseThrow(() -> new IOException("no monitor has accepted a configuration"));
    }

    /**
     * What that configuration means.
     *
     * @throws IOException if this program, unlike the one that accepted it, finds problems in it
     */
    MonitorSpec spec(byte[] configuration) throws IOException {
        Bundle bundle = Bundle.decode(configuration);
        return switch (SpecReader.read(bundle, site.file(), site.environment())) {
            case SpecResult.Valid valid -> valid.spec();
            case SpecResult.Invalid invalid ->
                    throw new IOException(
                            "the accepted configuration has problems: " + invalid.problems());
        };
    }
}
