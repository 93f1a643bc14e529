package org.procmon.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the loggers of the sources with the areas of docs/reference/log.md. */
class LogAreasTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern LOGGER = Pattern.compile("getLogger\\(\"?(\\w+)(\\.class|\")\\)");
    private static final Pattern WORD = Pattern.compile("`(\\w+)`");

    @Test
    void documentsEachArea() throws IOException {
        Set<String> areas = new TreeSet<>(Set.of("quartz"));
        try (Stream<Path> all = Files.walk(SOURCES)) {
            for (Path file : all.filter(f -> f.toString().endsWith(".java")).toList()) {
                Matcher logger = LOGGER.matcher(Files.readString(file));
                while (logger.find()) {
                    areas.add(
                            logger.group(2).equals(".class")
                                    ? EventLogger.area(className(file))
                                    : logger.group(1));
                }
            }
        }
        assertThat(areas).hasSizeGreaterThan(10).isEqualTo(documented());
    }

    private static String className(Path file) {
        String path = SOURCES.relativize(file).toString();
        return path.substring(0, path.length() - ".java".length()).replace('/', '.');
    }

    /** The first cells of the table below the heading "Areas". */
    private static Set<String> documented() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("docs/reference/log.md"));
        Set<String> areas = new TreeSet<>();
        for (int i = lines.indexOf("## Areas") + 1; !lines.get(i).startsWith("## "); i++) {
            if (lines.get(i).startsWith("| `")) {
                Matcher word = WORD.matcher(lines.get(i).split("\\|", -1)[1]);
                while (word.find()) {
                    areas.add(word.group(1));
                }
            }
        }
        return areas;
    }
}
