package org.procmon.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.posix.AtomicFileFolder;
import org.procmon.posix.AtomicFileFolder.Content;
import org.procmon.posix.Errno;
import org.procmon.posix.FileNames;
import org.procmon.supervise.port.Ticker;

/**
 * What must outlive the monitor about itself: {@code monitor.json}, and {@code configuration},
 * which holds what the latest primary accepted, whatever has become of the files since. Both are
 * beside the journal's directory, where no process can have their names.
 *
 * <p>One thread at a time, and one writer to a directory; any process may read while another
 * writes.
 */
public final class MonitorFile {
    private static final String MONITOR = "monitor.json";

    /** The name of the record when all monitors have exited and nothing more can be written. */
    private static final String ENDED = "ended.json";

    private static final String CONFIGURATION = "configuration";
    private static final int LARGEST_CONFIGURATION = 64 << 20;

    private final Path state;
    private final AtomicFileFolder folder;
    private final Quarantine aside;
    private final BootTime.Source clock;
    private final RecordWriter record = new RecordWriter();
    private final WriteTrouble trouble = new WriteTrouble();
    private Optional<MonitorRecord> latest = Optional.empty();

    /** The copy of the configuration, as it was last written or read. */
    private volatile byte[] configuration = new byte[0];

    /** Whether the record that was read last says so. */
    private boolean endedBefore;

    /** Distinguishes the records of this journal from those of any other; "" until it is known. */
    private String journalId = "";

    /** Whether it was of this boot. */
    private boolean ofThisBoot = true;

    /**
     * @param state the state directory
     * @param journal the journal's directory, into which corrupt files are moved aside
     * @param boot distinguishes this boot and pid namespace from all others
     */
    public MonitorFile(Path state, Path journal, String boot, InstantSource wall, Ticker ticker) {
        this.state = state;
        this.folder = new AtomicFileFolder(BytePath.text(state.toAbsolutePath()));
        this.aside =
                new Quarantine(
                        BytePath.text(journal.toAbsolutePath().resolve(JournalFolder.SET_ASIDE)));
        this.clock = new BootTime.Source(boot, wall, ticker);
    }

    /**
     * Replaces the record of the monitors. Even a full disk does not prevent recording that they
     * have exited, and an older record of that never hides that they run.
     *
     * @return why it could not be written; empty if it was
     */
    public Optional<Errno> keepMonitor(MonitorRecord monitor) {
        String id = journalId();
        latest = Optional.of(monitor);
        RecordFormat.write(record, clock.now(), id);
        record.number("runs", monitor.runs());
        record.ticks("since", monitor.since());
        record.number("streak", monitor.streak());
        record.text("cause", monitor.cause());
        record.flag("shutting_down", monitor.shuttingDown());
        record.flag("ended", monitor.ended());
        record.flag("reloading", monitor.reloading());
        record.text("configuration", monitor.configuration());
        RecordFormat.end(record);
        Optional<Errno> failure = write(MONITOR, record.bytes(), record.size());
        if (failure.isPresent() && monitor.ended()) {
            // A rename needs no space.
            failure = FileNames.rename(folder.path() + "/" + MONITOR, folder.path() + "/" + ENDED);
        } else if (failure.isPresent() && endedBefore) {
            folder.remove(MONITOR);
        }
        if (!monitor.ended()) {
            folder.remove(ENDED);
        }
        return failure;
    }

    /**
     * The journal that the records belong to: as the monitor's record says, or a new one if no
     * record can be believed.
     */
    String journalId() {
        if (journalId.isEmpty()) {
            try {
                Optional<MonitorRecord> _ = readMonitor();
            } catch (IOException _) {
                // The real read meets the same error, and reports it.
            }
        }
        if (journalId.isEmpty()) {
            journalId = RandomId.next();
        }
        return journalId;
    }

    /** Whether the record that was read last was not written in an earlier boot. */
    public boolean isOfThisBoot() {
        return ofThisBoot;
    }

    /**
     * Records that a configuration was accepted that not all processes follow yet, or that all do.
     */
    void keepReload(boolean underWay) {
        latest.map(monitor -> monitor.withReload(underWay)).ifPresent(this::keepMonitor);
    }

    /** Records that a shutdown has started, beside what this object last wrote, if anything. */
    void shuttingDown() {
        latest.map(MonitorRecord::withShutdown).ifPresent(this::keepMonitor);
    }

