package org.procmon.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.lifecycle.Ticks;

/** What monitors keep of themselves. */
class MonitorFileTest {
    private static final MonitorRecord RECORD =
            new MonitorRecord(
                    3,
                    new Ticks(1_000_000_000L),
                    2,
                    "it died of \u00f6",
                    true,
                    false,
                    true,
                    "/etc/p\u00f6 \ud83d.json");

    @TempDir Path state = Path.of("");
    private TestJournal test = new TestJournal(state);

    @BeforeEach
    void makeJournal() throws IOException {
        test = new TestJournal(state);
        test.open();
        Files.delete(state.resolve("monitor.json"));
    }

    @Test
    void itComesBackAsItWas() throws IOException {
        MonitorFile file = test.monitorFile();
        assertThat(file.readMonitor()).isEmpty();

        file.keepMonitor(RECORD);
        assertThat(test.monitorFile().readMonitor()).contains(RECORD);

        MonitorRecord next = new MonitorRecord(4, TestJournal.NOW, 0, "", false, true, false, "");
        file.keepMonitor(next);
        assertThat(test.monitorFile().readMonitor()).contains(next);
        assertThat(permissions("monitor.json")).isEqualTo("rw-------");
    }

    @Test
    void theConfigurationComesBackByteByByte() throws IOException {
        MonitorFile file = test.monitorFile();
        assertThat(file.readConfiguration()).isEmpty();
        Random random = new Random(1);
        for (int length : new int[] {0, 1, 65_535, 65_536, 65_537, 3_000_000, 17}) {
            byte[] text = new byte[length];
            random.nextBytes(text);

            file.keepConfiguration(text);

            assertThat(test.monitorFile().readConfiguration().orElseThrow()).isEqualTo(text);
        }
        assertThat(permissions("configuration")).isEqualTo("rw-------");
    }

    @Test
    void theJournalKeepsThatAShutdownHasBegun() throws IOException {
        MonitorFile file = test.monitorFile();
        MonitorRecord before =
                new MonitorRecord(4, TestJournal.NOW, 1, "x", false, false, false, "/p.json");
        file.keepMonitor(before);
        JournalFolder journal =
                JournalFolder.open(
                        test.folder,
                        file,
                        TestJournal.BOOT,
                        InstantSource.fixed(TestJournal.WALL),
                        () -> TestJournal.NOW);

        journal.shuttingDown();

        assertThat(test.monitorFile().readMonitor())
                .contains(
                        new MonitorRecord(
                                4, TestJournal.NOW, 1, "x", true, false, false, "/p.json"));
    }

    @Test
    void theMonitorsOfAnotherBootHaveEnded() throws IOException {
        test.monitorFile().keepMonitor(RECORD);
        Ticks now = new Ticks(Duration.ofMinutes(1).toNanos());

        MonitorRecord read =
                test.monitorFile(
                                TestJournal.NEXT_BOOT,
                                TestJournal.WALL.plus(Duration.ofHours(1)),
                                now)
                        .readMonitor()
                        .orElseThrow();

        assertThat(read.runs()).isEqualTo(3);
        assertThat(read.shuttingDown()).isFalse();
        assertThat(read.ended()).isTrue();
        assertThat(read.configuration()).isEqualTo(RECORD.configuration());
        assertThat(now.since(read.since()))
                .isEqualTo(Duration.ofHours(1).plus(TestJournal.NOW.since(RECORD.since())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"format\":5      | \"format\":9        | its format is 9, not 5",
                "\"runs\":3        | \"runs\":-1         | its 'runs' is not what a monitor writes",
                "\"ended\":false   | \"ended\":0         | its 'ended' is not what a monitor writes",
                "\"configuration\" | \"file\"            | 'configuration' is not where",
            })
    void movesAwayAMalformedRecord(String part, String replacement, String reason)
            throws IOException {
        test.monitorFile().keepMonitor(RECORD);
        Path file = state.resolve("monitor.json");
        Files.writeString(file, Files.readString(file).replace(part, replacement));

        List<String> log = test.logOf(() -> assertThat(test.monitorFile().readMonitor()).isEmpty());

        assertThat(log).hasSize(1);
        assertThat(log.getFirst())
                .contains("file=" + file + " reason=\"" + reason.replace("\"", "\\\""));
        assertThat(file).doesNotExist();
        assertThat(test.asides()).containsExactly("monitor.json.1");
    }

    @Test
    void linksAreNotFollowed() throws IOException {
        Path target = Files.writeString(state.resolve("target"), "secret");
        Files.createSymbolicLink(state.resolve("configuration"), target);

        assertThat(test.monitorFile().readConfiguration()).isEmpty();

        assertThat(test.asides()).containsExactly("configuration.1");
        test.monitorFile().keepConfiguration(new byte[] {1});
        assertThat(target).hasContent("secret");
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve(name)));
    }
}
