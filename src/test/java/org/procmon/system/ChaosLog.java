package org.procmon.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the logs hold of one stream of a child, all rotated files together: for each run its lines,
 * which have to be 1, 2, 3 and so on.
 */
final class ChaosLog {
    private static final int MOST_PROBLEMS = 5;

    private final String name;
    private final Map<Long, Long> lines = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private long latestRun;

    private ChaosLog(String name) {
        this.name = name;
    }

    /**
     * Reads all files of a stream.
     *
     * @param file the name of the one that is written now, such as {@code web.log}
     */
    static ChaosLog read(Path folder, String name, String file) throws IOException {
        ChaosLog log = new ChaosLog(name);
        String partial = "";
        for (Path part : parts(folder, file)) {
            partial = log.read(part, partial);
        }
        if (!partial.isEmpty()) {
            log.problem("%s ends in the middle of a line: '%s'".formatted(file, partial));
        }
        return log;
    }

    /** The number of lines of each run. */
    Map<Long, Long> lines() {
        return lines;
    }

    List<String> problems() {
        return problems;
    }

    /** The files of a stream, the oldest first. */
    private static List<Path> parts(Path folder, String file) throws IOException {
        List<Path> parts = new ArrayList<>();
        if (!Files.exists(folder)) {
            return parts;
        }
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(p -> p.getFileName().toString().startsWith(file + ".")).forEach(parts::add);
        }
        parts.sort(Comparator.comparingInt(ChaosLog::age).reversed());
        if (Files.exists(folder.resolve(file))) {
            parts.add(folder.resolve(file));
        }
        return parts;
    }

    private static int age(Path part) {
        String name = part.getFileName().toString();
        return Integer.parseInt(name.substring(name.lastIndexOf('.') + 1));
    }

    /** Returns what follows the last line's end. */
    private String read(Path part, String partial) throws IOException {
        StringBuilder line = new StringBuilder(partial);
        try (BufferedReader in = Files.newBufferedReader(part, StandardCharsets.ISO_8859_1)) {
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c == '\n') {
                    take(part, line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) c);
                }
            }
        }
        return line.toString();
    }

    private void take(Path part, String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 3 || !words[0].equals(name)) {
            problem("%s holds '%s'".formatted(part.getFileName(), line));
            return;
        }
        long run = Long.parseLong(words[1]);
        long number = Long.parseLong(words[2]);
        if (run < latestRun) {
            problem(
                    "%s holds a line of run %d behind one of run %d"
                            .formatted(part.getFileName(), run, latestRun));
        }
        latestRun = run;
        long before = lines.getOrDefault(run, 0L);
        if (number != before + 1) {
            problem(
                    "%s: in run %d, line %d comes behind line %d"
                            .formatted(part.getFileName(), run, number, before));
        }
        lines.put(run, number);
    }

    private void problem(String text) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(text);
        }
    }
}
