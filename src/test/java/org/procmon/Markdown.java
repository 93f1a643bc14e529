package org.procmon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation, as far as tests read it: lines, and tables below headings. */
public record Markdown(Path file, List<String> lines) {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern BETWEEN_CELLS = Pattern.compile("(?<!\\\\)\\|");

    public static Markdown read(String file) throws IOException {
        return read(Path.of(file));
    }

    static Markdown read(Path file) throws IOException {
        return new Markdown(file, Files.readAllLines(file));
    }

    /** Every page of the project. */
    static List<Markdown> all() throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(Path.of(""))) {
            files = tree.filter(Markdown::isPage).sorted().toList();
        }
        List<Markdown> pages = new ArrayList<>();
        for (Path file : files) {
            pages.add(read(file));
        }
        return pages;
    }

    private static boolean isPage(Path file) {
        String top = file.getName(0).toString();
        return file.toString().endsWith(".md")
                && !top.equals("target")
                && !(top.startsWith(".") && !top.equals(".github"));
    }

    @Override
    public String toString() {
        return file.toString();
    }

    /** Whether each line belongs to a block of code, its fences included. */
    List<Boolean> code() {
        List<Boolean> code = new ArrayList<>();
        boolean inside = false;
        for (String line : lines) {
            boolean fence = line.strip().startsWith("```");
            code.add(inside || fence || line.startsWith("    "));
            inside ^= fence;
        }
        return code;
    }

    static boolean isRow(String line) {
        return line.startsWith("|");
    }

    /** The cells of a row. */
    static List<String> cells(String row) {
        String inner = row.strip().replaceAll("^\\||\\|$", "");
        return Stream.of(BETWEEN_CELLS.split(inner, -1)).map(String::strip).toList();
    }

    /** The rows of the table number {@code index} below a heading, without their header. */
    public List<List<String>> table(String heading, int index) {
        int at = lines.indexOf(heading);
        if (at < 0) {
            throw new AssertionError("there is no '" + heading + "' in " + file);
        }
        List<List<List<String>>> tables = new ArrayList<>();
        boolean before = false;
        for (String line : lines.subList(at + 1, lines.size())) {
            if (line.startsWith("#")) {
                break;
            }
            if (isRow(line)) {
                if (!before) {
                    tables.add(new ArrayList<>());
                }
                tables.getLast().add(cells(line));
            }
            before = isRow(line);
        }
        List<List<String>> table = tables.get(index);
        return table.subList(2, table.size());
    }

    /** What is set as code in one column of a table, in its order. */
    public List<String> words(String heading, int index, int column) {
        return table(heading, index).stream().flatMap(row -> words(row.get(column))).toList();
    }

    /** What is set as code in a cell. */
    public static Stream<String> words(String cell) {
        return CODE.matcher(cell).results().map(found -> found.group(1));
    }
}
