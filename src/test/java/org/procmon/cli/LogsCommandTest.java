package org.procmon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.protocol.StandardStream;
import org.procmon.status.Snapshot;

@Timeout(60)
class LogsCommandTest extends CommandRunner {
    private static final String TIME = "2026-11-20T12:00:0";

    @BeforeEach
    void write() {
        processes("web-1", "db");
        output.write("web-1", TIME + "1.000Z one\n" + TIME + "3.000Z three\n");
        error("web-1", TIME + "2.000Z two\n  at x\n");
        output.write("db", TIME + "2.500Z half");
    }

    private void processes(String... names) {
        supervisor.snapshot =
                new Snapshot(
                        java.util.stream.Stream.of(names)
                                .map(name -> FakeSupervisor.running(name, 1, "true"))
                                .toList(),
                        supervisor.snapshot.monitors(),
                        false);
    }

    private void error(String process, String text) {
        output.write(process, StandardStream.STDERR, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void bothStreamsOfAllAreMergedByTime() {
        assertThat(run("logs")).isZero();
        assertThat(out())
                .isEqualTo(
                        """
                        web-1 | 2026-11-20T12:00:01.000Z one
                        web-1 | 2026-11-20T12:00:02.000Z two
                        web-1 |   at x
                        db    | 2026-11-20T12:00:02.500Z half
                        web-1 | 2026-11-20T12:00:03.000Z three
                        """);
        assertThat(err()).isEmpty();
    }

    @Test
    void aTerminalGetsAColourForEachProcessAndRedForErrors() throws IOException {
        descriptor = Files.createSymbolicLink(folder.resolve("fd"), Path.of("/dev/pts/0"));
        error("db", "\u001b[2J");
        assertThat(run("logs")).isZero();
        assertThat(out())
                .contains("\u001b[36mweb-1\u001b[0m \u001b[36m|\u001b[0m 2026")
                .contains("\u001b[36mweb-1\u001b[0m \u001b[31m|\u001b[0m   at x\n")
                .contains("\u001b[33mdb\u001b[0m    \u001b[31m|\u001b[0m \\u001b[2J\n");
    }

    @Test
    void jsonHasTheTimeApart() {
        assertThat(run("logs", "--json", "db", "web-*", "--grep", "half|at x")).isZero();
        assertThat(out())
                .isEqualTo(
                        """
                        {"time":"2026-11-20T12:00:02Z","process":"web-1","stream":"stderr","text":"  at x"}
                        {"time":"2026-11-20T12:00:02.500Z","process":"db","stream":"stdout","text":"half"}
                        """);
    }

    @Test
    void linesAreChosenByTimeNumberAndExpression() {
        assertThat(run("logs", "--since", TIME + "2.200Z")).isZero();
        assertThat(out())
                .isEqualTo(
                        """
                        db    | 2026-11-20T12:00:02.500Z half
                        web-1 | 2026-11-20T12:00:03.000Z three
                        """);
        out.reset();
        assertThat(run("logs", "-n", "1", "web-1", "--grep", "o")).isZero();
        assertThat(out())
                .isEqualTo(
                        """
                        web-1 | 2026-11-20T12:00:01.000Z one
                        web-1 | 2026-11-20T12:00:02.000Z two
                        """);
        out.reset();
        output.write("db", "\nmore\n");
        processes("plain");
        output.write("plain", "no time\n");
        assertThat(run("logs", "--since", "1h")).isZero();
        assertThat(out()).isEqualTo("plain | no time\n");
        assertThat(err()).contains("plain has lines without times, so --since shows all of them;");
    }

    @Test
    void followShowsNewLinesAndNewProcessesAndOutlivesAMonitor() throws Exception {
        CompletableFuture<Integer> logs =
                CompletableFuture.supplyAsync(() -> run("logs", "-f", "-n", "1", "web-*"));
        await().until(() -> out().contains("three"));
        output.write("web-1", "partial");
        error("web-1", "new\n");
        await().until(() -> out().endsWith("web-1 | new\n"));
        output.write("web-1", " line\n");
        await().until(() -> out().endsWith("web-1 | partial line\n"));
        server.close();
        processes("web-1", "web-22");
        output.write("web-22", "later\n");
        server = open();
        await().until(() -> out().endsWith("web-22 | later\n"));
        server.close();
        assertThat(logs.get()).isEqualTo(6);
        assertThat(out().lines().filter(line -> line.contains("partial line"))).hasSize(1);
    }

    @Test
    void whatHasNoOutputIsNamed() {
        processes("null");
        assertThat(run("logs")).isZero();
        assertThat(err()).isEqualTo("procmon: null has no output that is kept\n");
        assertThat(List.of(run("logs", "nobody"))).containsExactly(4);
        assertThat(err())
                .endsWith(
                        "procmon: cannot show the output of nobody: there is no process"
                                + " 'nobody'\n");
    }
}
