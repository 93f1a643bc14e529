package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.always;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.control.protocol.ProcessRow;

/** Schedules in a real monitor. */
@Timeout(120)
class ScheduleIT {
    private static final String EVERY_SECOND = "'schedule': {'start': '* * * * * *'}";

    @TempDir Path folder = Path.of("");

    @Test
    void aJobRunsEverySecondWithItsHistoryUntilSomebodyStopsIt() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(Config.script("job", "echo run >>$DIR/runs", EVERY_SECOND)))) {
            patiently()
                    .untilAsserted(
                            () -> assertThat(monitor.row("job").history().runs()).hasSize(3));
            ProcessRow row = monitor.row("job");
            assertThat(row.history().runs()).allMatch(run -> run.code().orElse(1) == 0);
            assertThat(row.next().orElseThrow().what()).isEqualTo("start");
            assertThat(row.next().orElseThrow().inMs()).isLessThanOrEqualTo(1000);
            assertThat(monitor.cli("status", "--json", "job").out()).contains("\"history\":[{");
            assertThat(monitor.cli("explain", "job").out())
                    .contains("  latest runs: code 0 after ")
                    .contains("  outlook:     its schedule starts it at 20");

            monitor.must("stop", "job");
            int runs = monitor.lines("runs").size();
            always(Duration.ofMillis(2200))
                    .untilAsserted(() -> assertThat(monitor.lines("runs")).hasSize(runs));
            assertThat(monitor.cli("status", "job").out())
                    .contains("stopped by a command, which pauses its schedule");
            monitor.cli("start", "job");
            patiently()
                    .untilAsserted(
                            () -> assertThat(monitor.lines("runs").size()).isGreaterThan(runs + 2));
        }
    }

    @Test
    void aRunThatTakesTooLongIsNotDoubledAndOutlivesItsMonitor() throws Exception {
        String slow = "echo run >>$DIR/runs; exec sleep 1000";
        TestMonitor first =
                TestMonitor.start(folder, Config.of(Config.script("job", slow, EVERY_SECOND)));
        patiently()
                .untilAsserted(() -> assertThat(first.row("job").history().skipped()).isPositive());
        long skipped = first.row("job").history().skipped();
        first.kill();
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(Config.script("job", slow, EVERY_SECOND)))) {
            patiently()
                    .untilAsserted(() ->
                            assertThat(monitor.row("job").history().skipped())
                                    .isGreaterThan(skipped));
            assertThat(monitor.row("job").runcount()).isEqualTo(1);
            assertThat(monitor.lines("runs")).hasSize(1);
        }
    }

    @Test
    void withoutSchedulesAndWatchesThereIsNoThreadForThem() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(Config.program("web", "sleep 1000")))) {
            assertThat(Proc.threads(monitor.pid())).doesNotContain("schedule", "watch");
        }
    }
}
