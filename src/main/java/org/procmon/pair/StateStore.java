package org.procmon.pair;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.ConfigBundle;
import org.procmon.config.DecisionPolicy;
import org.procmon.config.MonitorSpec;
import org.procmon.config.ProcessName;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;
import org.procmon.journal.DecisionFile;
import org.procmon.journal.Decisions;
import org.procmon.journal.DurableJournal;
import org.procmon.journal.JournalFolder;
import org.procmon.journal.MonitorFile;
import org.procmon.journal.MonitorRecord;
import org.procmon.launch.StartMarkers;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.BootId;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.ProcessStat;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.Companion;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.JournalEntry;
import org.procmon.supervise.port.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What monitors leave to one another in the state directory. Except for the reads of a warm-up, the
 * directory must be locked.
 */
public final class StateStore {
    private static final String FOLDER = "journal";
    private static final Logger LOG = LoggerFactory.getLogger("state");

    /** The most names that a line of the log shows. */
    private static final int MOST_NAMES = 20;

    private static final Duration BACKUP_DELAY = Duration.ofMillis(150);

    private final MonitorContext monitorContext;
    private final Ticker ticker;
    private final MonitorFile monitors;
    private final JournalFolder journal;
    private final DecisionFile decisions;

    /** The monitors as they were when that was last readable. */
    private Optional<MonitorRecord> seen = Optional.empty();

    private StateStore(
            MonitorContext monitorContext,
            Ticker ticker,
            MonitorFile monitors,
            JournalFolder journal,
            DecisionFile decisions) {
        this.decisions = decisions;
        this.monitorContext = monitorContext;
        this.ticker = ticker;
        this.monitors = monitors;
        this.journal = journal;
    }

    /**
     * Makes the contents of the state directory.
     *
     * @throws IOException if the directory does not exist, or belongs to another user
     */
    public static StateStore of(MonitorContext monitorContext, Ticker ticker) throws IOException {
        InstantSource wall = InstantSource.system();
        String boot = BootId.current();
        MonitorFile monitors =
                new MonitorFile(
                        monitorContext.state(),
                        monitorContext.state().resolve(FOLDER),
                        boot,
                        wall,
                        ticker);
        return new StateStore(
                monitorContext,
                ticker,
                monitors,
                JournalFolder.open(
                        monitorContext.state().resolve(FOLDER), monitors, boot, wall, ticker),
                new DecisionFile(monitorContext.permanent(), boot, wall, ticker));
    }

    /** Whether monitors have left anything. */
    public static boolean areThere(MonitorContext monitorContext) {
        return Files.isDirectory(monitorContext.state().resolve(FOLDER));
    }

    /** Records that a user has started monitors, with this configuration. */
    public void begin(ConfigBundle configuration) throws IOException {
        Optional<MonitorRecord> before = monitors.readMonitor();
        boolean ended = before.isEmpty() || before.get().ended();
        String file = monitorContext.file().toAbsolutePath().toString();
        monitors.keepConfiguration(configuration.encode());
        monitors.keepMonitor(
                before.orElse(MonitorRecord.first(ticker.now(), file))
                        .begunAnew(
                                ticker.now(),
                                ended ? MonitorRecord.STARTED : "started after a crash")
                        .following(file));
    }

    /**
     * Files that were just read, with the numbers of instances that operators have set and that
     * still hold.
     */
    public SpecResult.Valid scaled(SpecResult.Valid files) throws IOException {
        ConfigBundle before = before(files);
        return switch (InstanceOverrides.over(before, files, monitorContext)) {
            case SpecResult.Valid valid -> valid;
            case SpecResult.Invalid invalid -> {
                LOG.atWarn()
                        .addKeyValue("reason", invalid.problems().getFirst().message())
                        .log("ignoring the instances that operators set");
                yield files;
            }
        };
    }

