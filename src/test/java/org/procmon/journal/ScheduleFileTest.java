package org.procmon.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.supervise.port.SeenTimes;

/** Until when schedules have been seen, over boots. */
class ScheduleFileTest {
    private static final Map<String, SeenTimes> SEEN =
            Map.of(
                    "backup",
                    new SeenTimes("start 30 4 * * *; Europe/Berlin", Instant.ofEpochMilli(1234)),
                    "report.2",
                    new SeenTimes("start 0 0 \"L\" * *; ", Instant.ofEpochMilli(0)));

    @TempDir Path folder = Path.of("");

    private ScheduleFile file(String boot) {
        return new ScheduleFile(
                folder.resolve("lib/schedules"),
                boot,
                InstantSource.fixed(TestJournal.WALL),
                () -> TestJournal.NOW);
    }

    private Path path() {
        return folder.resolve("lib/schedules/seen.json");
    }

    @Test
    void readsTimesInTheNextBoot() throws IOException {
        assertThat(file(TestJournal.BOOT).read()).isEmpty();
        assertThat(folder.resolve("lib")).as("to read makes nothing").doesNotExist();
        file(TestJournal.BOOT).write(SEEN);
        assertThat(file(TestJournal.NEXT_BOOT).read()).isEqualTo(SEEN);
        file(TestJournal.NEXT_BOOT).write(Map.of());
        assertThat(file(TestJournal.BOOT).read()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
    }

    @Test
    void movesADamagedFileAway() throws IOException {
        file(TestJournal.BOOT).write(SEEN);
        Files.writeString(path(), Files.readString(path()).replace("1234", "1235"));
        assertThat(file(TestJournal.BOOT).read()).isEmpty();
        assertThat(path().resolveSibling("set-aside/seen.json.1")).exists();
        Files.writeString(path(), "");
        assertThat(file(TestJournal.BOOT).read()).isEmpty();
    }

    @Test
    void survivesAFileThatCannotBeReadOrWritten() throws IOException {
        Files.writeString(folder.resolve("lib"), "in the way");
        ScheduleFile file = file(TestJournal.BOOT);
        assertThat(file.read()).isEmpty();
        file.write(SEEN);
        Files.delete(folder.resolve("lib"));
        file.write(SEEN);
        assertThat(file.read()).isEqualTo(SEEN);
    }
}
