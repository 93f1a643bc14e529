package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are run before each start and after each end. */
@Timeout(90)
class RunHooksIT {
    private static final String FOR_EVER = "exec sleep 1000";

    @TempDir Path folder = Path.of("");

    @Test
    void hooksComeBeforeAndAfterEachRunHoweverItEnds() throws Exception {
        String hooks =
                hooks(
                        "echo before >>$DIR/order",
                        "sleep 1; echo after $PROCMON_ID $PROCMON_EXIT_RUN"
                                + " $PROCMON_EXIT_CODE$PROCMON_EXIT_SIGNAL >>$DIR/order");
        String run = "echo run >>$DIR/order; while ! test -e $DIR/end; do sleep 0.05; done; exit 3";
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder, Config.of(Config.script("web", run, Config.KEPT, hooks)))) {
            monitor.awaitRun("web", 1);
            monitor.must("restart", "web");
            TestProduct.signal("KILL", monitor.row("web").pid());
            monitor.awaitRun("web", 3);
            Files.createFile(folder.resolve("end"));
            monitor.awaitState("web", "stopping");
            monitor.must("stop", "web");
            assertThat(monitor.row("web").state()).isEqualTo("stopped");
            assertThat(monitor.lines("order"))
                    .containsExactly(
                            "before",
                            "run",
                            "after web 1 TERM",
                            "before",
                            "run",
                            "after web 2 KILL",
                            "before",
                            "run",
                            "after web 3 3");
        }
    }

    @Test
    void whatRunsToCompletionIsOverAfterItsHook() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "job",
                                        "exit 0",
                                        "'restart': 'never'",
                                        after("sleep 0.2; echo $PROCMON_EXIT_CODE >$DIR/code")),
                                Config.script(
                                        "next",
                                        "cat $DIR/code >$DIR/read; " + FOR_EVER,
                                        "'depends': [{'on': 'job', 'when': 'completed'}]")))) {
            assertThat(monitor.number("read")).isZero();
            // What is shown may be older than what has begun by a moment.
            monitor.awaitState("job", "completed");
        }
    }

    @Test
    void aHookThatFailsOrHangsIsAFailedStart() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "bad",
                                        FOR_EVER,
                                        "'restart': 'always'",
                                        "'backoff': {'initial': '50ms'}",
                                        "'give_up': {'restarts': 1, 'period': '1m'}",
                                        before("echo try >>$DIR/tries; exit 3", "10s")),
                                Config.script(
                                        "hangs",
                                        FOR_EVER,
                                        "'restart': 'never'",
                                        before("echo $$ >$DIR/pid; " + FOR_EVER, "300ms"))))) {
            monitor.awaitState("bad", "failed");
            assertThat(monitor.row("bad").cause())
                    .isEqualTo(
                            "given up after 1 restart within 1 min; before_start: exited with code"
                                    + " 3");
            assertThat(monitor.lines("tries")).hasSize(2);
            monitor.awaitState("hangs", "failed");
            assertThat(monitor.row("hangs").cause())
                    .isEqualTo("before_start: was killed, it had not ended after 300 ms");
            assertThat(monitor.row("bad").runcount() + monitor.row("hangs").runcount()).isZero();
            int pid = monitor.number("pid");
            patiently().until(() -> Proc.hasEnded(pid));
        }
    }

    @Test
    void aStopInTheMiddleKillsTheHook() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "web",
                                        FOR_EVER,
                                        Config.KEPT,
                                        before("echo $$ >$DIR/pid; " + FOR_EVER, "10m"))))) {
            int pid = monitor.number("pid");
            assertThat(monitor.cli("explain", "web").out())
                    .contains(
                            "waits for its hook before_start",
                            "end of its hook before_start in ",
                            "it starts if its hook before_start ends with code 0 within ");
            monitor.must("stop", "web");
            assertThat(monitor.row("web").state()).isEqualTo("stopped");
            assertThat(monitor.row("web").runcount()).isZero();
            patiently().until(() -> Proc.hasEnded(pid));
        }
    }

    @Test
    void reportsAFailedAfterStop() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder, Config.of(Config.script("web", FOR_EVER, after("exit 4"))))) {
            monitor.awaitRun("web", 1);
            monitor.must("restart", "web");
            assertThat(monitor.row("web").runcount()).isEqualTo(2);
            assertThat(monitor.cli("status", "web").out())
                    .contains("after_stop: exited with code 4");
            assertThat(monitor.log())
                    .contains("web hook failed hook=after_stop reason=\"exited with code 4");
        }
    }

    @Test
    void aShutdownWaitsForTheHooksOneAfterTheOther() throws Exception {
        String note = "sleep 0.3; echo after $PROCMON_ID >>$DIR/order";
        String run = "trap 'echo end $PROCMON_ID >>$DIR/order; exit' TERM; echo up >>$DIR/up; ";
        String rest = "while :; do sleep 0.05; done";
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script("base", run + rest, Config.KEPT, after(note)),
                                Config.script(
                                        "top",
                                        run + rest,
                                        Config.KEPT,
                                        after(note),
                                        "'depends': ['base']")))) {
            patiently().until(() -> monitor.lines("up").size() == 2);
            monitor.must("-x");
            assertThat(monitor.awaitExit(Duration.ofSeconds(15))).isZero();
            assertThat(monitor.lines("order"))
                    .containsExactly("end top", "after top", "end base", "after base");
        }
    }

    @Test
    void aSecondSignalDoesNotWaitForHooks() throws Exception {
        String after =
                "'hooks': {'after_stop': {'exec': ['sh', '-c', 'echo $$ >$DIR/pid; "
                        + FOR_EVER
                        + "'], 'timeout': '10m'}}";
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder, Config.of(Config.script("web", FOR_EVER, Config.KEPT, after)))) {
            monitor.awaitRun("web", 1);
            TestProduct.signal("TERM", monitor.pid());
            int pid = monitor.number("pid");
            assertThat(monitor.row("web").cause())
                    .isEqualTo("stops because the monitor shuts down; its hook after_stop runs");
            TestProduct.signal("TERM", monitor.pid());
            assertThat(monitor.awaitExit(Duration.ofSeconds(10))).isZero();
            patiently().until(() -> Proc.hasEnded(pid));
        }
    }

    @Test
    void hooksAreRunAsTheUserOfTheProcess() throws Exception {
        assertThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("this test starts programs as other users, so it must be run by root")
                .isEqualTo(0);
        String isNobody = "test $(id -u) = 65534";
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "web",
                                        FOR_EVER,
                                        "'user': 'nobody'",
                                        hooks(isNobody, isNobody + " && exit 7"))))) {
            monitor.awaitRun("web", 1);
            monitor.must("stop", "web");
            assertThat(monitor.cli("status", "web").out())
                    .contains("after_stop: exited with code 7");
        }
    }

    @Test
    void theNextMonitorRunsAnInterruptedHookAgain() throws Exception {
        String hang = "test -e $DIR/go || { echo $$ >$DIR/NAME; " + FOR_EVER + "; }";
        String configuration =
                Config.of(
                        Config.script(
                                "web",
                                FOR_EVER,
                                Config.KEPT,
                                before(hang.replace("NAME", "before"), "4s")),
                        Config.script(
                                "job",
                                "exit 5",
                                "'restart': 'never'",
                                after(
                                        "echo $PROCMON_EXIT_CODE >>$DIR/codes; "
                                                + hang.replace("NAME", "after"))));
        TestMonitor first = TestMonitor.start(folder, configuration);
        int before = first.number("before");
        int after = first.number("after");
        first.kill();
        Files.createFile(folder.resolve("go"));
        try (TestMonitor second = TestMonitor.start(folder, configuration)) {
            assertThat(second.awaitRun("web", 1).runcount()).isEqualTo(1);
            second.awaitState("job", "failed");
            assertThat(second.row("job").runcount()).isEqualTo(1);
            assertThat(second.lines("codes")).containsExactly("5", "5");
            patiently().until(() -> Proc.hasEnded(before) && Proc.hasEnded(after));
        }
    }

    private static String hooks(String before, String after) {
        return "'hooks': {'before_start': ['sh', '-c', '%s'], 'after_stop': ['sh', '-c', '%s']}"
                .formatted(before, after);
    }

    private static String before(String script, String timeout) {
        return hook("before_start", script, timeout);
    }

    private static String after(String script) {
        return hook("after_stop", script, "4s");
    }

    private static String hook(String key, String script, String timeout) {
        return "'hooks': {'%s': {'exec': ['sh', '-c', '%s'], 'timeout': '%s'}}"
                .formatted(key, script, timeout);
    }
}
