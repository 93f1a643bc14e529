package org.procmon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every page has to keep to: its links, its tables and its width. */
class DocumentationTest {
    private static final Path CODE = Path.of("src/main/java/org/procmon");

    private static final int WIDTH = 100;

    private static final Pattern LINK =
            Pattern.compile("\\]\\(([^)\\s]+)\\)|<img src=\"([^\"]+)\"");
    private static final Pattern SEPARATOR = Pattern.compile("\\|([ :-]+\\|)+");

    static List<Markdown> pages() throws IOException {
        return Markdown.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsToAPageOrAHeading(Markdown page) throws IOException {
        List<String> broken = new ArrayList<>();
        for (String target : links(page)) {
            if (!leadsSomewhere(page, target)) {
                broken.add(target);
            }
        }
        assertThat(broken).isEmpty();
    }

    private static List<String> links(Markdown page) {
        List<String> links = new ArrayList<>();
        List<Boolean> code = page.code();
        for (int i = 0; i < code.size(); i++) {
            if (!code.get(i)) {
                LINK.matcher(page.lines().get(i))
                        .results()
                        .map(m -> m.group(1) == null ? m.group(2) : m.group(1))
                        .filter(target -> !target.contains("://") && !target.startsWith("mailto:"))
                        .forEach(links::add);
            }
        }
        return links;
    }

    private static boolean leadsSomewhere(Markdown page, String target) throws IOException {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path file = path.isEmpty() ? page.file() : page.file().resolveSibling(path).normalize();
        if (!Files.exists(file)) {
            return false;
        }
        return hash < 0 || anchors(Markdown.read(file)).contains(target.substring(hash + 1));
    }

    /** The anchors that the usual renderers make of headings. */
    private static List<String> anchors(Markdown page) {
        List<Boolean> code = page.code();
        List<String> anchors = new ArrayList<>();
        for (int i = 0; i < code.size(); i++) {
            String line = page.lines().get(i);
            if (!code.get(i) && line.startsWith("#")) {
                String text = line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT);
                anchors.add(text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
            }
        }
        return anchors;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyTableIsInOnePiece(Markdown page) {
        List<Boolean> code = page.code();
        List<String> wrong = new ArrayList<>();
        List<String> table = new ArrayList<>();
        for (int i = 0; i <= code.size(); i++) {
            boolean isRow = i < code.size() && !code.get(i) && Markdown.isRow(page.lines().get(i));
            if (isRow) {
                table.add(page.lines().get(i));
            } else if (!table.isEmpty()) {
                check(table, wrong);
                table.clear();
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void check(List<String> table, List<String> wrong) {
        if (table.size() < 3 || !SEPARATOR.matcher(table.get(1)).matches()) {
            wrong.add("not a table, or cut by a blank line: " + table.getFirst());
        }
        int columns = Markdown.cells(table.getFirst()).size();
        table.stream()
                .filter(row -> Markdown.cells(row).size() != columns)
                .forEach(row -> wrong.add("not " + columns + " columns: " + row));
    }

    /** Written as {@code package.Type}. */
    @Test
    void everyTypeThatThePagesNameIsInTheCode() throws IOException {
        Pattern type = Pattern.compile("`((?:[a-z]+\\.)+)([A-Z][A-Za-z]+)`");
        List<String> missing = new ArrayList<>();
        int found = 0;
        for (Path page : List.of(Path.of("docs/architecture.md"), Path.of("docs/internals.md"))) {
            Matcher matcher = type.matcher(Files.readString(page));
            while (matcher.find()) {
                Path folder = CODE.resolve(matcher.group(1).replace('.', '/'));
                found++;
                if (!Files.exists(folder.resolve(matcher.group(2) + ".java"))) {
                    missing.add(page + ": " + matcher.group());
                }
            }
        }
        assertThat(found).isGreaterThan(10);
        assertThat(missing).isEmpty();
    }

    @Test
    void theArchitectureHasEveryPackage() throws IOException {
        List<String> packages = new ArrayList<>();
        try (Stream<Path> all = Files.walk(CODE)) {
            all.filter(file -> file.endsWith("package-info.java"))
                    .map(file -> CODE.relativize(file.getParent()).toString().replace('/', '.'))
                    .forEach(packages::add);
        }
        assertThat(Markdown.read("docs/architecture.md").words("## Packages", 0, 0))
                .containsExactlyInAnyOrderElementsOf(packages);
    }

    /** The first column of the table of threads, but for those that have no name of their own. */
    @Test
    void everyThreadOfTheArchitectureIsInTheCode() throws IOException {
        StringBuilder code = new StringBuilder();
        try (Stream<Path> tree = Files.walk(Path.of("src/main/java"))) {
            for (Path file : tree.filter(file -> file.toString().endsWith(".java")).toList()) {
                code.append(Files.readString(file));
            }
        }
        assertThat(Markdown.read("docs/architecture.md").words("## Threads", 0, 0))
                .isNotEmpty()
                .allMatch(name -> Pattern.compile("\"" + name + "[\"-]").matcher(code).find());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linesAreWrapped(Markdown page) {
        List<Boolean> code = page.code();
        List<String> wide = new ArrayList<>();
        for (int i = 0; i < code.size(); i++) {
            String line = page.lines().get(i);
            if (!code.get(i) && !Markdown.isRow(line) && line.length() > WIDTH) {
                wide.add((i + 1) + ": " + line);
            }
        }
        assertThat(wide).isEmpty();
    }
}