    /** The configuration of the previous monitors, with the operators' changes that still hold. */
    private ConfigBundle before(SpecResult.Valid files) throws IOException {
        boolean always = files.spec().decisions() == DecisionPolicy.ALWAYS;
        Optional<MonitorRecord> _ = monitors.readMonitor();
        Optional<byte[]> accepted = monitors.readConfiguration();
        if (accepted.isPresent() && (always || monitors.isOfThisBoot())) {
            try {
                return ConfigBundle.decode(accepted.get());
            } catch (IOException e) {
                LOG.atWarn()
                        .addKeyValue("reason", e.getMessage())
                        .log("ignoring the saved configuration");
            }
        }
        ConfigBundle configBundle = files.bundle();
        if (always) {
            for (Map.Entry<String, Integer> one : decisions.read().scale().entrySet()) {
                configBundle = configBundle.scaled(one.getKey(), one.getValue());
            }
        }
        return configBundle;
    }

    /**
     * The configuration that monitors follow now; any thread.
     *
     * @throws IOException if it cannot be read
     */
    ConfigBundle accepted() throws IOException {
        StateStore reader = of(monitorContext, ticker);
        Optional<byte[]> kept = reader.monitors.readConfiguration();
        return ConfigBundle.decode(kept.isPresent() ? kept.get() : configuration());
    }

    /** Replaces the copy of the configuration; returns the reason if that fails. */
    Optional<String> keepConfiguration(byte[] configuration) {
        return monitors.acceptConfiguration(configuration);
    }

    /** Records that this process is the backup. */
    void keepAsBackup(ProcessSpec backup) throws IOException {
        String name = backup.id();
        RunCounters before =
                journal.readOne(name).map(k -> k.process().tally()).orElse(RunCounters.NONE);
        int pid = CurrentProcess.pid();
        long born = ProcessStat.of(pid).map(ProcessStat::born).orElse(0L);
        Run run = new Run(pid, born, before.runs() + 1, ticker.now());
        RunCounters runCounters =
                new RunCounters(
                        run.number(), pid, before.lastExit(), Optional.empty(), before.streak());
        ProcessStatus self = new ProcessStatus(Goal.UP, new ProcessState.Running(run), runCounters);
        journal.keep(new JournalEntry(name, backup.exec(), backup.stop(), self));
    }

    /** Whether an earlier monitor left a run of this name, or was about to start one. */
    public boolean isLeft(String name) {
        try {
            return journal.readOne(name)
                    .filter(journalEntry ->
                            journalEntry.process().state().run().isPresent()
                                    || journalEntry.intended().isPresent())
                    .isPresent();
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("process", name)
                    .addKeyValue("reason", e.getMessage())
                    .log("{process} record cannot be read");
            return false;
        }
    }

    /** The last known run of the backup; it may have exited. */
    Optional<Run> backup() throws IOException {
        return journal.readOne(Snapshot.BACKUP)
                .flatMap(journalEntry -> journalEntry.process().state().run());
    }

    /** The last known monitors; unknown if no record can be believed. */
    public MonitorRecord last() throws IOException {
        Optional<MonitorRecord> now = monitors.readMonitor();
        seen = now.isPresent() ? now : seen;
        return seen.orElseGet(
                () -> MonitorRecord.first(ticker.now(), monitorContext.file().toString()));
    }

    public void keep(MonitorRecord record) {
        monitors.keepMonitor(record);
    }

    /** Writes everything again that is known, after it was removed. */
    public void restore() {
        monitors.restore();
        journal.restore();
    }

    /** The same, if the primary died before it could do so. */
    void restoreIfRemoved() {
        if (!areThere(monitorContext)) {
            LOG.atError()
                    .addKeyValue("state", monitorContext.state())
                    .log("the records were removed, writing them again from memory");
            monitors.restore();
            journal.restore();
        }
    }

    /** The configuration that monitors follow, as this object has last written or read it. */
    byte[] acceptedLast() {
        return monitors.configurationAsKnown();
    }

    /** Records that this process is now the primary. */
    public MonitorRecord succeed() throws IOException {
        if (monitors.readConfiguration().isEmpty()) {
            monitors.keepConfiguration(configuration());
        }
        MonitorRecord self = last().next(ticker.now());
        monitors.keepMonitor(self);
        return self;
    }

