package org.procmon.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

class LineTimeTest {
    @TempDir private Path folder;

    private Path linkTo(String target) throws IOException {
        return Files.createSymbolicLink(folder.resolve("fd"), Path.of(target));
    }

    @Test
    void writesUtcAsRfc3339Does() {
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            long millis = random.nextLong(0, 4_102_444_800_000L);
            String text = LineTime.utc(millis);
            assertThat(text).hasSize(24);
            assertThat(Instant.parse(text).toEpochMilli()).isEqualTo(millis);
        }
    }

    @Test
    void recognizesATerminal() throws IOException {
        assertThat(LineTime.of(Map.of(), linkTo("/dev/pts/7"))).isEqualTo(LineTime.LOCAL);
    }

    @Test
    void takesAnythingElseForAFile() throws IOException {
        assertThat(LineTime.of(Map.of(), linkTo("/dev/null"))).isEqualTo(LineTime.UTC);
        assertThat(LineTime.of(Map.of(), folder.resolve("none"))).isEqualTo(LineTime.UTC);
    }

    @Test
    void recognizesTheJournalByItsInodeAndNotByTheVariableAlone() throws IOException {
        Path file = Files.createFile(folder.resolve("stream"));
        Path link = linkTo(file.toString());
        String stream =
                Files.getAttribute(file, "unix:dev") + ":" + Files.getAttribute(file, "unix:ino");
        assertThat(LineTime.of(Map.of("JOURNAL_STREAM", stream), link)).isEqualTo(LineTime.JOURNAL);
        assertThat(LineTime.of(Map.of("JOURNAL_STREAM", "1:2"), link)).isEqualTo(LineTime.UTC);
        assertThat(LineTime.of(Map.of("JOURNAL_STREAM", stream), folder.resolve("none")))
                .isEqualTo(LineTime.UTC);
    }

    @Test
    void givesSyslogPriorities() {
        assertThat(LineTime.JOURNAL.before(0, Level.ERROR)).isEqualTo("<3>");
        assertThat(LineTime.JOURNAL.before(0, Level.WARN)).isEqualTo("<4>");
        assertThat(LineTime.JOURNAL.before(0, Level.INFO)).isEqualTo("<6>");
        assertThat(LineTime.JOURNAL.before(0, Level.DEBUG)).isEqualTo("<7>");
    }
}
