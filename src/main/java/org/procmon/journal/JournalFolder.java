package org.procmon.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.config.Exec;
import org.procmon.config.ProcessName;
import org.procmon.posix.AtomicFileFolder;
import org.procmon.posix.AtomicFileFolder.Content;
import org.procmon.posix.AtomicFileFolder.Version;
import org.procmon.posix.Errno;
import org.procmon.supervise.port.AcceptedConfig;
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.JournalEntry;
import org.procmon.supervise.port.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal as a directory: the file {@code NAME.json} is the record of a process. The package
 * documentation says which file outlives what.
 *
 * <p>One thread at a time, and one writer to a directory; other processes may call {@link
 * #warmUp()}.
 */
public final class JournalFolder implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger("journal");

    /** Where corrupt files are moved to. */
    static final String SET_ASIDE = "set-aside";

    /**
     * An empty file that exists as long as the records list everything that runs. Removing it needs
     * no space on the disk, unlike writing a record.
     */
    static final String COMPLETE = "complete";

    private static final String SUFFIX = ".json";

    /** A file that was changed this recently may be changed again with the same timestamp. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    /**
     * A record is written within this time after its stamp was made, unless the disk is very slow.
     */
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(10);

    /** The most names in a line of the log. */
    private static final int MOST_NAMES = 10;

    /** How much of a command line's text is kept when all of it is too long. */
    private static final int SHORT_TEXT = 1000;

    private final AtomicFileFolder folder;
    private final MonitorFile monitors;
    private final Quarantine aside;
    private final BootTime.Source clock;
    private final RecordWriter record = new RecordWriter();
    private final WriteTrouble trouble = new WriteTrouble();

    /** What the files hold, as far as this journal knows. */
    private final Map<String, JournalEntry> written = new HashMap<>();

    /** What the files held when the warm-up read them, with the version of each. */
    private final Map<String, Cached> cached = new LinkedHashMap<>();

    /** The version of the directory then; empty if not all of its files were remembered. */
    private Optional<Version> cachedFolder = Optional.empty();

    private record Cached(Version version, EntryReader.Read read) {
        /**
         * Whether the file was put there after the record was written: an older one, copied back.
         */
        boolean isCopied() {
            Duration changed = Duration.ofNanos(version.changedNanos());
            Duration written = Duration.ofMillis(read.stamp().wallMillis());
            return changed.minus(written).compareTo(LONGEST_WRITE) > 0;
        }
    }

    /** Processes whose record was not put there by a monitor. */
    private final List<String> copied = new ArrayList<>();

    /** Whether all records that were read are of this boot and this journal, and intact. */
    private boolean consistent = true;

    /** Whether everything that was found at the start is in the records. */
    private boolean settled;

    /** What the files should hold, but could not be written. */
    private final Map<String, JournalEntry> owed = new LinkedHashMap<>();

    /** Why the latest of them could not be written. */
    private String whyOwed = "";

    private JournalFolder(AtomicFileFolder folder, MonitorFile monitors, BootTime.Source clock) {
        this.folder = folder;
        this.monitors = monitors;
        this.aside = new Quarantine(folder.path() + "/" + SET_ASIDE);
        this.clock = clock;
    }

    /**
     * Makes the directory, with mode 0700, if it does not exist. Reads nothing yet.
     *
     * @param path in a directory that only this user can write in
     * @param monitors where the start of a shutdown is recorded
     * @param boot distinguishes this boot and pid namespace from all others
     * @throws IOException if it cannot be made, or belongs to another user
     */
    public static JournalFolder open(
            Path path, MonitorFile monitors, String boot, InstantSource wall, Ticker ticker)
            throws IOException {
        AtomicFileFolder folder = new AtomicFileFolder(BytePath.text(path.toAbsolutePath()));
        folder.make();
        return new JournalFolder(folder, monitors, new BootTime.Source(boot, wall, ticker));
    }

    /**
     * The recorded state of all processes, in the order of their names. Of a record of another
     * boot, only what still holds: see {@link PreviousBoot}. A corrupt record is moved aside and
     * logged.
     *
     * @param keepsDecisions whether an operator's decisions from an earlier boot still hold
     * @throws IOException if the directory cannot be read, or no file can; then it is unknown what
     *     runs
     */
    public List<JournalEntry> read(boolean keepsDecisions) throws IOException {
        List<JournalEntry> all = new ArrayList<>();
        BootTime now = clock.now();
        consistent = true;
        copied.clear();
        // It may have been removed.
        folder.make();
        boolean unchanged = isUnchanged();
        cachedFolder = Optional.empty();
        if (unchanged) {
            for (Cached known : cached.values()) {
                add(known, now, keepsDecisions, all);
            }
            cached.clear();
            warnOfCopies();
            return all;
        }
        for (String file : files()) {
            if (file.equals(AtomicFileFolder.UNFINISHED)) {
                folder.remove(file);
                continue;
            }
            try {
                Optional<Cached> read = readUnlessCached(file);
                if (read.isPresent()) {
                    add(read.get(), now, keepsDecisions, all);
                }
            } catch (CorruptRecord e) {
                consistent = false;
                folder.remove(COMPLETE);
                aside.take(folder, file, e.reason());
            }
        }
        cached.clear();
        warnOfCopies();
        return all;
    }

    private void warnOfCopies() {
        if (!copied.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("directory", folder.path())
                    .addKeyValue("records", copied.size())
                    .addKeyValue(
                            "processes",
                            String.join(
                                    " ", copied.subList(0, Math.min(copied.size(), MOST_NAMES))))
                    .addKeyValue("effect", "later decisions of operators may be lost")
                    .log("records were changed or copied back by another program");
        }
    }

    /**
     * Whether the records list everything that runs. Otherwise some could not be written or are
     * corrupt, and the caller must search the processes themselves.
     */
    public boolean isComplete() {
        return folder.version(COMPLETE).isPresent();
    }

    /**
     * Whether the records that were read last are consistent: none was corrupt or copied back, and
     * each is of this boot and of the monitor's own journal. Otherwise the caller should check the
     * processes themselves.
     */
    public boolean isConsistent() {
        return consistent;
    }

    /** Records that the records now list everything that runs, unless some are still unwritten. */
    public void complete() {
        settled = true;
        if (owed.isEmpty() && !isComplete()) {
            folder.replace(COMPLETE, new byte[0], 0);
        }
    }

    private Optional<Cached> readUnlessCached(String file) throws IOException, CorruptRecord {
        Cached known = cached.get(file);
        if (known != null) {
            Optional<Version> version = folder.version(file);
            if (version.isPresent() && version.get().isSame(known.version())) {
                return Optional.of(known);
            }
        }
        return look(file);
    }

    /**
     * The recorded state of one process in this boot; empty also if the record is corrupt.
     *
     * @throws IOException if no file can be read
     */
    public Optional<JournalEntry> readOne(String name) throws IOException {
        try {
            BootTime now = clock.now();
            return look(name + SUFFIX)
                    .map(Cached::read)
                    .filter(read -> read.stamp().isOfSameBoot(now))
                    .map(EntryReader.Read::kept);
        } catch (CorruptRecord _) {
            // The caller that reads all records reports it.
            return Optional.empty();
        }
    }

    private void add(Cached found, BootTime now, boolean keepsDecisions, List<JournalEntry> all) {
        EntryReader.Read read = found.read();
        JournalEntry journalEntry = read.kept();
        boolean own = read.journal().equals(monitors.journalId());
        consistent &= own && read.stamp().isOfSameBoot(now);
        if (read.stamp().isOfSameBoot(now)) {
            if (own && found.isCopied()) {
                consistent = false;
                copied.add(journalEntry.name());
            } else if (own) {
                written.put(journalEntry.name(), journalEntry);
            }
            all.add(journalEntry);
            return;
        }
        Optional<JournalEntry> surviving =
                new PreviousBoot(read.stamp(), now, keepsDecisions).survivingPart(journalEntry);
        if (surviving.isPresent()) {
            all.add(surviving.get());
        } else {
            drop(journalEntry.name());
        }
    }

    /**
     * Reads all records and changes nothing, so that the next {@link #read} has less to do: it
     * skips what has not changed since. Any process may do so while another one writes.
     *
     * @return what was read, in the order of the names
     */
    public List<JournalEntry> warmUp() throws IOException {
        List<JournalEntry> all = new ArrayList<>();
        cached.clear();
        Optional<Version> before = folder.version().filter(this::isSettled);
        List<String> files = files();
        for (String file : files) {
            try {
                Optional<Cached> found = look(file);
                if (found.isPresent()) {
                    all.add(found.get().read().kept());
                    if (isSettled(found.get().version())) {
                        cached.put(file, found.get());
                    }
                }
            } catch (CorruptRecord _) {
                // The real read reports it.
            }
        }
        cachedFolder = before.filter(_ -> cached.size() == files.size());
        return all;
    }

    /** Makes records and writes none of them, so that the code is compiled when it is needed. */
    public void warmUpWriting(List<JournalEntry> all) {
        BootTime now = clock.now();
        for (JournalEntry journalEntry : all) {
            EntryWriter.write(record, now, monitors.journalId(), journalEntry);
        }
    }

    private boolean isUnchanged() {
        Optional<Version> now = folder.version();
        return cachedFolder.isPresent() && now.isPresent() && now.get().isSame(cachedFolder.get());
    }

    private boolean isSettled(Version version) {
        Instant changed = Instant.ofEpochSecond(0, version.changedNanos());
        return Duration.between(changed, clock.wall().instant()).compareTo(FRESH) > 0;
    }

    @Override
    public void keep(JournalEntry process) {
        String name = process.name();
        if (process.equals(written.get(name))) {
            owed.remove(name);
            return;
        }
        if (!write(process)) {
            owed.put(name, process);
            folder.remove(COMPLETE);
            return;
        }
        owed.remove(name);
        if (!owed.isEmpty()) {
            payDebts();
            if (settled) {
                complete();
            }
        }
    }

    @Override
    public void drop(String name) {
        written.remove(name);
        owed.remove(name);
        Optional<Errno> failure = folder.remove(name + SUFFIX);
        failure.ifPresent(errno -> trouble.failed(path(name), errno));
    }

    @Override
    public void shuttingDown() {
        monitors.shuttingDown();
    }

    @Override
    public Optional<String> accept(AcceptedConfig config) {
        monitors.keepReload(true);
        Optional<String> failure = monitors.acceptConfiguration(config.encoded());
        if (failure.isPresent()) {
            monitors.keepReload(false);
        }
        return failure;
    }

    @Override
    public void reloaded() {
        monitors.keepReload(false);
    }

    /** Some records could not be written; they are written with the next one that can be. */
    @Override
    public boolean isBehind() {
        return !owed.isEmpty();
    }

    @Override
    public Optional<String> unkept(String name) {
        return owed.containsKey(name)
                ? Optional.of("cannot write " + path(name) + ": " + whyOwed)
                : Optional.empty();
    }

    private void payDebts() {
        while (!owed.isEmpty()) {
            JournalEntry next = owed.values().iterator().next();
            if (!write(next)) {
                return;
            }
            owed.remove(next.name());
        }
    }

    /** False if it failed and may work another time. */
    private boolean write(JournalEntry process) {
        encode(process);
        String file = process.name() + SUFFIX;
        Optional<Errno> failure = folder.replace(file, record.bytes(), record.size());
        if (failure.isPresent() && failure.get().equals(Errno.ENOENT) && makeAnew()) {
            failure = folder.replace(file, record.bytes(), record.size());
        }
        if (failure.isPresent()) {
            whyOwed = failure.get().words();
            trouble.failed(path(process.name()), failure.get());
            return false;
        }
        trouble.worked(path(process.name()));
        written.put(process.name(), process);
        return true;
    }

    /**
     * Writes all records again after they were removed. If this object has only read them for a
     * warm-up, they are not marked as complete.
     */
    public void restore() {
        cached.values().stream()
                .map(known -> known.read().kept())
                .forEach(journalEntry -> written.putIfAbsent(journalEntry.name(), journalEntry));
        if (makeAnew()) {
            payDebts();
            if (settled) {
                complete();
            }
        }
    }

    /** The directory was removed: all its records must be written again. */
    private boolean makeAnew() {
        try {
            folder.make();
        } catch (IOException _) {
            // The failure that led here reports it.
            return false;
        }
        written.forEach(owed::putIfAbsent);
        written.clear();
        return true;
    }

    /**
     * A command line may be as long as the kernel allows; it is kept for people to read, so its
     * start is enough. Everything else has limits of its own that fit.
     */
    private void encode(JournalEntry process) {
        EntryWriter.write(record, clock.now(), monitors.journalId(), process);
        if (record.size() > RecordFormat.LARGEST) {
            Exec exec = process.exec();
            Exec shorter =
                    new Exec(shortened(exec.text()), List.of(shortened(exec.argv().getFirst())));
            EntryWriter.write(
                    record,
                    clock.now(),
                    monitors.journalId(),
                    new JournalEntry(
                            process.name(),
                            shorter,
                            process.stop(),
                            process.process(),
                            process.intended(),
                            process.startedWith()));
        }
    }

    private static String shortened(String text) {
        return text.length() <= SHORT_TEXT ? text : text.substring(0, SHORT_TEXT) + "...";
    }

    /** All names in the directory but that of the marker that belongs there. */
    private List<String> files() throws IOException {
        List<String> files = folder.version().isPresent() ? folder.names() : new ArrayList<>();
        files.remove(SET_ASIDE);
        files.remove(COMPLETE);
        files.sort(JournalFolder::byProcess);
        return files;
    }

    /**
     * The order of the processes' names, which differs from that of the files: "a" is before "a-b".
     */
    private static int byProcess(String a, String b) {
        return processOf(a).compareTo(processOf(b));
    }

    private static String processOf(String file) {
        return file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file;
    }

    /** Empty if it was removed in the meantime. */
    private Optional<Cached> look(String file) throws IOException, CorruptRecord {
        String name = processOf(file);
        if (!file.endsWith(SUFFIX) || !ProcessName.isValid(name)) {
            throw new CorruptRecord("its name is not that of a record");
        }
        return switch (folder.read(file, RecordFormat.LARGEST)) {
            case Content.Whole whole ->
                    Optional.of(new Cached(whole.version(), EntryReader.read(whole.bytes(), name)));
            case Content.Refused refused -> throw new CorruptRecord(refused.reason());
            case Content.Absent _ -> Optional.empty();
        };
    }

    private String path(String name) {
        return folder.path() + "/" + name + SUFFIX;
    }
}
