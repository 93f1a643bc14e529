package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What monitors write to their standard error. */
@Timeout(120)
class OwnLogIT extends Pairs {
    private static final String UTC = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ";

    @ParameterizedTest
    @ValueSource(strings = {"-f", "-F"})
    void eachMonitorKeepsTheFormat(String option) throws Exception {
        String file = configuration(web());
        try (TestMonitor pair =
                TestMonitor.start(folder, List.of(), option, file, "--log-format", "json")) {
            pair.awaitRun("web", 1);
            int primary = pair.row(PRIMARY).pid();
            settledBackup(pair);
            pair.must("restart", "web");

            pair.must("upgrade");
            pair.must("restart", "web");
            settledBackup(pair);
            int upgraded = pair.row(PRIMARY).pid();
            assertThat(upgraded).isEqualTo(primary);
            TestProduct.signal("KILL", upgraded);
            pair.awaitAnother(PRIMARY, upgraded);
            pair.must("restart", "web");
            pair.must("-x");
            assertNothingIsLeft(pair);

            assertThat(pair.log().lines())
                    .allMatch(l -> l.startsWith("{\"time\":\"") && l.endsWith("}"));
            assertThat(pair.log().lines())
                    .filteredOn(l -> l.contains("\"area\":\"command\",\"event\":\"restart ok\""))
                    .hasSize(3)
                    .allMatch(l -> l.contains("\"message\":\"restart web ok\""));
            assertThat(pair.log())
                    .contains("\"event\":\"executing\"", "\"event\":\"taking over\"")
                    .contains("\"event\":\"upgrade ok\"");
        }
    }

    @Test
    void foldsACrashLoop() throws Exception {
        String crasher =
                Config.script("crasher", "exit 3", Config.KEPT, "'backoff': {'initial': 0}");
        try (TestMonitor monitor = TestMonitor.start(folder, Config.of(crasher))) {
            patiently().until(() -> monitor.row("crasher").runcount() > 100);
            monitor.must("-x");
            assertThat(monitor.log().lines().filter(l -> l.contains(" process: crasher exited ")))
                    .hasSize(6)
                    .allMatch(l -> l.matches(UTC + "WARN process: crasher exited code=3 ran_ms=.*"))
                    .last()
                    .asString()
                    .matches(".* repeated=\\d{2,} seconds=\\d+");
            assertThat(monitor.log().lines().count()).isLessThan(25);
        }
    }

    @Test
    void systemdGetsPrioritiesAndNoTime() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("procmon.json"),
                        Config.of(Config.program("bad", "/no/such/program", Config.KEPT)));
        String variable =
                "JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2); export JOURNAL_STREAM";
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        List.of(TestMonitor.after(variable)),
                        "run",
                        "--no-backup",
                        file.toString())) {
            monitor.awaitState("bad", "failed");
            assertThat(monitor.log())
                    .contains("<3>ERROR process: bad failed cause=\"cannot execute");
            assertThat(monitor.log().lines()).allMatch(l -> l.matches("<[3-7]>[A-Z]+ [a-z]+: .*"));
        }
    }

    @Test
    void survivesAFullDiskBehindTheLog() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("procmon.json"),
                        Config.of(Config.script("crasher", "exit 3", Config.KEPT)));
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        List.of(TestMonitor.after("exec 2>/dev/full")),
                        "run",
                        "--no-backup",
                        "-v",
                        file.toString())) {
            monitor.awaitState("crasher", "backoff");
            patiently().until(() -> monitor.row("crasher").runcount() > 3);
            monitor.must("stop", "crasher");
        }
    }
}