    /** What this primary starts with. */
    public InitialState beginning(
            MonitorSpec spec, List<Companion> companions, boolean shuttingDown) throws IOException {
        boolean hasBackup =
                companions.stream().anyMatch(a -> a.spec().id().equals(Snapshot.BACKUP));
        List<JournalEntry> past = new ArrayList<>();
        boolean always = spec.decisions() == DecisionPolicy.ALWAYS;
        MonitorRecord self = last();
        for (JournalEntry journalEntry : journal.read(always)) {
            if (!journalEntry.name().equals(Snapshot.BACKUP)) {
                past.add(journalEntry);
            } else if (hasBackup) {
                past.add(isSelf(journalEntry) ? withoutRun(journalEntry) : journalEntry);
            } else {
                journal.drop(journalEntry.name());
            }
        }
        if (always) {
            past.addAll(decidedBefore(spec, past));
        }
        if (!isTrusted(spec, companions, past)) {
            RunDiscovery discovery =
                    new RunDiscovery(monitorContext.state(), monitorContext.uid(), ticker.now());
            boolean others = self.runs() > 1 || !past.isEmpty();
            past = discovery.completed(spec, companions, past, others);
            discovery.found().forEach(journal::keep);
        }
        return new InitialState(
                spec, companions, past, spec.orphans(), shuttingDown, self.reloading());
    }

    /**
     * Whether the records list everything that runs: they are complete, none is corrupt, of another
     * journal or missing, and none is older than the latest run of its process, as a record is that
     * was copied back.
     */
    private boolean isTrusted(
            MonitorSpec spec, List<Companion> companions, List<JournalEntry> past) {
        // The backup is this process itself, or was dropped.
        Set<String> names = new HashSet<>(Set.of(Snapshot.BACKUP));
        past.forEach(journalEntry -> names.add(journalEntry.name()));
        return journal.isComplete()
                && journal.isConsistent()
                && spec.processes().stream().allMatch(process -> names.contains(process.id()))
                && companions.stream().allMatch(own -> names.contains(own.spec().id()))
                && areCurrent(past);
    }

    private boolean areCurrent(List<JournalEntry> past) {
        Map<String, Long> begun =
                StartMarkers.latest(monitorContext.state().resolve(MonitorContext.START_MARKERS));
        return past.stream()
                .allMatch(journalEntry ->
                        begun.getOrDefault(journalEntry.name(), 0L)
                                <= RunDiscovery.latestRun(journalEntry));
    }

    /** What operators decided in earlier boots about processes that have no record. */
    private List<JournalEntry> decidedBefore(MonitorSpec spec, List<JournalEntry> past)
            throws IOException {
        Set<String> names = new HashSet<>();
        past.forEach(journalEntry -> names.add(journalEntry.name()));
        Decisions before = decisions.read();
        List<JournalEntry> decided = new ArrayList<>();
        for (ProcessSpec process : spec.processes()) {
            String name = process.id();
            boolean deleted = before.deleted().contains(name);
            if ((deleted || before.stopped().contains(name)) && !names.contains(name)) {
                ProcessStatus down =
                        new ProcessStatus(
                                deleted ? Goal.FORGOTTEN : Goal.DOWN,
                                new ProcessState.Stopped(StopReason.OPERATOR, ticker.now()),
                                RunCounters.NONE);
                decided.add(new JournalEntry(name, process.exec(), process.stop(), down));
            }
        }
        return decided;
    }

    /** Logs which decisions of operators hold although a user has started the monitor again. */
    public void logDecisions(MonitorSpec spec, InitialState initialState) throws IOException {
        List<String> stopped = new ArrayList<>();
        List<String> deleted = new ArrayList<>();
        for (JournalEntry journalEntry : initialState.past()) {
            if (journalEntry.process().isHeldDown()
                    && !ProcessName.isReserved(journalEntry.name())) {
                (journalEntry.process().goal() == Goal.FORGOTTEN ? deleted : stopped)
                        .add(journalEntry.name());
            }
        }
        if (!stopped.isEmpty()) {
            LOG.atInfo()
                    .addKeyValue("processes", some(stopped))
                    .addKeyValue("advice", "procmon start NAME")
                    .log("still stopped by an operator");
        }
        if (!deleted.isEmpty()) {
            LOG.atInfo()
                    .addKeyValue("processes", some(deleted))
                    .addKeyValue("advice", "procmon reload")
                    .log("still deleted by an operator");
        }
        accepted()
                .scale()
                .forEach((name, instances) -> {
                    if (spec.scalable().contains(name)) {
                        LOG.atInfo()
                                .addKeyValue("process", name)
                                .addKeyValue("instances", instances)
                                .log("{process} keeps the instances that an operator set");
                    }
                });
    }

