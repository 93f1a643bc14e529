package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.always;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
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
    void whatItsScheduleStopsStaysDownAndIsNotPaused() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.program(
                                        "web",
                                        "sleep 1000",
                                        Config.KEPT,
                                        "'schedule': {'stop': '* * * * * *'}")))) {
            patiently().until(() -> monitor.row("web").runcount() == 1);
            monitor.awaitState("web", "stopped");
            assertThat(monitor.cli("status", "web").out())
                    .contains("stopped by its schedule")
                    .doesNotContain("pauses");
            long runs = monitor.row("web").runcount();
            always(Duration.ofMillis(1200))
                    .untilAsserted(() -> {
                        assertThat(monitor.row("web").state()).isEqualTo("stopped");
                        assertThat(monitor.row("web").runcount()).isEqualTo(runs);
                    });
            monitor.cli("start", "web");
            patiently().until(() -> monitor.row("web").runcount() == runs + 1);
            monitor.awaitState("web", "stopped");
        }
    }

    @Test
    void whatItsScheduleRestartsIsAnotherRunAndWhatIsDownStaysSo() throws Exception {
        String eachSecond = "'schedule': {'restart': '* * * * * *'}";
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.program("web", "sleep 1000", Config.KEPT, eachSecond),
                                Config.program("job", "true", eachSecond)))) {
            monitor.awaitState("job", "completed");
            int first = monitor.row("web").pid();
            monitor.awaitRun("web", 3);
            assertThat(Proc.hasEnded(first)).isTrue();
            assertThat(monitor.row("job").runcount()).isEqualTo(1);
        }
    }

    @Test
    void withoutASchedulePartsOfQuartzAreNeverLoaded() throws Exception {
        assertThat(classesOf("without", "sleep 1000")).contains("org.procmon.supervise.Loop");
        assertThat(classesOf("without", "sleep 1000")).doesNotContain("org.quartz.");
        assertThat(classesOf("with", "sleep 1000", EVERY_SECOND)).contains("org.quartz.");
    }

    /** What a monitor of this process has loaded by the time that it supervises. */
    private String classesOf(String name, String exec, String... keys) throws Exception {
        Path own = Files.createDirectories(folder.resolve(name));
        Path log = own.resolve("classes");
        String[] logging =
                TestMonitor.after("export JAVA_TOOL_OPTIONS=-Xlog:class+load:file=" + log);
        try (TestMonitor monitor =
                TestMonitor.start(own, Config.of(Config.program("web", exec, keys)), logging)) {
            patiently().until(() -> monitor.row("web").runcount() > 0);
        }
        return Files.readString(log);
    }

    @Test
    void withoutSchedulesAndWatchesThereIsNoThreadForThem() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(Config.program("web", "sleep 1000")))) {
            assertThat(Proc.threads(monitor.pid())).doesNotContain("schedule", "watch");
        }
    }
}
