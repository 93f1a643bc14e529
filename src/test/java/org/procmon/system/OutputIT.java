package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where the output of real programs goes. */
@Timeout(120)
class OutputIT {
    private static final String STAY = "; exec sleep 1000";

    @TempDir Path folder = Path.of("");

    @Test
    void eachStreamHasAFileThatLaterRunsAppendTo() throws Exception {
        try (TestMonitor monitor = start(script("one", "echo out; echo err >&2"))) {
            awaitLines(monitor, "one.log", List.of("out"));
            awaitLines(monitor, "one.err", List.of("err"));

            monitor.must("restart", "one");

            awaitLines(monitor, "one.log", List.of("out", "out"));
            awaitLines(monitor, "one.err", List.of("err", "err"));
            assertThat(monitor.cli("tail", "one")).isEqualTo(new Outcome(0, "out\nout\n", ""));
        }
    }

    @Test
    void aProgramMayOpenItsStreamsAgain() throws Exception {
        String script =
                "echo one >/dev/stderr; echo two >>/dev/stderr; echo three >/proc/self/fd/2;"
                        + " echo four >/dev/stdout; cat </dev/null";
        try (TestMonitor monitor = start(script("one", script))) {
            awaitLines(monitor, "one.err", List.of("one", "two", "three"));
            awaitLines(monitor, "one.log", List.of("four"));
        }
    }

    @Test
    void streamsGoWhereTheyAreConfiguredToGo() throws Exception {
        String script = "echo out; echo err >&2";
        try (TestMonitor monitor =
                start(
                        script("joined", script, "'stderr': 'stdout'"),
                        script("quiet", script, "'stdout': 'null', 'stderr': 'null'"),
                        script("mixed", script, "'stdout': {'file': 'x/mixed.txt'}"),
                        script("loud", script, "'stdout': 'inherit', 'stderr': 'inherit'"),
                        script("half", script, "'stdout': 'null', 'stderr': 'stdout'"))) {
            awaitLines(monitor, "joined.log", List.of("out", "err"));
            awaitLines(monitor, "mixed.err", List.of("err"));
            patiently().until(() -> monitor.lines("x/mixed.txt").equals(List.of("out")));
            patiently().until(() -> monitor.lines("monitor.out").equals(List.of("out")));
            patiently().until(() -> monitor.lines("monitor.err").contains("err"));
            for (String name : List.of("quiet", "half")) {
                assertThat(Proc.descriptors(monitor.awaitRun(name, 1).pid()).values())
                        .containsOnly("/dev/null");
            }
            assertThat(monitor.state().resolve("log"))
                    .isDirectoryNotContaining("glob:**/{quiet,loud,half}.*");
        }
    }

    @Test
    void theOutputFolderCanBeChosen() throws Exception {
        String configuration =
                Config.of(script("one", "echo out"))
                        .replaceFirst("\\{", "{\"output\": {\"directory\": \"my/logs\"}, ");
        try (TestMonitor monitor = TestMonitor.start(folder, configuration)) {
            patiently().until(() -> monitor.lines("my/logs/one.log").equals(List.of("out")));
        }
    }

    @Test
    void linesOfAFastWriterStayWholeAndInOrderAcrossRotation() throws Exception {
        int lines = 300_000;
        String writer =
                "perl -e '$| = 1; for (1.." + lines + ") { syswrite(STDOUT, qq(line $_\\n)) }'";
        String keys = "'stdout': {'max_size': '200kB', 'keep': 1000}";
        try (TestMonitor monitor = start(script("one", writer, keys))) {
            patiently().until(() -> last(monitor, "one.log").equals("line " + lines));

            assertThat(monitor.state().resolve("log/one.log.10")).exists();
            int next = 1;
            for (Path file : oldestFirst(monitor, "one.log")) {
                assertThat(Files.size(file)).isLessThanOrEqualTo(200_000);
                for (String line : Files.readAllLines(file)) {
                    if (!line.equals("line " + next++)) {
                        throw new AssertionError(file + ": " + line + " instead of " + (next - 1));
                    }
                }
            }
            assertThat(next).isEqualTo(lines + 1);
        }
    }

    @Test
    void tenMegabytesWithoutAnEndOfLineAndAnyBytesAtAllArrive() throws Exception {
        String script =
                "head -c 10000000 /dev/zero | tr '\\0' x | tee $DIR/long;"
                        + " head -c 1000000 /dev/urandom | tee $DIR/any >&2";
        try (TestMonitor monitor = start(script("one", script, "'stdout': {'max_size': '50MB'}"))) {
            Path log = monitor.state().resolve("log/one.log");
            Path err = monitor.state().resolve("log/one.err");
            patiently().until(() -> Files.exists(err) && Files.size(err) == 1_000_000);

            assertThat(log).hasSameBinaryContentAs(monitor.file("long"));
            assertThat(err).hasSameBinaryContentAs(monitor.file("any"));
        }
    }

