package org.procmon.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.procmon.bytes.BytePath;
import org.procmon.posix.AtomicFileFolder;
import org.procmon.posix.AtomicFileFolder.Content;
import org.procmon.posix.Errno;
import org.procmon.supervise.port.Ticker;

/**
 * Operators' decisions in a directory that survives the boot: the file {@code decisions.json}. One
 * thread at a time.
 */
public final class DecisionFile {
    /** The directory may be that of the journal's own files, which another thread writes. */
    private static final String UNFINISHED = ".decisions.new";

    private static final String NAME = "decisions.json";
    private static final int LARGEST = 4 << 20;

    /** The decisions are of all boots. */
    private static final String ANY_JOURNAL = "";

    private final Path path;
    private final AtomicFileFolder folder;
    private final Quarantine aside;
    private final BootTime.Source clock;
    private final RecordWriter record = new RecordWriter();

    /**
     * @param path the directory; made when it is first written to
     * @param boot distinguishes this boot from all others
     */
    public DecisionFile(Path path, String boot, InstantSource wall, Ticker ticker) {
        this.path = path.toAbsolutePath();
        this.folder = new AtomicFileFolder(BytePath.text(this.path), UNFINISHED);
        this.aside = new Quarantine(BytePath.text(this.path.resolve(JournalFolder.SET_ASIDE)));
        this.clock = new BootTime.Source(boot, wall, ticker);
    }

    /** The file, for messages. */
    String file() {
        return BytePath.text(path) + "/" + NAME;
    }

    /**
     * What was written last; nothing if the file does not exist, or is corrupt, which is logged.
     *
     * @throws IOException if no file can be read
     */
    public Decisions read() throws IOException {
        return switch (folder.read(NAME, LARGEST)) {
            case Content.Absent _ -> Decisions.NONE;
            case Content.Refused refused -> {
                aside.take(folder, NAME, refused.reason());
                yield Decisions.NONE;
            }
            case Content.Whole whole -> {
                try {
                    yield parse(whole.bytes());
                } catch (CorruptRecord e) {
                    aside.take(folder, NAME, e.reason());
                    yield Decisions.NONE;
                }
            }
        };
    }

    /**
     * Replaces the file; on return it survives a loss of power. Blocks for as long as the disk
     * takes.
     *
     * @return why it could not be written; empty if it was
     */
    Optional<String> write(Decisions decisions) {
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(
                        path,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            return Optional.of("cannot make the folder " + path + ": " + e);
        }
        encode(decisions);
        return folder.replaceDurably(NAME, record.bytes(), record.size())
                .map(Errno::words)
                .map(words -> "cannot write " + file() + ": " + words);
    }

    private void encode(Decisions decisions) {
        RecordFormat.write(record, clock.now(), ANY_JOURNAL);
        names("stopped", decisions.stopped());
        names("deleted", decisions.deleted());
        record.beginArray("scale");
        for (Map.Entry<String, Integer> entry : new TreeMap<>(decisions.scale()).entrySet()) {
            record.begin();
            record.text("name", entry.getKey());
            record.number("instances", entry.getValue());
            record.end();
        }
        record.endArray();
        RecordFormat.end(record);
    }

    private void names(String key, Set<String> names) {
        record.beginArray(key);
        new TreeSet<>(names).forEach(record::text);
        record.endArray();
    }

    private static Decisions parse(byte[] bytes) throws CorruptRecord {
        RecordReader recordReader = new RecordReader(bytes);
        RecordFormat.Head _ = RecordFormat.readHead(recordReader);
        Set<String> stopped = names(recordReader, "stopped");
        Set<String> deleted = names(recordReader, "deleted");
        recordReader.beginArray("scale");
        Map<String, Integer> scale = new HashMap<>();
        while (recordReader.hasObject()) {
            scale.put(
                    recordReader.text("name"),
                    recordReader.between(0, Integer.MAX_VALUE, "instances"));
            recordReader.end();
        }
        RecordFormat.readEnd(recordReader, bytes);
        return new Decisions(stopped, deleted, scale);
    }

    private static Set<String> names(RecordReader recordReader, String key) throws CorruptRecord {
        recordReader.beginArray(key);
        Set<String> names = new HashSet<>();
        while (recordReader.hasText()) {
            names.add(recordReader.text());
        }
        return names;
    }
}