    /**
     * The record of the monitors; one of another boot reads as exited. Empty if none can be
     * believed; a corrupt one is moved aside.
     *
     * @throws IOException if no file can be read
     */
    public Optional<MonitorRecord> readMonitor() throws IOException {
        Optional<MonitorRecord> monitor = readMonitor(MONITOR);
        if (monitor.isEmpty()) {
            monitor = readMonitor(ENDED).map(MonitorRecord::withEnd);
        }
        endedBefore = monitor.isPresent() && monitor.get().ended();
        if (monitor.isPresent()) {
            latest = monitor;
        }
        return monitor;
    }

    private Optional<MonitorRecord> readMonitor(String file) throws IOException {
        Optional<byte[]> bytes = read(file, RecordFormat.LARGEST);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            RecordReader recordReader = new RecordReader(bytes.get());
            RecordFormat.Head head = RecordFormat.readHead(recordReader);
            MonitorRecord monitor =
                    new MonitorRecord(
                            recordReader.atLeast(0, "runs"),
                            recordReader.ticks("since"),
                            recordReader.between(0, Integer.MAX_VALUE, "streak"),
                            recordReader.text("cause"),
                            recordReader.flag("shutting_down"),
                            recordReader.flag("ended"),
                            recordReader.flag("reloading"),
                            recordReader.text("configuration"));
            RecordFormat.readEnd(recordReader, bytes.get());
            journalId = head.journal();
            BootTime now = clock.now();
            ofThisBoot = head.stamp().isOfSameBoot(now);
            return Optional.of(seenFrom(now, head.stamp(), monitor));
        } catch (CorruptRecord e) {
            aside.take(folder, file, e.reason());
            return Optional.empty();
        }
    }

    private static MonitorRecord seenFrom(BootTime now, BootTime then, MonitorRecord monitor) {
        return then.isOfSameBoot(now)
                ? monitor
                : new MonitorRecord(
                        monitor.runs(),
                        then.seenFrom(now, monitor.since()),
                        0,
                        monitor.cause(),
                        false,
                        true,
                        false,
                        monitor.configuration());
    }

    /**
     * Replaces the copy of the configuration.
     *
     * @return why it could not be written; empty if it was
     */
    public Optional<Errno> keepConfiguration(byte[] text) {
        byte[] sealed = RecordFormat.sealed(text);
        Optional<Errno> failure = write(CONFIGURATION, sealed, sealed.length);
        if (failure.isEmpty()) {
            configuration = text;
        }
        return failure;
    }

    /** As {@link #keepConfiguration}, with the reason in words. */
    public Optional<String> acceptConfiguration(byte[] text) {
        return keepConfiguration(text)
                .map(errno ->
                        "cannot keep the configuration in "
                                + state
                                + ": "
                                + errno.words()
                                + "; nothing was changed");
    }

    /** The copy of the configuration as it was last written or read; any thread. */
    public byte[] configurationAsKnown() {
        return configuration;
    }

    /** Writes everything again that this object knows, after it was removed. */
    public void restore() {
        latest.ifPresent(this::keepMonitor);
        if (configuration.length > 0) {
            keepConfiguration(configuration);
        }
    }

    /**
     * The copy of the configuration, if there is one that can be believed.
     *
     * @throws IOException if no file can be read
     */
    public Optional<byte[]> readConfiguration() throws IOException {
        Optional<byte[]> sealed = read(CONFIGURATION, LARGEST_CONFIGURATION);
        if (sealed.isEmpty()) {
            return Optional.empty();
        }
        try {
            configuration = RecordFormat.unsealed(sealed.get());
            return Optional.of(configuration);
        } catch (CorruptRecord e) {
            aside.take(folder, CONFIGURATION, e.reason());
            return Optional.empty();
        }
    }

    private Optional<Errno> write(String name, byte[] bytes, int length) {
        Optional<Errno> failure = folder.replace(name, bytes, length);
        String file = folder.path() + "/" + name;
        if (failure.isPresent()) {
            trouble.failed(file, failure.get());
        } else {
            trouble.worked(file);
        }
        return failure;
    }

    private Optional<byte[]> read(String name, int largest) throws IOException {
        return switch (folder.read(name, largest)) {
            case Content.Whole whole -> Optional.of(whole.bytes());
            case Content.Absent _ -> Optional.empty();
            case Content.Refused refused -> {
                aside.take(folder, name, refused.reason());
                yield Optional.empty();
            }
        };
    }
}
