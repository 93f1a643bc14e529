package org.procmon.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.Problem;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;

/** Configuration files, good ones, nearly good ones, and such as nobody would write. */
class ConfigurationFuzzTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("HOME", "/h", "PATH", "/bin");
    private static final Path SCHEMA = Path.of("conf/procmon.schema.json");
    private static final Pattern WORD = Pattern.compile("\"([a-z_]{2,24})\"");
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    @TempDir Path folder = Path.of("");
    private int good;
    private int bad;

    /** All words of the schema, among which the keys are. */
    private static List<String> keys() throws IOException {
        TreeSet<String> words = new TreeSet<>();
        Matcher matcher = WORD.matcher(Files.readString(SCHEMA));
        while (matcher.find()) {
            words.add(matcher.group(1));
        }
        return new ArrayList<>(words);
    }

    @Test
    void everyFileIsReadOrItsProblemsAreNamed() throws IOException {
        List<String> keys = keys();
        assertThat(keys).contains("processes", "env_file", "schedule");
        FuzzRun.run(random -> one(random, keys));
        // Both are worth nothing if there is hardly any of them.
        assertThat(good).isGreaterThan(bad / 10);
        assertThat(bad).isGreaterThan(good / 10);
    }

    private void one(Random random, List<String> keys) {
        ConfigurationTree tree = new ConfigurationTree(random, keys);
        Map<String, Object> file = tree.file();
        byte[] bytes = tree.text(file).getBytes(UTF_8);
        boolean damaged = random.nextInt(3) == 0;
        SpecResult result = read(damaged ? damaged(bytes, random) : bytes);
        switch (result) {
            case SpecResult.Valid valid -> {
                good++;
                // A monitor that takes over reads what was kept, not the file.
                SpecResult kept =
                        SpecReader.read(
                                valid.bundle(), folder.resolve("procmon.json"), ENVIRONMENT);
                assertThat(kept).isInstanceOf(SpecResult.Valid.class);
                assertThat(((SpecResult.Valid) kept).spec()).hasToString(valid.spec().toString());
                if (!damaged) {
                    // Comments, commas and blanks mean nothing.
                    SpecResult again = read(tree.text(file).getBytes(UTF_8));
                    assertThat(again).isInstanceOf(SpecResult.Valid.class);
                    assertThat(((SpecResult.Valid) again).spec())
                            .hasToString(valid.spec().toString());
                }
            }
            case SpecResult.Invalid invalid -> {
                bad++;
                assertThat(invalid.problems()).isNotEmpty();
                for (Problem problem : invalid.problems()) {
                    assertThat(problem.line()).isPositive();
                    assertThat(problem.column()).isPositive();
                    assertThat(problem.message()).isNotBlank();
                    Legibility.check(problem.message());
                }
            }
        }
    }

    private SpecResult read(byte[] bytes) {
        long begun = System.nanoTime();
        SpecResult result =
                SpecReader.read(
                        folder.resolve("procmon.json").toString(), bytes, folder, ENVIRONMENT);
        assertThat(System.nanoTime() - begun).as("the time it takes").isLessThan(PATIENCE);
        return result;
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        StringBuilder text = new StringBuilder(new String(bytes, ISO_8859_1));
        for (int times = 1 + random.nextInt(4); times > 0 && !text.isEmpty(); times--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(5)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.insert(at, "{[]},:\"\\#/".charAt(random.nextInt(10)));
                case 2 -> text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
                case 3 -> text.insert(at, "[".repeat(random.nextInt(300)));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 30)));
            }
        }
        return text.toString().getBytes(ISO_8859_1);
    }
}
