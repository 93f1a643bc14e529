package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.readiness.probe.BlackHole;

/** Programs that say or show that they are up, with the whole program. */
@Timeout(90)
class ReadinessIT {
    private static final String READY_BY_NOTIFY = "'ready': {'notify': true}";
    private static final String LONG_BACKOFF = "'backoff': {'initial': '60s', 'max': '60s'}";

    /** Sends its arguments to the socket that it was given, one message each. */
    private static final String SAY =
            "say() { for m; do printf \"$m\" | socat -u - UNIX-SENDTO:$NOTIFY_SOCKET; done; }; ";

    /** Waits for a file of the test. */
    private static final String AWAIT =
            "await() { while [ ! -e $DIR/$1 ]; do sleep 0.02; done; }; ";

    @TempDir Path folder = Path.of("");

    @Test
    void aDependentStartsWhenReadyWasSaidAndStatusShowsWhatElseIs() throws Exception {
        String base =
                SAY
                        + AWAIT
                        + "say STATUS=warming; await go; say 'READY=1\nSTATUS=serving';"
                        + " say MAINPID=$$ MAINPID=1; await reload; say RELOADING=1;"
                        + " await done; say READY=1; exec sleep 1000";
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script("base", base, Config.KEPT, READY_BY_NOTIFY),
                                Config.program(
                                        "web", "sleep 1000", Config.KEPT, "'depends': 'base'")))) {
            patiently()
                    .untilAsserted(() ->
                            assertThat(monitor.cli("status", "base").out())
                                    .startsWith("base: starting for ")
                                    .contains("not ready before it says READY=1")
                                    .contains("  ready:       no\n  says:        warming\n"));
            assertThat(monitor.row("web").state()).isEqualTo("waiting");
            assertThat(monitor.cli("explain", "web").out())
                    .contains("it starts as soon as base is up");

            Files.createFile(monitor.file("go"));
            monitor.awaitRun("web", 1);
            int pid = monitor.row("base").pid();
            patiently()
                    .untilAsserted(() ->
                            assertThat(monitor.cli("status", "base").out())
                                    .startsWith("base: running for ")
                                    .contains("  ready:       yes\n  says:        serving\n")
                                    .contains("  main pid:    " + pid + "\n")
                                    .contains("MAINPID, which names none of its processes"));

            Files.createFile(monitor.file("reload"));
            patiently().until(() -> monitor.cli("status", "base").out().contains(", reloading\n"));
            assertThat(monitor.cli("status", "--json", "base").out()).contains("\"ready\":false");
            Files.createFile(monitor.file("done"));
            patiently().until(() -> monitor.row("base").signs().ready().orElse(false));
            assertThat(monitor.row("base").runcount()).isOne();
        }
    }

    @Test
    void aProcessNotReadyInTimeFails() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.program(
                                        "late",
                                        "sleep 1000",
                                        "'skip': true",
                                        "'ready': {'notify': true, 'timeout': '300ms'}"),
                                Config.program(
                                        "blind",
                                        "sleep 1000",
                                        Config.KEPT,
                                        "'skip': true",
                                        "'ready': {'exec': '/no/such', 'timeout': '1h'}"),
                                Config.program(
                                        "deaf",
                                        "sleep 1000",
                                        "'skip': true",
                                        "'ready': {'tcp': ':"
                                                + freePort()
                                                + "',"
                                                + " 'timeout': '300ms'}")))) {
            assertThat(monitor.cli("start", "late").err())
                    .contains("late")
                    .contains("not ready within 300 ms");
            monitor.awaitState("late", "failed");
            assertThat(monitor.row("late").cause()).isEqualTo("not ready within 300 ms");
            assertThat(monitor.cli("start", "blind").err())
                    .contains("cannot ask 'ready.exec': cannot execute '/no/such': No such file");
            assertThat(monitor.row("blind").state()).isEqualTo("failed");
            assertThat(monitor.row("blind").runcount()).isZero();
            assertThat(monitor.cli("start", "deaf").err())
                    .contains("not ready within 300 ms: cannot connect to port ")
                    .contains("refused");
        }
    }

    @Test
    void ignoresAndNamesAForeignSender() throws Exception {
        String stranger =
                """
                import os, socket
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.sendto(b'READY=1', os.environ['SOCKET'])
                input()
                """;
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.program(
                                        "web", "sleep 1000", Config.KEPT, READY_BY_NOTIFY)))) {
            Path socket = notifySocket(monitor);
            ProcessBuilder builder = new ProcessBuilder("python3", "-c", stranger);
            builder.environment().put("SOCKET", socket.toString());
            Process sender = builder.start();
            try {
                patiently()
                        .untilAsserted(() ->
                                assertThat(monitor.cli("explain", "web").out())
                                        .startsWith("web: starting")
                                        .contains("  ignored:     a message of process ")
                                        .contains("which is not one of its processes"));
                assertThat(monitor.log())
                        .containsOnlyOnce(
                                "web notification ignored reason=\"a message of process ");
            } finally {
                sender.destroyForcibly();
            }
        }
    }

    @Test
    void everyOtherSignWorksToo() throws Exception {
        int port = freePort();
        String[] ids = {"line", "words", "file", "http", "check"};
        Files.writeString(folder.resolve("old"), "from an earlier run");
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "line",
                                        AWAIT
                                                + "printf almost >&4; await go; echo >&4;"
                                                + " exec sleep 1000",
                                        "'ready': {'fd': 4}"),
                                Config.script(
                                        "words",
                                        AWAIT
                                                + "echo not listening; await go;"
                                                + " echo listening on 80 >&2; exec sleep 1000",
                                        "'ready': {'output': '^listening on [0-9]+$'}",
                                        "'stderr': {'timestamps': true}"),
                                Config.script(
                                        "file",
                                        AWAIT + "await go; echo new >$DIR/old; exec sleep 1000",
                                        "'ready': {'file': 'old', 'interval': '20ms'}"),
                                Config.script(
                                        "http",
                                        AWAIT + "await go; exec python3 -m http.server " + port,
                                        "'ready': {'http': 'http://127.0.0.1:"
                                                + port
                                                + "/', 'interval': '20ms'}"),
                                Config.script(
                                        "check",
                                        "exec sleep 1000",
                                        "'ready': {'exec': 'test -e "
                                                + folder
                                                + "/go', 'interval': '50ms'}")))) {
            patiently()
                    .untilAsserted(() -> {
                        for (String id : ids) {
                            assertThat(monitor.row(id).state()).as(id).isEqualTo("starting");
                        }
                        assertThat(monitor.row("http").cause()).contains("refused");
                        assertThat(monitor.row("check").cause()).contains("exited with code 1");
                    });
            TestMonitor.always(Duration.ofMillis(200))
                    .until(() -> monitor.row("file").state().equals("starting"));
            Files.createFile(monitor.file("go"));
            for (String id : ids) {
                monitor.awaitRun(id, 1);
            }
            assertThat(monitor.row("line").signs().ready()).contains(true);
        }
    }

    @Test
    void theNextMonitorKeepsReadiness() throws Exception {
        String config =
                Config.of(
                        Config.script(
                                "told",
                                SAY + AWAIT + "await go; say READY=1; exec sleep 1000",
                                Config.KEPT,
                                READY_BY_NOTIFY),
                        Config.script(
                                "line",
                                AWAIT + "await go; echo >&3; exec sleep 1000",
                                Config.KEPT,
                                "'ready': {'fd': 3}"),
                        Config.script(
                                "done",
                                "echo >&3; exec sleep 1000",
                                Config.KEPT,
                                "'ready': {'fd': 3}"));
        int done;
        try (TestMonitor monitor = TestMonitor.start(folder, config)) {
            done = monitor.awaitRun("done", 1).pid();
            monitor.awaitState("told", "starting");
            monitor.awaitState("line", "starting");
            monitor.kill();
            try (TestMonitor next = TestMonitor.start(folder, config)) {
                assertThat(next.row("done").pid()).isEqualTo(done);
                assertThat(next.row("done").state()).isEqualTo("running");
                assertThat(next.row("told").state()).isEqualTo("starting");
                Files.createFile(next.file("go"));
                assertThat(next.awaitRun("told", 1).runcount()).isOne();
                assertThat(next.awaitRun("line", 1).runcount()).isOne();
            }
        }
    }

    @Test
    void aProcessOfAnotherUserReachesItsSocket() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "web",
                                        SAY + "say READY=1; exec sleep 1000",
                                        Config.KEPT,
                                        "'user': 'nobody'",
                                        READY_BY_NOTIFY)))) {
            monitor.awaitRun("web", 1);
            assertThat(Files.getAttribute(notifySocket(monitor), "unix:uid")).isEqualTo(65534);
        }
    }

    @Test
    void reportsAPatternThatFailsOnALine() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "web",
                                        AWAIT
                                                + "head -c 60000 /dev/zero | tr '\\0' x; echo; await"
                                                + " go; echo listening; exec sleep 1000",
                                        Config.KEPT,
                                        "'ready': {'output': '^(x|y)*$|^listening'}")))) {
            patiently()
                    .untilAsserted(() ->
                            assertThat(monitor.cli("explain", "web").out())
                                    .contains(
                                            "the pattern of 'output' is too deep for a line of"
                                                    + " 60000 characters"));
            Files.createFile(folder.resolve("go"));
            monitor.awaitRun("web", 1);
        }
    }

    @Test
    void aProbeNeverOutlivesItsRunNorForLongItsMonitor() throws Exception {
        String probe =
                "'health': {'exec': ['sh', '-c', 'sleep 1000 & echo $$ $! > $DIR/new; mv $DIR/new"
                        + " $DIR/probe; wait'], 'interval': '50ms', 'timeout': '3s',"
                        + " 'failures': 1000}";
        String configuration = Config.of(Config.program("web", "sleep 1000", Config.KEPT, probe));
        TestMonitor first = TestMonitor.start(folder, configuration);
        List<Integer> left = probe(first);
        first.kill();
        Files.delete(folder.resolve("probe"));
        try (TestMonitor monitor = TestMonitor.start(folder, configuration)) {
            patiently().until(() -> left.stream().allMatch(Proc::hasEnded));
            List<Integer> asked = probe(monitor);
            assertThat(asked).doesNotContainAnyElementsOf(left);
            monitor.must("stop", "web");
            List<Integer> last = probe(monitor);
            patiently().until(() -> last.stream().allMatch(Proc::hasEnded));
        }
    }

    /** The pids of the shell that was begun last to ask, and of its child. */
    private static List<Integer> probe(TestMonitor monitor) throws IOException {
        patiently().until(() -> !monitor.lines("probe").isEmpty());
        return Arrays.stream(monitor.lines("probe").getFirst().split(" "))
                .map(Integer::valueOf)
                .toList();
    }

    /** Waits for the one that there is to be. */
    private static Path notifySocket(TestMonitor monitor) throws IOException {
        Path sockets = monitor.state().resolve("notify");
        patiently().ignoreExceptions().until(() -> list(sockets).size() == 1);
        return list(sockets).getFirst();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    @Test
    void restartsAProcessAfterItsWatchdogExpires() throws Exception {
        String script =
                SAY
                        + "say READY=1; if [ $PROCMON_RUN = 1 ]; then exec sleep 1000; fi;"
                        + " while :; do say WATCHDOG=1; sleep 0.1; done";
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "web",
                                        "echo $WATCHDOG_USEC >$DIR/usec; " + script,
                                        Config.KEPT,
                                        READY_BY_NOTIFY,
                                        "'watchdog': '2s'")))) {
            monitor.awaitRun("web", 2);
            assertThat(monitor.number("usec")).isEqualTo(2_000_000);
            assertThat(monitor.log()).contains("sent no watchdog notification within 2 s");
            TestMonitor.always(Duration.ofSeconds(3))
                    .until(() -> monitor.row("web").runcount() == 2);
        }
    }

    @Test
    void detectsAnUnresponsiveProcessBothWays() throws Exception {
        try (ServerSocket blackHole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                TestMonitor monitor =
                        TestMonitor.start(
                                folder,
                                Config.of(
                                        Config.program(
                                                "shown",
                                                "sleep 1000",
                                                Config.KEPT,
                                                health(blackHole, "report")),
                                        Config.program(
                                                "ended",
                                                "sleep 1000",
                                                Config.KEPT,
                                                LONG_BACKOFF,
                                                health(blackHole, "restart")),
                                        Config.program(
                                                "fine",
                                                "sleep 1000",
                                                Config.KEPT,
                                                "'health': {'exec': 'true', 'interval': '50ms'}"),
                                        Config.program(
                                                "after",
                                                "sleep 1000",
                                                Config.KEPT,
                                                "'depends': {'on': 'fine', 'when': 'healthy'}"),
                                        Config.program(
                                                "never",
                                                "sleep 1000",
                                                Config.KEPT,
                                                "'depends': {'on': 'shown', 'when': 'healthy'}")))) {
            patiently()
                    .untilAsserted(() -> {
                        String shown = monitor.cli("status", "shown").out();
                        assertThat(shown)
                                .startsWith("shown: running")
                                .contains("  health:      unhealthy: no answer within 200 ms\n");
                        assertThat(monitor.row("ended").cause())
                                .startsWith("unhealthy: no answer within 200 ms, 2 times in a row");
                    });
            monitor.awaitState("ended", "backoff");
            monitor.awaitRun("after", 1);
            assertThat(monitor.row("fine").signs().health()).contains("healthy");
            assertThat(monitor.cli("explain", "never").out())
                    .contains("waits for shown to be healthy")
                    .contains("it starts as soon as shown is healthy");
            assertThat(monitor.row("shown").runcount()).isOne();
        }
    }

    @Test
    void reportsADroppingPortAsNoAnswer() throws Exception {
        try (BlackHole hole = new BlackHole();
                TestMonitor monitor =
                        TestMonitor.start(
                                folder,
                                Config.of(
                                        Config.program(
                                                "starts",
                                                "sleep 1000",
                                                Config.KEPT,
                                                "'ready': {'tcp': ':" + hole.port() + "'}"),
                                        Config.program(
                                                "after",
                                                "sleep 1000",
                                                Config.KEPT,
                                                "'depends': 'starts'"),
                                        Config.program(
                                                "runs",
                                                "sleep 1000",
                                                Config.KEPT,
                                                health("'tcp': ':" + hole.port() + "'", "report")),
                                        Config.program(
                                                "waits",
                                                "sleep 1000",
                                                Config.KEPT,
                                                "'depends': {'on': 'runs', 'when': 'healthy'}")))) {
            patiently()
                    .untilAsserted(() -> {
                        assertThat(monitor.cli("status", "starts").out())
                                .startsWith("starts: starting for ")
                                .contains("no answer within 2 s");
                        assertThat(monitor.cli("explain", "after").out())
                                .contains("it starts as soon as starts is up")
                                .contains("no answer within 2 s");
                        assertThat(monitor.cli("status", "runs").out())
                                .startsWith("runs: running")
                                .contains("  health:      unhealthy: no answer within 200 ms\n");
                        assertThat(monitor.cli("explain", "waits").out())
                                .contains("it starts as soon as runs is healthy");
                    });
        }
    }

    private static String health(ServerSocket mute, String then) {
        return health("'http': 'http://127.0.0.1:" + mute.getLocalPort() + "/'", then);
    }

    private static String health(String probe, String then) {
        return "'health': {"
                + probe
                + ", 'interval': '100ms', 'timeout': '200ms', 'failures': 2, 'then': '"
                + then
                + "'}";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
