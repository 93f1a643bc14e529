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
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.JournalEntry;
import org.procmon.supervise.port.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal as a folder: the file {@code NAME.json} is the record of a process. See the package
 * for what outlives what.
 *
 * <p>One thread at a time, and one writer to a folder; others may {@link #rehearse()}.
 */
public final class JournalFolder implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger("procmon");

    /** Where files go that are no records. */
    static final String SET_ASIDE = "set-aside";

    /**
     * An empty file that is there as long as the records tell all that runs. To remove it takes no
     * room, unlike a record that says more.
     */
    static final String COMPLETE = "complete";

    private static final String SUFFIX = ".json";

    /** What was changed as recently as this may be changed again without showing it. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    /** A record is written within this after its stamp was made, unless the disk is very slow. */
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(10);

    /** So many names a line of the log has at most. */
    private static final int MOST_NAMES = 10;

    /** As much of a command line's text as is kept when all of it is too long. */
    private static final int SHORT_TEXT = 1000;

    private final AtomicFileFolder folder;
    private final MonitorFile monitors;
    private final Quarantine aside;
    private final BootTime.Source clock;
    private final RecordWriter record = new RecordWriter();
    private final WriteTrouble trouble = new WriteTrouble();

    /** What the files hold, as far as this journal knows. */
    private final Map<String, JournalEntry> written = new HashMap<>();

    /** What the files held at the rehearsal, with the version of each. */
    private final Map<String, Rehearsed> rehearsed = new LinkedHashMap<>();

    /** The version of the folder then; empty if not all that is in it was remembered. */
    private Optional<Version> rehearsedFolder = Optional.empty();

    private record Rehearsed(Version version, EntryReader.Read read) {
        /**
         * Whether the file was put there after the record was written: an older one, copied back.
         */
        boolean isCopied() {
            Duration changed = Duration.ofNanos(version.changedNanos());
            Duration written = Duration.ofMillis(read.stamp().wallMillis());
            return changed.minus(written).compareTo(LONGEST_WRITE) > 0;
        }
    }

    /** Processes of which the record that was read was not put there by a monitor. */
    private final List<String> copied = new ArrayList<>();

    /** Whether the records that were read are all of this boot, this journal, and unspoiled. */
    private boolean consistent = true;

    /** Whether all that was found at the beginning is in the records. */
    private boolean settled;

    /** What the files ought to hold, but could not be made to. */
    private final Map<String, JournalEntry> owed = new LinkedHashMap<>();

    /** Why the latest of them could not be. */
    private String whyOwed = "";

    private JournalFolder(AtomicFileFolder folder, MonitorFile monitors, BootTime.Source clock) {
        this.folder = folder;
        this.monitors = monitors;
        this.aside = new Quarantine(folder.path() + "/" + SET_ASIDE);
        this.clock = clock;
    }

    /**
     * Makes the folder, with mode 0700, if it is not there. Reads nothing yet.
     *
     * @param path in a folder that only this user can write in
     * @param monitors where it is kept that a shutdown has begun
     * @param boot tells this boot and pid namespace from all others
     * @throws IOException if it cannot be made, or is somebody else's
     */
    public static JournalFolder open(
            Path path, MonitorFile monitors, String boot, InstantSource wall, Ticker ticker)
            throws IOException {
        AtomicFileFolder folder = new AtomicFileFolder(BytePath.text(path.toAbsolutePath()));
        folder.make();
        return new JournalFolder(folder, monitors, new BootTime.Source(boot, wall, ticker));
    }

    /**
     * What was kept of all processes, in the order of their names. Of a record of another boot,
     * what still holds: see {@link PreviousBoot}. What is no record is set aside, with a line in
     * the log.
     *
     * @param keepsDecisions whether what an operator decided in an earlier boot still holds
     * @throws IOException if the folder cannot be read, or no file can; then nothing is known of
     *     what runs
     */
    public List<JournalEntry> read(boolean keepsDecisions) throws IOException {
        List<JournalEntry> all = new ArrayList<>();
        BootTime now = clock.now();
        consistent = true;
        copied.clear();
        // It may have been removed.
        folder.make();
        boolean asRehearsed = isAsRehearsed();
        rehearsedFolder = Optional.empty();
        if (asRehearsed) {
            for (Rehearsed known : rehearsed.values()) {
                add(known, now, keepsDecisions, all);
            }
            rehearsed.clear();
            warnOfCopies();
            return all;
        }
        for (String file : files()) {
            if (file.equals(AtomicFileFolder.UNFINISHED)) {
                folder.remove(file);
                continue;
            }
            try {
                Optional<Rehearsed> read = readUnlessRehearsed(file);
                if (read.isPresent()) {
                    add(read.get(), now, keepsDecisions, all);
                }
            } catch (CorruptRecord e) {
                consistent = false;
                folder.remove(COMPLETE);
                aside.take(folder, file, e.reason());
            }
        }
        rehearsed.clear();
        warnOfCopies();
        return all;
    }

    private void warnOfCopies() {
        if (!copied.isEmpty()) {
            LOG.warn(
                    "{} of the records in {} were changed or copied back by something else, of {};"
                            + " what operators decided meanwhile may be lost",
                    copied.size(),
                    folder.path(),
                    String.join(", ", copied.subList(0, Math.min(copied.size(), MOST_NAMES))));
        }
    }

    /**
     * Whether the records tell all that runs. Otherwise some could not be written, or were none,
     * and the processes themselves have to be looked for.
     */
    public boolean isComplete() {
        return folder.version(COMPLETE).isPresent();
    }

    /**
     * Whether the records that were read last fit together: none was spoiled or copied back, and
     * each is of this boot and of the monitor's own journal. What they say of runs is worth a look
     * at the processes themselves otherwise.
     */
    public boolean isConsistent() {
        return consistent;
    }

    /** Notes that from now on the records tell all that runs, unless some are still owed. */
    public void complete() {
        settled = true;
        if (owed.isEmpty() && !isComplete()) {
            folder.replace(COMPLETE, new byte[0], 0);
        }
    }

    private Optional<Rehearsed> readUnlessRehearsed(String file) throws IOException, CorruptRecord {
        Rehearsed known = rehearsed.get(file);
        if (known != null) {
            Optional<Version> version = folder.version(file);
            if (version.isPresent() && version.get().isSame(known.version())) {
                return Optional.of(known);
            }
        }
        return look(file);
    }

    /**
     * What was kept of one process in this boot; empty also if it is no record.
     *
     * @throws IOException if no file can be read
     */
    public Optional<JournalEntry> readOne(String name) throws IOException {
        try {
            BootTime now = clock.now();
            return look(name + SUFFIX)
                    .map(Rehearsed::read)
                    .filter(read -> read.stamp().isOfSameBoot(now))
                    .map(EntryReader.Read::kept);
        } catch (CorruptRecord _) {
            // That is for the one who reads them all.
            return Optional.empty();
        }
    }

    private void add(
            Rehearsed found, BootTime now, boolean keepsDecisions, List<JournalEntry> all) {
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
     * Reads all records and changes nothing, so that the next to {@link #read} them has less to do:
     * what has not changed since need not be read again. Any process may do so while another one
     * writes.
     *
     * @return what was read, in the order of the names
     */
    public List<JournalEntry> rehearse() throws IOException {
        List<JournalEntry> all = new ArrayList<>();
        rehearsed.clear();
        Optional<Version> before = folder.version().filter(this::isSettled);
        List<String> files = files();
        for (String file : files) {
            try {
                Optional<Rehearsed> found = look(file);
                if (found.isPresent()) {
                    all.add(found.get().read().kept());
                    if (isSettled(found.get().version())) {
                        rehearsed.put(file, found.get());
                    }
                }
            } catch (CorruptRecord _) {
                // That is for the one who reads it in earnest.
            }
        }
        rehearsedFolder = before.filter(_ -> rehearsed.size() == files.size());
        return all;
    }

    /** Makes records and writes none of them, so that the code is warm when it matters. */
    public void rehearseWriting(List<JournalEntry> all) {
        BootTime now = clock.now();
        for (JournalEntry journalEntry : all) {
            EntryWriter.write(record, now, monitors.journalId(), journalEntry);
        }
    }

    private boolean isAsRehearsed() {
        Optional<Version> now = folder.version();
        return rehearsedFolder.isPresent()
                && now.isPresent()
                && now.get().isSame(rehearsedFolder.get());
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
    public void reloaded() {
        monitors.keepReload(false);
    }

    /** Some records could not be written; they are with the next one that can. */
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
     * Writes all records again, after somebody has removed them. Without having {@link #read} them,
     * as they were rehearsed; then nobody may believe that they tell all.
     */
    public void restore() {
        rehearsed.values().stream()
                .map(known -> known.read().kept())
                .forEach(journalEntry -> written.putIfAbsent(journalEntry.name(), journalEntry));
        if (makeAnew()) {
            payDebts();
            if (settled) {
                complete();
            }
        }
    }

    /** Someone has removed the folder: all its records are to be written again. */
    private boolean makeAnew() {
        try {
            folder.make();
        } catch (IOException _) {
            // The failure that led here says it.
            return false;
        }
        written.forEach(owed::putIfAbsent);
        written.clear();
        return true;
    }

    /**
     * A command line may be as long as the kernel takes it; it is kept for people to read, so its
     * beginning does. All else has limits of its own that leave room.
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
                            process.begunWith()));
        }
    }

    private static String shortened(String text) {
        return text.length() <= SHORT_TEXT ? text : text.substring(0, SHORT_TEXT) + "...";
    }

    /** All names in the folder but that of the one that belongs there. */
    private List<String> files() throws IOException {
        List<String> files = folder.version().isPresent() ? folder.names() : new ArrayList<>();
        files.remove(SET_ASIDE);
        files.remove(COMPLETE);
        files.sort(JournalFolder::byProcess);
        return files;
    }

    /** The order of the processes' names, which that of the files' is not: "a" is before "a-b". */
    private static int byProcess(String a, String b) {
        return processOf(a).compareTo(processOf(b));
    }

    private static String processOf(String file) {
        return file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file;
    }

    /** Empty if it is gone in the meantime. */
    private Optional<Rehearsed> look(String file) throws IOException, CorruptRecord {
        String name = processOf(file);
        if (!file.endsWith(SUFFIX) || !ProcessName.isValid(name)) {
            throw new CorruptRecord("its name is not that of a record");
        }
        return switch (folder.read(file, RecordFormat.LARGEST)) {
            case Content.Whole whole ->
                    Optional.of(
                            new Rehearsed(whole.version(), EntryReader.read(whole.bytes(), name)));
            case Content.Refused refused -> throw new CorruptRecord(refused.reason());
            case Content.Absent _ -> Optional.empty();
        };
    }

    private String path(String name) {
        return folder.path() + "/" + name + SUFFIX;
    }
}
