package org.procmon.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.procmon.lifecycle.Ticks;

/** A state folder with clocks that stand still, and what monitors of one boot or another open. */
final class TestJournal {
    static final String BOOT = "b0071d-4026531836";
    static final String NEXT_BOOT = "b0072d-4026531836";

    /**
     * The moment of every boot's records, unless a test says otherwise: later than their files, or
     * they would be taken for copies.
     */
    static final Instant WALL = Instant.parse("2126-03-01T12:00:00Z");

    static final Ticks NOW = new Ticks(Duration.ofHours(1).toNanos());

    final Path state;
    final Path folder;

    TestJournal(Path state) {
        this.state = state;
        this.folder = state.resolve("journal");
    }

    JournalFolder open() throws IOException {
        return open(BOOT, WALL, NOW);
    }

    /** Of the journal that the monitor's record names; makes that if it is not there. */
    JournalFolder open(String boot, Instant wall, Ticks now) throws IOException {
        if (!Files.exists(state.resolve("monitor.json"))) {
            monitorFile(boot, wall, now).keepMonitor(MonitorRecord.first(now, "/etc/p.json"));
        }
        return JournalFolder.open(
                folder, monitorFile(boot, wall, now), boot, InstantSource.fixed(wall), () -> now);
    }

    MonitorFile monitorFile() {
        return monitorFile(BOOT, WALL, NOW);
    }

    MonitorFile monitorFile(String boot, Instant wall, Ticks now) {
        return new MonitorFile(state, folder, boot, InstantSource.fixed(wall), () -> now);
    }

    Path record(String name) {
        return folder.resolve(name + ".json");
    }

    Path aside(String name) {
        return folder.resolve("set-aside").resolve(name);
    }

    /** The names of all that is in the journal's folder, in order. */
    List<String> files() throws IOException {
        return names(folder);
    }

    List<String> asides() throws IOException {
        Path aside = folder.resolve("set-aside");
        return Files.exists(aside) ? names(aside) : List.of();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    interface Action {
        void run() throws IOException;
    }

    /** The lines about this folder that an action leaves in the log. */
    List<String> logOf(Action action) throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(state.toString()))
                .toList();
    }
}
