package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that keeps ending is not started for ever. */
@Timeout(60)
class GiveUpIT {
    private static final String COUNTED = "echo run >>$DIR/runs; exit 3";
    private static final String AT_ONCE = "'backoff': {'initial': 0}";

    @TempDir Path folder = Path.of("");

    @Test
    void itIsGivenUpSaysSoAndIsTriedAgainByACommand() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "one",
                                        COUNTED,
                                        Config.KEPT,
                                        AT_ONCE,
                                        "'give_up': {'restarts': 2, 'period': '1h'}")))) {
            patiently()
                    .untilAsserted(() ->
                            assertThat(monitor.cli("status", "one").out())
                                    .startsWith("one: failed")
                                    .contains(
                                            "given up after 2 restarts within 1 h 0 min;"
                                                    + " exited with code 3"));
            assertThat(Files.readAllLines(monitor.file("runs"))).hasSize(3);
            assertThat(monitor.cli("explain", "one").out())
                    .contains("nothing by itself; 'procmon start one' starts it");

            monitor.cli("start", "--no-wait", "one");
            patiently()
                    .untilAsserted(
                            () -> assertThat(Files.readAllLines(monitor.file("runs"))).hasSize(6));
        }
    }

    @Test
    void itIsTriedAgainByItselfAfterAWhile() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "one",
                                        COUNTED,
                                        Config.KEPT,
                                        AT_ONCE,
                                        "'give_up': {'restarts': 0, 'period': '1h',"
                                                + " 'retry_after': '200ms'}")))) {
            patiently()
                    .untilAsserted(() ->
                            assertThat(monitor.row("one").runcount()).isGreaterThanOrEqualTo(3));
        }
    }
}
