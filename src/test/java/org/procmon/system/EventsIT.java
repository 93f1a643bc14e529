package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code procmon events}, and the lines of the audit. */
@Timeout(60)
class EventsIT {
    @TempDir Path folder = Path.of("");

    @Test
    void eventsComeAsTheyHappenAlsoFromTheNextMonitor() throws Exception {
        String config = Config.of(Config.program("web", "sleep 1000", Config.KEPT));
        Path file = Files.writeString(folder.resolve("procmon.json"), config);
        try (TestMonitor monitor =
                TestMonitor.start(folder, List.of(), "run", "-v", file.toString())) {
            monitor.awaitRun("web", 1);
            monitor.awaitAnother("procmon2", 0);
            Process watching = watch("events", "events");
            Process json = watch("json", "events", "--json", "web");
            try {
                restartUntilSeen(monitor, "events");
                assertThat(monitor.lines("events"))
                        .anyMatch(line ->
                                line.matches(
                                        "\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z web: stopping, restarts because of a"
                                                + " command"))
                        .anyMatch(line -> line.contains(" web: running, run "));

                int primary = monitor.row("procmon1").pid();
                ProcessHandle.of(primary).orElseThrow().destroyForcibly();
                patiently()
                        .untilAsserted(() ->
                                assertThat(monitor.lines("events"))
                                        .anyMatch(line ->
                                                line.matches(
                                                        ".* procmon1: (took over|started)"
                                                                + ", the monitor before,"
                                                                + " pid "
                                                                + primary
                                                                + ", was ended by SIGKILL.*")));
                monitor.awaitAnother("procmon1", primary);
                monitor.must("stop", "web");
                patiently()
                        .untilAsserted(() ->
                                assertThat(monitor.lines("events"))
                                        .anyMatch(line ->
                                                line.endsWith(
                                                        "web: stopped, stopped by a" + " command"))
                                        .anyMatch(line ->
                                                line.endsWith(
                                                        "command Stop web of the user "
                                                                + System.getProperty("user.name")
                                                                + ": done")));
                assertThat(Files.readString(folder.resolve("events.err")))
                        .isEqualTo(
                                "procmon: some events may be missing here; the monitor no"
                                        + " longer has them\n");
                List<String> rich = monitor.lines("json");
                assertThat(rich).allMatch(line -> line.startsWith("{\"number\":"));
                assertThat(rich).noneMatch(line -> line.contains("procmon1"));
                assertThat(numbers(rich)).isSorted().doesNotHaveDuplicates();
            } finally {
                watching.destroy();
                json.destroy();
                watching.waitFor();
                json.waitFor();
            }
            assertThat(monitor.log())
                    .contains(" INFO command: restart web ok user=")
                    .contains(" INFO command: stop web ok user=");
            patiently()
                    .untilAsserted(
                            () -> assertThat(monitor.log()).contains("lost a connection user="));
            assertThat(monitor.log()).doesNotContain("did not read its answer");
        }
    }

    @Test
    void signalsAndNoticesAreEvents() throws Exception {
        Path watched = Files.writeString(folder.resolve("watched"), "one");
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "web",
                                        "trap : HUP; touch $DIR/trapped; while :; do sleep 0.05;"
                                                + " done",
                                        Config.KEPT,
                                        "'reload_signal': 'HUP'",
                                        "'watch': '" + watched + "'")))) {
            monitor.awaitRun("web", 1);
            Process watching = watch("events", "events");
            try {
                restartUntilSeen(monitor, "events");
                TestProduct.signal("HUP", monitor.pid());
                awaitEvent(monitor, "procmon1: reloaded, unchanged 1");
                awaitEvent(monitor, "command Reload of SIGHUP: done");
                Files.delete(folder.resolve("trapped"));
                monitor.must("restart", "web");
                patiently().until(() -> Files.exists(folder.resolve("trapped")));
                Files.writeString(watched, "two");
                awaitEvent(monitor, "web: was sent its reload signal, HUP");
                Files.writeString(folder.resolve("procmon.json"), "{");
                TestProduct.signal("HUP", monitor.pid());
                patiently()
                        .until(() ->
                                monitor.lines("events").stream()
                                        .anyMatch(l ->
                                                l.contains("command Reload of SIGHUP: failed: ")));
                TestProduct.signal("TERM", monitor.pid());
                awaitEvent(monitor, "command Shutdown of SIGTERM: accepted");
                assertThat(monitor.awaitExit(Duration.ofSeconds(20))).isZero();
            } finally {
                watching.destroy();
                watching.waitFor();
            }
        }
    }

    private static void awaitEvent(TestMonitor monitor, String text) {
        patiently().until(() -> monitor.lines("events").stream().anyMatch(l -> l.endsWith(text)));
    }

    /** The first restart that is seen may have begun before anybody watched. */
    private static void restartUntilSeen(TestMonitor monitor, String file) {
        patiently()
                .until(() -> {
                    monitor.must("restart", "web");
                    return monitor.lines(file).stream()
                            .dropWhile(l -> !l.contains("web: stopping"))
                            .anyMatch(l -> l.contains("Restart web"));
                });
    }

    private Process watch(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(TestProduct.procmon()));
        command.addAll(List.of(arguments));
        return TestProduct.builder(folder, command)
                .redirectOutput(folder.resolve(name).toFile())
                .redirectError(folder.resolve(name + ".err").toFile())
                .start();
    }

    private static List<Long> numbers(List<String> lines) {
        return lines.stream()
                .map(line -> line.substring("{\"number\":".length(), line.indexOf(',')))
                .map(Long::valueOf)
                .toList();
    }
}
