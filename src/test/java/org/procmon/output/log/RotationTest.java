package org.procmon.output.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.FileAccess;
import org.procmon.posix.FileStatus;

class RotationTest {
    @TempDir Path folder = Path.of("");

    @Test
    void eachFileTakesTheNextNumberAndTheOldestGoes() throws IOException {
        files("log", "log.1", "log.2");
        rotate(2);
        assertThat(files()).isEqualTo(Map.of("log.1", "log", "log.2", "log.1"));
    }

    @Test
    void aNumberThatIsFreeIsFilledAndNothingBehindItMoves() throws IOException {
        files("log", "log.1", "log.3");
        rotate(5);
        assertThat(files()).isEqualTo(Map.of("log.1", "log", "log.2", "log.1", "log.3", "log.3"));
    }

    @Test
    void withNothingToKeepTheFileGoes() throws IOException {
        files("log");
        rotate(0);
        assertThat(files()).isEmpty();
    }

    @Test
    void deletesLogsBeyondTheKeepLimit() throws IOException {
        files("log", "log.1", "log.2", "log.3", "log.4");
        rotate(2);
        assertThat(files()).isEqualTo(Map.of("log.1", "log", "log.2", "log.1"));
    }

    @Test
    void aFileThatCannotBeMovedStays() throws IOException {
        files("log");
        Files.createDirectories(folder.resolve("log.1/full"));
        assertThat(Rotation.rotate(settings(1), new FileStatus())).isPresent();
        assertThat(folder.resolve("log")).hasContent("log");
    }

    private void rotate(int keep) {
        assertThat(Rotation.rotate(settings(keep), new FileStatus())).isEmpty();
    }

    private LogSettings settings(int keep) {
        return new LogSettings(
                folder.resolve("log").toString(), 1000, keep, false, FileAccess.DEFAULT);
    }

    /** Makes files that hold the names that they were given first. */
    private void files(String... names) throws IOException {
        for (String name : names) {
            Files.writeString(folder.resolve(name), name);
        }
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> found = Files.list(folder)) {
            for (Path file : found.toList()) {
                files.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return files;
    }
}