    @Test
    void linesHaveTheTimeIfSoWished() throws Exception {
        String keys = "'stdout': {'timestamps': true}";
        try (TestMonitor monitor = start(script("one", "echo a; printf b; echo c", keys))) {
            patiently().until(() -> monitor.lines("state/log/one.log").size() == 2);

            assertThat(String.join("\n", monitor.lines("state/log/one.log")))
                    .matches(
                            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z a\n"
                                    + "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z bc");
        }
    }

    @Test
    void anotherProgramMayRotateTheLogs() throws Exception {
        String script =
                "for i in 1 2 3; do echo $i; until [ -e $DIR/after$i ]; do sleep 0.05; done; done";
        try (TestMonitor monitor = start(script("one", script))) {
            awaitLines(monitor, "one.log", List.of("1"));
            Files.move(monitor.file("state/log/one.log"), monitor.file("old"));
            Files.createFile(monitor.file("after1"));
            patiently().until(() -> monitor.lines("old").equals(List.of("1", "2")));

            monitor.must("reopen");

            assertThat(monitor.file("state/log/one.log")).isEmptyFile();
            Files.createFile(monitor.file("after2"));
            awaitLines(monitor, "one.log", List.of("3"));
            assertThat(monitor.lines("old")).containsExactly("1", "2");
        }
    }

    @Test
    void theNextMonitorReadsOnWhereAKilledOneStopped() throws Exception {
        int lines = 200_000;
        // Not so fast that it ends before the monitor is killed.
        String writer =
                ("perl -e '$| = 1; for (1..%d) { syswrite(STDOUT, qq(line $_\\n));"
                                + " select(undef, undef, undef, 0.002) unless $_ %% 100 }'")
                        .formatted(lines);
        String one = script("one", writer, "'stdout': {'max_size': '200kB', 'keep': 1000}");
        TestMonitor killed = start(one);
        patiently().until(() -> killed.lines("state/log/one.log").size() > 10);
        // What it writes may be there before its start is told.
        int pid = patiently().until(() -> killed.row("one").pid(), found -> found > 0);
        killed.kill();

        try (TestMonitor monitor = start(one)) {
            assertThat(monitor.row("one").pid()).isEqualTo(pid);
            patiently().until(() -> last(monitor, "one.log").equals("line " + lines));

            List<String> all = new ArrayList<>();
            for (Path file : oldestFirst(monitor, "one.log")) {
                all.addAll(Files.readAllLines(file));
            }
            for (int i = 0; i < lines; i++) {
                if (!all.get(i).equals("line " + (i + 1))) {
                    throw new AssertionError(all.get(i) + " in the place of line " + (i + 1));
                }
            }
            assertThat(all).hasSize(lines);
        }
    }

    @Test
    void manyProcessesWriteAtOnceAndNothingIsMixedUp() throws Exception {
        List<String> processes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            processes.add(script("p" + i, "for i in 1 2 3; do echo p" + i + " $i; done"));
        }
        try (TestMonitor monitor = start(processes.toArray(String[]::new))) {
            for (int i = 0; i < 300; i++) {
                awaitLines(
                        monitor,
                        "p" + i + ".log",
                        List.of("p" + i + " 1", "p" + i + " 2", "p" + i + " 3"));
            }
        }
    }

    private static String script(String id, String script, String... keys) {
        return Config.script(id, script + STAY, keys);
    }

    private TestMonitor start(String... processes) throws Exception {
        return TestMonitor.start(folder, Config.of(processes));
    }

    private static void awaitLines(TestMonitor monitor, String log, List<String> lines) {
        patiently()
                .untilAsserted(
                        () -> assertThat(monitor.lines("state/log/" + log)).isEqualTo(lines));
    }

    private static String last(TestMonitor monitor, String log) throws IOException {
        List<String> lines = monitor.lines("state/log/" + log);
        return lines.isEmpty() ? "" : lines.getLast();
    }

    private static List<Path> oldestFirst(TestMonitor monitor, String log) {
        List<Path> files = new ArrayList<>();
        Path file = monitor.file("state/log/" + log);
        for (int age = 1; Files.exists(file); age++) {
            files.addFirst(file);
            file = monitor.file("state/log/" + log + "." + age);
        }
        return files;
    }
}
