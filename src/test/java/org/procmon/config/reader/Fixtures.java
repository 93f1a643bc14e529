package org.procmon.config.reader;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.procmon.config.SpecResult;

/** The configuration files under test-fixtures, and the environment that they are read in. */
final class Fixtures {
    static final Path GOOD = Path.of("test-fixtures/config/good");
    static final Path BAD = Path.of("test-fixtures/config/bad");
    static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/bin", "HOME", "/home/ada");

    private Fixtures() {}

    static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.json")) {
            found.forEach(files::add);
        }
        Collections.sort(files);
        return files;
    }

    static SpecResult read(Path file) throws IOException {
        return SpecReader.read(
                file.getFileName().toString(),
                Files.readAllBytes(file),
                GOOD.toAbsolutePath(),
                ENVIRONMENT);
    }
}
