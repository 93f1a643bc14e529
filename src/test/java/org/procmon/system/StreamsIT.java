package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.readiness.probe.TlsServer;

/** What processes read and write, by which signals they end, and how servers are asked. */
@Timeout(60)
class StreamsIT {
    @TempDir Path folder = Path.of("");

    @Test
    void anInputThatStaysOpenOutlivesTheMonitorAndAFileIsReadByItsUser() throws Exception {
        Files.writeString(folder.resolve("input"), "line of a file\n");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        String configuration =
                Config.of(
                        Config.script(
                                "open",
                                "cat; echo ended; exec sleep 1000",
                                Config.KEPT,
                                "'user': 'nobody'",
                                "'stdin': 'open'"),
                        Config.script(
                                "file",
                                "cat; exec cat /dev/stdin",
                                Config.KEPT,
                                "'restart': 'always'",
                                "'user': 'nobody'",
                                "'umask': '022'",
                                "'stdin': 'input'"));
        TestMonitor first = TestMonitor.start(folder, configuration);
        int pid = first.awaitRun("open", 1).pid();
        patiently().until(() -> first.lines("state/log/file.log").contains("line of a file"));
        first.kill();
        try (TestMonitor next = TestMonitor.start(folder, configuration)) {
            assertThat(next.awaitRun("open", 1).pid()).isEqualTo(pid);
            assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/0")))
                    .isEqualTo(next.state().resolve("input/open"));
            assertThat(next.cli("tail", "open").out()).isEmpty();
            next.must("restart", "open");
            assertThat(next.row("open").state()).isEqualTo("running");
        }
    }

    @Test
    void aStopMayBeForTheFirstProcessAlone() throws Exception {
        String configuration =
                Config.of(
                        Config.script(
                                "web",
                                "(trap 'echo term >>$DIR/child' TERM; echo $$ >$DIR/up;"
                                        + " while sleep 0.05; do :; done) &"
                                        + " trap 'echo main >>$DIR/main; exit 0' 37;"
                                        + " trap 'echo usr >>$DIR/main' 36; while :; do wait; done",
                                Config.KEPT,
                                "'stop': {'to': 'main', 'signal': 'RTMIN+3', 'timeout':"
                                        + " 'infinity'}"));
        try (TestMonitor monitor = TestMonitor.start(folder, configuration)) {
            int pid = monitor.awaitRun("web", 1).pid();
            patiently().until(() -> !monitor.lines("up").isEmpty());
            monitor.must("signal", "web", "RTMIN+2");
            patiently().until(() -> monitor.lines("main").equals(List.of("usr")));
            monitor.must("stop", "web");
            assertThat(monitor.lines("main")).containsExactly("usr", "main");
            assertThat(monitor.lines("child")).isEmpty();
            assertThat(Proc.stat(pid)).isEmpty();
            assertThat(monitor.row("web").state()).isEqualTo("stopped");
        }
    }

    @Test
    void aLogFileMayBeALinkOrOneOfTheMonitorsOwnStreams() throws Exception {
        Files.createSymbolicLink(folder.resolve("app.log"), Path.of("real.log"));
        Files.createSymbolicLink(folder.resolve("out.log"), Path.of("/dev/stdout"));
        String script = "echo out of $PROCMON_ID; echo err of $PROCMON_ID >&2; exec sleep 1000";
        String configuration =
                Config.of(
                        Config.script(
                                "link",
                                script,
                                Config.KEPT,
                                "'stdout': {'file': 'app.log', 'mode': '0604', 'group': 'daemon'}",
                                "'stderr': {'file': 'out.log'}"),
                        Config.script(
                                "own",
                                script,
                                Config.KEPT,
                                "'stdout': {'file': '/dev/stderr'}",
                                "'stderr': {'file': '/dev/null'}"));
        try (TestMonitor monitor = TestMonitor.start(folder, configuration)) {
            Path real = folder.resolve("real.log");
            patiently().until(() -> monitor.lines("real.log").equals(List.of("out of link")));
            patiently().until(() -> isOfDaemon(real));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
                    .isEqualTo("rw----r--");
            patiently().until(() -> monitor.lines("monitor.out").contains("err of link"));
            patiently().until(() -> monitor.lines("monitor.err").contains("out of own"));
            assertThat(monitor.cli("tail", "link").out()).isEqualTo("out of link\n");
            assertThat(monitor.cli("tail", "--stderr", "link").code()).isEqualTo(1);

            assertThat(
                            monitor.cli(
                                            "check",
                                            "--strict",
                                            monitor.file("procmon.json").toString())
                                    .out())
                    .contains(
                            "note: " + folder + "/app.log is a link to " + real + ", rotated there")
                    .contains("note: leads to the monitor's own standard error: it is not rotated")
                    .contains("note: " + folder + "/out.log leads to the monitor's own standard")
                    .endsWith(", no problems\n");
        }
    }

    private static boolean isOfDaemon(Path file) throws IOException {
        return Files.getAttribute(file, "unix:gid").equals(1);
    }

    @Test
    void aServerMayListenOnOneFamilyOnlyOrSpeakTls() throws Exception {
        try (ServerSocket six = new ServerSocket(0, 5, InetAddress.ofLiteral("::1"));
                TlsServer tls = new TlsServer(folder, "127.0.0.1")) {
            String url = "'https://localhost:" + tls.port() + "/moved'";
            String configuration =
                    Config.of(
                            Config.program(
                                    "six",
                                    "sleep 1000",
                                    Config.KEPT,
                                    "'ready': {'tcp': 'localhost:" + six.getLocalPort() + "'}"),
                            Config.program(
                                    "tls",
                                    "sleep 1000",
                                    Config.KEPT,
                                    "'ready': {'http': " + url + ", 'insecure': true}",
                                    "'health': {'http': "
                                            + url
                                            + ", 'timeout': '10s', 'failures': 1,"
                                            + " 'then': 'report'}"));
            try (TestMonitor monitor = TestMonitor.start(folder, configuration)) {
                monitor.awaitRun("six", 1);
                monitor.awaitRun("tls", 1);
                patiently()
                        .until(() ->
                                monitor.row("tls")
                                        .cause()
                                        .contains("the certificate of localhost is not trusted: "));
            }
        }
    }
}
