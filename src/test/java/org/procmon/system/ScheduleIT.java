package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.always;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.status.fields.ProcessRow;

/** Schedules in a real monitor. */
@Timeout(120)
class ScheduleIT {
    private static final String EVERY_SECOND = "'schedule': {'start': '* * * * * *'}";

    @TempDir Path folder = Path.of("");

    @Test
    void aJobRunsEverySecondUntilItIsStopped() throws Exception {
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
    void scheduledRestartSkipsAStoppedProcess() throws Exception {
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

    /** A full second that comes before long. */
    static Instant soon(Duration time) {
        return Instant.now().plus(time).truncatedTo(ChronoUnit.SECONDS);
    }

    /** The time as cron has it, in the time zone of the tests. */
    static String cron(Instant time) {
        return DateTimeFormatter.ofPattern("s m H d M '*'", Locale.ROOT)
                .format(time.atZone(ZoneId.systemDefault()));
    }

    @Test
    void aStartThatIsQueuedComesOnceAlsoFromTheNextMonitor() throws Exception {
        String waiting = "echo run >>$DIR/runs; until [ -e $DIR/go ]; do sleep 0.05; done";
        String at = "'schedule': {'start': '*/2 * * * * *', 'overlap': 'queue'}";
        String configuration = Config.of(Config.script("job", waiting, at));
        TestMonitor first = TestMonitor.start(folder, configuration);
        patiently()
                .untilAsserted(() ->
                        assertThat(first.cli("explain", "job").out())
                                .contains("if it ends, its schedule starts it again"));
        assertThat(first.row("job").history().skipped()).isZero();
        first.kill();
        try (TestMonitor monitor = TestMonitor.start(folder, configuration)) {
            assertThat(monitor.row("job").runcount()).isEqualTo(1);
            assertThat(monitor.cli("stop", "--no-wait", "job").code()).isZero();
            Files.createFile(folder.resolve("go"));
            monitor.awaitState("job", "stopped");
            assertThat(monitor.lines("runs")).as("a stop takes the start back").hasSize(1);
            Files.delete(folder.resolve("go"));
            monitor.must("start", "--no-wait", "job");
            patiently()
                    .untilAsserted(() ->
                            assertThat(monitor.cli("explain", "job").out())
                                    .contains("if it ends, its schedule starts it again"));
            Files.createFile(folder.resolve("go"));
            patiently()
                    .untilAsserted(
                            () -> assertThat(monitor.row("job").runcount()).isGreaterThan(2));
        }
    }

    @Test
    void aStartThatReplacesTheLastRunEndsIt() throws Exception {
        String replacing = "'schedule': {'start': '* * * * * *', 'overlap': 'replace'}";
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder, Config.of(Config.program("job", "sleep 1000", replacing)))) {
            int first = monitor.awaitRun("job", 1).pid();
            monitor.awaitRun("job", 3);
            assertThat(Proc.hasEnded(first)).isTrue();
            assertThat(monitor.row("job").history().skipped()).isZero();
        }
    }

    @Test
    void aTimeThatPassedWithoutAMonitorIsMadeUpForOnce() throws Exception {
        Instant time = soon(Duration.ofSeconds(8));
        String start = "'start': '" + cron(time) + "'";
        String configuration =
                Config.of(
                        Config.script(
                                "made-up",
                                "echo made-up >>$DIR/runs",
                                "'schedule': {" + start + ", 'missed': 'once'}"),
                        Config.script(
                                "lost", "echo lost >>$DIR/runs", "'schedule': {" + start + "}"),
                        Config.script(
                                "another",
                                "echo another >>$DIR/runs",
                                "'schedule': {'start': '0 0 1 1 *', 'missed': 'once'}"));
        Path seen = TestProduct.stateFolder(folder).resolve("schedules/seen.json");
        try (TestMonitor monitor = TestMonitor.start(folder, configuration)) {
            patiently().until(() -> Files.exists(seen));
            assertThat(monitor.row("made-up").state()).isEqualTo("stopped");
        }
        assertThat(Instant.now()).as("it is yet to come").isBefore(time);
        patiently().until(() -> Instant.now().isAfter(time));
        try (TestMonitor monitor = TestMonitor.start(folder, configuration)) {
            monitor.awaitState("made-up", "completed");
            assertThat(monitor.log())
                    .contains("made-up makes up for a missed time action=\"start of " + time);
        }
        Object before = Files.getLastModifiedTime(seen);
        try (TestMonitor monitor = TestMonitor.start(folder, configuration)) {
            patiently().until(() -> !Files.getLastModifiedTime(seen).equals(before));
            assertThat(monitor.row("made-up").runcount()).isEqualTo(1);
            assertThat(monitor.lines("runs")).containsExactly("made-up");
        }
    }

    @Test
    void anotherScheduleCountsAtOnceAndWithoutARestart() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(job("'restart': '@daily'")))) {
            int pid = monitor.awaitRun("web", 1).pid();
            Files.writeString(
                    folder.resolve("procmon.json"), Config.of(job("'restart': '30 2 30 2 *'")));
            Outcome refused = monitor.cli("reload");
            assertThat(refused.code()).isEqualTo(78);
            assertThat(refused.err())
                    .contains("procmon.json:2:", "'restart' never comes: February has no day 30");
            String next =
                    "'restart': '0 12 ? * FRI#1', 'timezone': 'Europe/Berlin',"
                            + " 'except': ['2020-01-01..2026-12-31', '12-24..01-07'],"
                            + " 'jitter': '10m', 'missed': 'once'";
            Files.writeString(folder.resolve("procmon.json"), Config.of(job(next)));
            Outcome reload = monitor.cli("reload");
            assertThat(reload.out()).contains("web").contains("live: schedule");
            patiently()
                    .untilAsserted(() ->
                            assertThat(monitor.cli("explain", "web").out())
                                    .containsPattern(
                                            "its schedule restarts it at [-0-9]+T12:0[0-9]"
                                                    + ".*Europe/Berlin\\]"));
            assertThat(monitor.row("web").pid()).isEqualTo(pid);
        }
    }

    private static String job(String schedule) {
        return Config.program("web", "sleep 1000", Config.KEPT, "'schedule': {" + schedule + "}");
    }

    @Test
    void withoutSchedulesAndWatchesThereIsNoThreadForThem() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(Config.program("web", "sleep 1000")))) {
            assertThat(Proc.threads(monitor.pid())).doesNotContain("schedule", "watch");
        }
    }
}
