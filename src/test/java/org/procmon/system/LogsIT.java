package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.status.fields.LostOutput;

/** Logs that cannot be written hold up nobody. */
@Timeout(200)
class LogsIT {
    private static final String TALKS =
            "while :; do echo talk; echo tick >>$DIR/ticks; sleep 0.02; done";

    @TempDir Path folder = Path.of("");

    @Test
    void aProcessRunsWithADirectoryAsLogFile() throws Exception {
        Path log = TestProduct.stateFolder(folder).resolve("log/one.log");
        Files.createDirectories(log);
        try (TestMonitor monitor = start(Config.script("one", TALKS, Config.KEPT))) {
            patiently().until(() -> lost(monitor) > 50);
            for (int run = 2; run <= 3; run++) {
                monitor.must("restart", "one");
            }
            long lost = lost(monitor);
            patiently().until(() -> lost(monitor) > lost);

            assertThat(monitor.row("one").runcount()).isEqualTo(3);
            assertThat(monitor.row("one").output().orElseThrow().reason())
                    .isEqualTo("cannot write " + log + ": Is a directory");
            assertThat(monitor.log().lines().filter(line -> line.contains("one.log")))
                    .singleElement()
                    .asString()
                    .contains("WARN output: one output is being lost reason=\"cannot write ")
                    .endsWith("one.log: Is a directory\"");
            Files.delete(log);
            patiently().until(() -> monitor.lines("state/log/one.log").contains("talk"));
        }
    }

    @Test
    void processesRunWithoutALogFolder() throws Exception {
        Files.createDirectory(TestProduct.stateFolder(folder));
        Files.createFile(TestProduct.stateFolder(folder).resolve("log"));
        try (TestMonitor monitor = start(Config.script("one", TALKS, Config.KEPT))) {
            patiently().until(() -> monitor.lines("ticks").size() >= 3 && lost(monitor) > 0);

            assertThat(monitor.log()).contains("cannot make the log directory");
        }
    }

    @Test
    void supervisionContinuesWhenItsLogIsNotRead() throws Exception {
        Path pipe = pipe();
        String storm = Config.program("storm", "true", Config.KEPT, "'backoff': {'initial': 0}");
        Path file = Files.writeString(folder.resolve("procmon.json"), Config.of(storm));
        TestMonitor monitor = launch(file, pipe);
        try (monitor;
                InputStream reader = new FileInputStream(pipe.toFile())) {
            monitor.awaitAnswer();
            // The pipe takes 64 KiB, some hundred lines.
            patiently()
                    .atMost(Duration.ofSeconds(150))
                    .until(() -> monitor.row("storm").runcount() > 3_000);
            assertThat(reader.available()).isGreaterThan(60_000);

            monitor.must("stop", "storm");
        }
    }

    @Test
    void supervisionContinuesWhenTheReaderOfItsLogIsGone() throws Exception {
        Path pipe = pipe();
        String kept = Config.program("one", "sleep 1000", Config.KEPT);
        Path file = Files.writeString(folder.resolve("procmon.json"), Config.of(kept));
        try (TestMonitor monitor = launch(file, pipe)) {
            InputStream reader = new FileInputStream(pipe.toFile());
            monitor.awaitAnswer();
            reader.close();

            for (int run = 1; run <= 3; run++) {
                TestProduct.signal("KILL", monitor.awaitRun("one", run).pid());
            }

            monitor.awaitRun("one", 4);
        }
    }

    private static long lost(TestMonitor monitor) throws Exception {
        return monitor.row("one").output().map(LostOutput::lostBytes).orElse(0L);
    }

    private TestMonitor start(String... processes) throws Exception {
        return TestMonitor.start(folder, Config.of(processes));
    }

    private Path pipe() throws IOException {
        Path pipe = folder.resolve("pipe");
        ProcessBuilder mkfifo = new ProcessBuilder("mkfifo", pipe.toString());
        assertThat(TestProduct.run(mkfifo)).isEqualTo(new Outcome(0, "", ""));
        return pipe;
    }

    /** Starts a monitor that tells all it knows into a pipe. */
    private TestMonitor launch(Path file, Path pipe) throws IOException {
        return TestMonitor.launch(
                folder,
                List.of(TestMonitor.after("exec 2>" + pipe)),
                "run",
                "--no-backup",
                "-v",
                file.toString());
    }
}
