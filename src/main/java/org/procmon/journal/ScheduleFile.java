package org.procmon.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.procmon.bytes.BytePath;
import org.procmon.posix.AtomicFileFolder;
import org.procmon.posix.AtomicFileFolder.Content;
import org.procmon.posix.Errno;
import org.procmon.supervise.port.ScheduleStore;
import org.procmon.supervise.port.SeenTimes;
import org.procmon.supervise.port.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time until which schedules have been processed, in a directory that survives the boot: the
 * file {@code seen.json}. It is not forced to the disk: if a power cut reverts it, the start that
 * it forgets is repeated, and the power cut has interrupted that run anyway.
 */
public final class ScheduleFile implements ScheduleStore {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleFile.class);
    private static final String NAME = "seen.json";
    private static final int LARGEST = 4 << 20;

    /** The times are of all boots. */
    private static final String ANY_JOURNAL = "";

    private final Path path;
    private final AtomicFileFolder folder;
    private final Quarantine aside;
    private final BootTime.Source clock;
    private final RecordWriter record = new RecordWriter();
    private String trouble = "";

    /**
     * @param path the directory, which nothing else writes to; made when it is first written to
     * @param boot distinguishes this boot from all others
     */
    public ScheduleFile(Path path, String boot, InstantSource wall, Ticker ticker) {
        this.path = path.toAbsolutePath();
        this.folder = new AtomicFileFolder(BytePath.text(this.path));
        this.aside = new Quarantine(BytePath.text(this.path.resolve(JournalFolder.SET_ASIDE)));
        this.clock = new BootTime.Source(boot, wall, ticker);
    }

    @Override
    public Map<String, SeenTimes> read() {
        try {
            return switch (folder.read(NAME, LARGEST)) {
                case Content.Absent _ -> Map.of();
                case Content.Refused refused -> {
                    aside.take(folder, NAME, refused.reason());
                    yield Map.of();
                }
                case Content.Whole whole -> parse(whole.bytes());
            };
        } catch (CorruptRecord e) {
            aside.take(folder, NAME, e.reason());
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("file", file())
                    .addKeyValue("reason", e.toString())
                    .addKeyValue("effect", "missed times are not made up for")
                    .log("cannot read the times of schedules");
        }
        return Map.of();
    }

    private static Map<String, SeenTimes> parse(byte[] bytes) throws CorruptRecord {
        RecordReader recordReader = new RecordReader(bytes);
        RecordFormat.Head _ = RecordFormat.readHead(recordReader);
        recordReader.beginArray("schedules");
        Map<String, SeenTimes> all = new HashMap<>();
        while (recordReader.hasObject()) {
            String name = recordReader.text("name");
            String schedule = recordReader.text("schedule");
            Instant until = Instant.ofEpochMilli(recordReader.atLeast(0, "until_ms"));
            all.put(name, new SeenTimes(schedule, until));
            recordReader.end();
        }
        RecordFormat.readEnd(recordReader, bytes);
        return all;
    }

    @Override
    public void write(Map<String, SeenTimes> seen) {
        Optional<String> failed = make();
        if (failed.isEmpty()) {
            encode(seen);
            failed = folder.replace(NAME, record.bytes(), record.size()).map(Errno::words);
        }
        String reason = failed.orElse("");
        if (!reason.equals(trouble) && !reason.isEmpty()) {
            LOG.atError()
                    .addKeyValue("file", file())
                    .addKeyValue("reason", reason)
                    .addKeyValue(
                            "effect",
                            "the next monitor may repeat or miss times of schedules with \"missed\": \"once\"")
                    .log("cannot write the times of schedules");
        }
        trouble = reason;
    }

    private Optional<String> make() {
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(
                        path,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("cannot make the folder: " + e);
        }
    }

    private void encode(Map<String, SeenTimes> seen) {
        RecordFormat.write(record, clock.now(), ANY_JOURNAL);
        record.beginArray("schedules");
        for (Map.Entry<String, SeenTimes> one : new TreeMap<>(seen).entrySet()) {
            record.begin();
            record.text("name", one.getKey());
            record.text("schedule", one.getValue().schedule());
            record.number("until_ms", one.getValue().until().toEpochMilli());
            record.end();
        }
        record.endArray();
        RecordFormat.end(record);
    }

    private String file() {
        return path + "/" + NAME;
    }
}