    private static String some(List<String> names) {
        int more = names.size() - MOST_NAMES;
        return more <= 0
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MOST_NAMES)) + " and " + more + " more";
    }

    /** Records that the journal lists everything that was found at the start. */
    public void settle() {
        journal.complete();
    }

    private static boolean isSelf(JournalEntry journalEntry) {
        return journalEntry
                .process()
                .state()
                .run()
                .map(Run::pid)
                .equals(Optional.of(CurrentProcess.pid()));
    }

    /**
     * A backup that has become the primary leaves no backup. Another one is started a moment later:
     * clients that wait for a reply come first.
     */
    private JournalEntry withoutRun(JournalEntry journalEntry) {
        Ticks now = ticker.now();
        ProcessState backoff = new ProcessState.Backoff(0, now.plus(BACKUP_DELAY), now);
        ProcessStatus process = new ProcessStatus(Goal.UP, backoff, journalEntry.process().tally());
        return new JournalEntry(
                journalEntry.name(), journalEntry.exec(), journalEntry.stop(), process);
    }

    /**
     * The journal of a primary.
     *
     * @param bugs is notified when one of its threads fails, which is a bug
     */
    public Journal journal(MonitorSpec spec, Thread.UncaughtExceptionHandler bugs)
            throws IOException {
        boolean always = spec.decisions() == DecisionPolicy.ALWAYS;
        Decisions before = always ? decisions.read() : Decisions.NONE;
        DurableJournal durable = new DurableJournal(journal, decisions, before, always, bugs);
        if (always) {
            durable.follow(true, accepted().scale());
        }
        return durable;
    }

    /** Records that nothing is left to take over; false if that cannot be written. */
    public boolean end() throws IOException {
        return monitors.keepMonitor(last().withEnd()).isEmpty();
    }

    /**
     * Reads what a primary will read, and changes nothing; the directory may be locked meanwhile.
     */
    List<JournalEntry> warmUp() throws IOException {
        List<JournalEntry> all = journal.warmUp();
        boolean _ = areCurrent(all);
        return all;
    }

    /** Makes the records of processes as a primary will, and writes none. */
    void warmUpWriting(List<JournalEntry> all) {
        journal.warmUpWriting(all);
    }

    /**
     * The accepted configuration that monitors follow, whatever has become of its file.
     *
     * @throws IOException if there is none that can be read
     */
    public byte[] configuration() throws IOException {
        Optional<byte[]> kept = monitors.readConfiguration();
        if (kept.isPresent()) {
            return kept.get();
        }
        byte[] known = monitors.configurationAsKnown();
        return known.length > 0 ? known : fromFiles();
    }

    /** The files, in place of a copy that is missing or corrupt. */
    private byte[] fromFiles() throws IOException {
        LOG.atError()
                .addKeyValue("state", monitorContext.state())
                .addKeyValue("file", monitorContext.file())
                .log("the saved configuration is missing or damaged, reading the file again");
        return switch (SpecReader.read(monitorContext.file(), monitorContext.environment())) {
            case SpecResult.Valid valid -> valid.bundle().encode();
            case SpecResult.Invalid invalid ->
                    throw new IOException(
                            "there is no copy of the configuration, and the file has problems: "
                                    + invalid.problems().getFirst());
        };
    }

    /**
     * The meaning of that configuration.
     *
     * @throws IOException if this program, unlike the one that accepted it, finds problems in it
     */
    public MonitorSpec spec(byte[] configuration) throws IOException {
        ConfigBundle configBundle = ConfigBundle.decode(configuration);
        return switch (SpecReader.read(
                configBundle, monitorContext.file(), monitorContext.environment())) {
            case SpecResult.Valid valid -> valid.spec();
            case SpecResult.Invalid invalid ->
                    throw new IOException(
                            "the accepted configuration has problems: " + invalid.problems());
        };
    }
}
