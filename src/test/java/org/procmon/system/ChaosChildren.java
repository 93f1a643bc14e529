package org.procmon.system;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The children of a chaos run, and what they themselves recorded: see {@code chaos-child.pl}, which
 * each of them runs.
 */
final class ChaosChildren {
    private static final String SCRIPT = "chaos-child.pl";

    /** Of the counts: one number for each stream of each run. */
    private static final int COUNT_SIZE = 20;

    /** So little to a file that there is rotation, and so many files that nothing is removed. */
    private static final String LOGS =
            "'stdout': {'max_size': '100KB', 'keep': 1000},"
                    + " 'stderr': {'max_size': '20KB', 'keep': 1000}";

    private static final String FLOOD_LOGS =
            "'stdout': {'max_size': '1MB', 'keep': 1000},"
                    + " 'stderr': {'max_size': '20KB', 'keep': 1000}";

    private static final String KEPT =
            "'monitored': true, 'backoff': {'initial': '50ms', 'max': '1s'}, ";

    /** What kinds there are, and how many of each are left in peace and are not. */
    enum Kind {
        STEADY(30, 40, KEPT + LOGS),
        FAST(3, 7, KEPT + LOGS),
        FLOODING(1, 2, KEPT + FLOOD_LOGS),
        QUIET(4, 13, KEPT + LOGS),
        STUBBORN(0, 15, KEPT + LOGS + ", 'stop': {'signal': 'TERM', 'timeout': '300ms'}"),
        CRASHING(5, 25, KEPT + LOGS),
        ENDING(5, 15, KEPT + LOGS),
        LEAVING(5, 10, KEPT + LOGS),
        JOB(5, 15, "'monitored': false, " + LOGS);

        private final int inPeace;
        private final int disturbed;
        private final String keys;

        Kind(int inPeace, int disturbed, String keys) {
            this.inPeace = inPeace;
            this.disturbed = disturbed;
            this.keys = keys;
        }

        private String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * One of them.
     *
     * @param disturbed whether the run may command and kill it
     */
    record Child(String name, Kind kind, boolean disturbed) {
        /** Whether it is up for ever as long as nobody disturbs it. */
        boolean endures() {
            return switch (kind) {
                case STEADY, FAST, FLOODING, QUIET, STUBBORN -> true;
                case CRASHING, ENDING, LEAVING, JOB -> false;
            };
        }
    }

    private final Path folder;
    private final Map<String, Child> all = new LinkedHashMap<>();

    /**
     * @param folder where they leave their records
     */
    ChaosChildren(Path folder) throws IOException {
        this.folder = folder;
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < kind.inPeace + kind.disturbed; i++) {
                String name = kind.word() + i;
                all.put(name, new Child(name, kind, i >= kind.inPeace));
            }
        }
        Files.createDirectory(folder);
        try (InputStream script = ChaosChildren.class.getResourceAsStream(SCRIPT)) {
            Files.copy(Objects.requireNonNull(script, SCRIPT), folder.resolve(SCRIPT));
        }
    }

    List<Child> all() {
        return List.copyOf(all.values());
    }

    /** The names of those that may be disturbed. */
    List<String> disturbed() {
        return all.values().stream().filter(Child::disturbed).map(Child::name).toList();
    }

    /**
     * A configuration of them all.
     *
     * @param others processes besides them
     */
    String configuration(long seed, List<String> others) {
        List<String> processes = new ArrayList<>(others);
        for (Child child : all.values()) {
            String exec =
                    "perl %s %s %s %d"
                            .formatted(
                                    folder.resolve(SCRIPT),
                                    folder,
                                    child.kind().word(),
                                    Math.abs(seed % 1_000_000));
            processes.add(Config.program(child.name(), exec, child.kind().keys));
        }
        return Config.of(processes.toArray(String[]::new));
    }

    /** What must not have happened, in the children's own words. */
    List<String> violations() throws IOException {
        Path file = folder.resolve("violations");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** The numbers of a child's runs, in the order of their starts. */
    List<Long> starts(String name) throws IOException {
        Path file = folder.resolve(name + ".starts");
        if (!Files.exists(file)) {
            return List.of();
        }
        List<Long> runs = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            runs.add(Long.valueOf(line.substring(line.indexOf(' ') + 1)));
        }
        return runs;
    }

    /**
     * How many lines a child certainly wrote, by run.
     *
     * @param stream 0 for stdout, 1 for stderr
     */
    Map<Long, Long> written(String name, int stream) throws IOException {
        Map<Long, Long> written = new LinkedHashMap<>();
        Path file = folder.resolve(name + ".counts");
        byte[] counts = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        for (int at = stream * COUNT_SIZE; at < counts.length; at += 2 * COUNT_SIZE) {
            int length = Math.min(COUNT_SIZE, counts.length - at);
            String text = new String(counts, at, length, StandardCharsets.US_ASCII);
            // What was never written, in between, is zero bytes.
            if (text.charAt(0) != '\0') {
                written.put(at / (2L * COUNT_SIZE), Long.valueOf(text.strip()));
            }
        }
        return written;
    }
}
