package org.procmon.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;
import org.procmon.importing.Importer;
import org.procmon.importing.SourceFormat;
import org.procmon.importing.draft.ImportResult;

/** Files of other supervisors, good ones, nearly good ones, and such as nobody would write. */
class ImportFuzzTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("HOME", "/h", "PATH", "/bin", "N", "2", "Q", "a 'b c'", "ESC", "\u001b[2J");
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    @TempDir Path folder = Path.of("");
    private int done;
    private int refused;

    @ParameterizedTest
    // Those are commands.
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SPAWN_FCGI", "JULIA_FPM"})
    void everyFileBecomesAConfigurationOrItIsSaidWhyNot(SourceFormat format) {
        FuzzRun.run(random -> one(format, random));
        assertThat(done).isGreaterThan(refused / 10);
        assertThat(refused).isGreaterThan(done / 100);
    }

    private void one(SourceFormat format, Random random) throws IOException {
        ForeignFile file = ForeignFile.of(format, random);
        ImportResult.Imported imported = imported(format, file.text());
        if (imported == null || file.isDamaged()) {
            return;
        }
        for (String key : file.unknown()) {
            assertThat(imported.notes()).as(file.text()).anyMatch(note -> note.contains(key));
        }
        // Whatever a setting says is carried over, or it is told.
        String key = file.anyKey(random);
        boolean told = imported.notes().stream().anyMatch(note -> note.contains(" " + key));
        if (!key.isEmpty() && !told && random.nextBoolean()) {
            ImportResult.Imported without = imported(format, file.without(key));
            if (without != null) {
                assertThat(without.text())
                        .as(key + " in:\n" + file.text())
                        .isNotEqualTo(imported.text());
            }
        }
    }

    /** What came of a file, which is looked at; null if it was refused. */
    private ImportResult.@Nullable Imported imported(SourceFormat format, String text)
            throws IOException {
        Path file = folder.resolve("web.service");
        Files.write(file, text.getBytes(UTF_8));
        long begun = System.nanoTime();
        ImportResult result = Importer.read(format, List.of(file), ENVIRONMENT);
        assertThat(System.nanoTime() - begun).as("the time it takes").isLessThan(PATIENCE);
        switch (result) {
            case ImportResult.Imported imported -> {
                done++;
                imported.notes().forEach(Legibility::check);
                SpecResult spec =
                        SpecReader.read(
                                "procmon.json",
                                imported.text().getBytes(UTF_8),
                                folder,
                                ENVIRONMENT);
                assertThat(spec).as(text).isInstanceOf(SpecResult.Valid.class);
                return imported;
            }
            case ImportResult.Refused problem -> {
                refused++;
                assertThat(problem.line()).isPositive();
                assertThat(problem.reason()).as(text).isNotBlank();
                assertThat(problem.reason()).as(text).doesNotContain("no valid configuration");
                Legibility.check(problem.reason());
                return null;
            }
            case ImportResult.Unreadable problem -> throw new AssertionError(problem);
        }
    }
}
