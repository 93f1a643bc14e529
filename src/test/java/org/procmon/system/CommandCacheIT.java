package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command starts several times as fast when its classes are in the cache of the product. */
@Timeout(60)
class CommandCacheIT {
    /** Classes that only the machine, or these arguments, need. */
    private static final double OTHERS = 0.1;

    @TempDir Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"list", "check DIR/procmon.json", "import procfile DIR/Procfile"})
    void itsClassesAreInTheCache(String command) throws IOException {
        Files.writeString(
                folder.resolve("procmon.json"), Config.of(Config.program("web", "sleep 1000")));
        Files.writeString(folder.resolve("Procfile"), "web: sleep 1000\n");
        List<String> words = new ArrayList<>(List.of(TestProduct.procmon()));
        words.addAll(List.of(command.replace("DIR", folder.toString()).split(" ")));
        ProcessBuilder builder = TestProduct.builder(folder, words);
        Path log = folder.resolve("classes");
        builder.environment().put("PROCMON_JAVA_OPTIONS", "-Xlog:class+load:file=" + log);

        TestProduct.run(builder);

        assertThat(count(log, true)).isGreaterThan(1_000);
        assertThat(count(log, false)).isLessThan((long) (count(log, true) * OTHERS));
    }

    private static long count(Path log, boolean cached) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("source: shared objects file") == cached)
                    .count();
        }
    }
}
