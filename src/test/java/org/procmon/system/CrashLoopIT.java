package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.always;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.control.client.ControlClient;
import org.procmon.control.protocol.Wait;
import org.procmon.status.fields.ProcessRow;

/** Programs that cannot run, or not for long. */
@Timeout(60)
class CrashLoopIT {
    @TempDir Path folder = Path.of("");

    @Test
    void aProgramThatEndsAtOnceIsRestartedEverMoreSlowly() throws Exception {
        String crashes = Config.script("crashes", "echo x >>$DIR/starts; exit 1", Config.KEPT);
        try (TestMonitor monitor = TestMonitor.start(folder, Config.of(crashes))) {
            // At 0, 0, 0.1, 0.3, 0.7 and 1.5 s; at 3.1 s the next, less a tenth for the jitter.
            always(Duration.ofSeconds(3)).until(() -> monitor.lines("starts").size() <= 7);

            assertThat(monitor.lines("starts").size()).isBetween(5, 8);
            ProcessRow row = monitor.awaitState("crashes", "backoff");
            assertThat(row.cause()).contains("exited with code 1");
            assertThat(row.next().orElseThrow().what()).isEqualTo("restart");
        }
    }

    @Test
    void aRestartStormDelaysNoCommand() throws Exception {
        List<String> processes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            processes.add(
                    Config.program("storm" + i, "true", Config.KEPT, "'backoff': {'initial': 0}"));
        }
        processes.add(Config.program("calm", "sleep 1000", Config.KEPT));
        try (TestMonitor monitor =
                        TestMonitor.start(folder, Config.of(processes.toArray(String[]::new)));
                ControlClient client = monitor.client()) {
            patiently().until(() -> client.status("storm0").runcount() > 50);

            client.restart(List.of("calm"), Wait.atMost(Duration.ofSeconds(5)));
            client.stop(List.of("storm*"), Wait.atMost(Duration.ofSeconds(10)));

            assertThat(Proc.supervised(monitor.pid())).hasSize(1);
        }
    }

    @Test
    void whatCannotBeStartedSaysWhyAndIsNeverCalledRunning() throws Exception {
        Path plain = Files.writeString(folder.resolve("plain"), "text");
        Path orphaned = Files.writeString(folder.resolve("orphaned"), "#!/no/such/interpreter\n");
        assertThat(orphaned.toFile().setExecutable(true)).isTrue();
        Map<String, String> reasons =
                Map.of(
                        "unknown", "cannot execute 'no-such-program': not found in PATH",
                        "missing", "cannot execute '/no/such/file': No such file or directory",
                        "plain", "cannot execute '" + plain + "': Permission denied",
                        "orphaned", "its interpreter '/no/such/interpreter' does not exist",
                        "nowhere", "cannot change to folder '" + folder + "/nowhere'");
        List<String> processes = new ArrayList<>();
        for (String kind : List.of("kept", "once")) {
            String[] keys = {"'skip': true", "'monitored': " + kind.equals("kept")};
            processes.add(Config.program(kind + "-unknown", "no-such-program", keys));
            processes.add(Config.program(kind + "-missing", "/no/such/file", keys));
            processes.add(Config.program(kind + "-plain", plain.toString(), keys));
            processes.add(Config.program(kind + "-orphaned", orphaned.toString(), keys));
            processes.add(
                    Config.program(
                            kind + "-nowhere",
                            "sleep 1000",
                            keys[0],
                            keys[1],
                            "'cwd': '" + folder + "/nowhere'"));
        }
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(processes.toArray(String[]::new)))) {
            for (String kind : List.of("kept", "once")) {
                for (Map.Entry<String, String> reason : reasons.entrySet()) {
                    String name = kind + "-" + reason.getKey();
                    Outcome outcome = monitor.cli("start", name);
                    assertThat(outcome.code()).as(name).isEqualTo(1);
                    assertThat(outcome.err())
                            .startsWith("procmon: cannot start " + name + ": ")
                            .contains(reason.getValue());
                }
            }
            // None is tried again: only a person can do something about it.
            always(Duration.ofMillis(600))
                    .untilAsserted(() ->
                            assertThat(monitor.rows())
                                    .filteredOn(row -> row.name().contains("-"))
                                    .hasSize(10)
                                    .allMatch(row -> !row.isAlive())
                                    .allMatch(row -> row.pid() == 0)
                                    .allMatch(row -> row.state().equals("failed")));
            assertThat(monitor.cli("-l").out()).doesNotContain("running : sleep 1000");
            assertThat(monitor.cli("status", "kept-missing").code()).isEqualTo(3);
        }
    }
}
