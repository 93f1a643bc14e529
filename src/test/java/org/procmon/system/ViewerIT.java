package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A user of {@code control.socket_group} who may only look, and does its worst. To be another user
 * takes root; run by anybody else, the viewer is the monitor's own user, and has less to be
 * refused.
 */
@Timeout(240)
class ViewerIT {
    private static final int CHILDREN = 50;
    private static final String VIEWER = "54321";
    private static final int ROUNDS = 15;

    @TempDir Path folder = Path.of("");

    @Test
    void aViewerEndsNeitherTheMonitorNorItsServiceForRoot() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        List<String> children = new ArrayList<>();
        for (int i = 0; i < CHILDREN; i++) {
            children.add(Config.program("c" + i, "sleep 1000", Config.KEPT));
        }
        String config =
                Config.of(children.toArray(String[]::new))
                        .replaceFirst("\\{", "{\"control\": {\"socket_group\": \"daemon\"},");
        try (TestMonitor monitor = TestMonitor.start(folder, config)) {
            monitor.awaitRun("c0", 1);
            int pid = monitor.row("procmon1").pid();
            Process viewer = viewer(monitor.socket());
            Process events = events();
            try {
                patiently()
                        .atMost(Duration.ofMinutes(2))
                        .until(() ->
                                monitor.lines("viewer.out").stream()
                                        .anyMatch(line -> line.startsWith("ready")));
                for (int round = 0; round < ROUNDS; round++) {
                    long runs = monitor.row("c0").runcount();
                    Outcome list = monitor.cli("-l");
                    assertThat(list.code()).as(list.err()).isZero();
                    assertThat(list.out()).contains("c" + (CHILDREN - 1));
                    monitor.must("restart", "c0");
                    assertThat(monitor.row("c0").runcount()).isGreaterThan(runs);
                }
                patiently()
                        .until(() ->
                                monitor.lines("events.out").stream()
                                        .anyMatch(line ->
                                                line.endsWith(
                                                        "Restart c0 of the user root: done")));
                assertThat(Files.readString(folder.resolve("events.err"))).doesNotContain("cannot");
                assertThat(monitor.row("procmon1").pid()).isEqualTo(pid);
                assertThat(viewer.isAlive()).isTrue();
            } finally {
                viewer.destroyForcibly();
                events.destroyForcibly();
                viewer.waitFor();
                events.waitFor();
            }
            // It says so once in a while.
            patiently().until(() -> monitor.log().contains("left out "));
            assertThat(monitor.log().length()).isLessThan(200_000);
            assertThat(monitor.log())
                    .contains("\\u001b")
                    .doesNotContain("OutOfMemoryError", "a bug", "\u001b", "\u009b", "\udb40");
            monitor.must("stop", "c1");
        }
    }

    private Process viewer(Path socket) throws Exception {
        Path classes = Files.createDirectories(folder.resolve("viewer/org/procmon/system"));
        Path compiled =
                Path.of(ViewerClient.class.getResource("ViewerClient.class").toURI()).getParent();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(compiled, "ViewerClient*")) {
            for (Path file : files) {
                Files.copy(file, classes.resolve(file.getFileName().toString()));
            }
        }
        List<String> command = new ArrayList<>();
        if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            command.addAll(
                    List.of(
                            "setpriv",
                            "--reuid=" + VIEWER,
                            "--regid=daemon",
                            "--clear-groups",
                            "--"));
        }
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        folder.resolve("viewer").toString(),
                        "org.procmon.system.ViewerClient",
                        socket.toString()));
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve("viewer.out").toFile())
                .redirectError(folder.resolve("viewer.err").toFile())
                .start();
    }

    private Process events() throws IOException {
        return TestProduct.builder(folder, List.of(TestProduct.procmon(), "events"))
                .redirectOutput(folder.resolve("events.out").toFile())
                .redirectError(folder.resolve("events.err").toFile())
                .start();
    }
}
