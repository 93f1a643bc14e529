package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are run when a process has failed. */
@Timeout(60)
class HooksIT {
    @TempDir Path folder = Path.of("");

    @Test
    void aHookGetsTheStory() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "job",
                                        "echo cannot bind port 80 >&2; exit 3",
                                        "'hooks': {'on_failure': ['sh', '-c', 'cat > $DIR/new; mv"
                                                + " $DIR/new $DIR/story']}")))) {
            patiently().until(() -> Files.exists(folder.resolve("story")));
            assertThat(Files.readString(folder.resolve("story")))
                    .startsWith(
                            "{\"times\":1,\"event\":{\"kind\":\"state\",\"name\":\"job\",\"from\":")
                    .contains(
                            "\"to\":\"failed\",\"cause\":\"exited with code 3 after ",
                            "\"exit\":{\"code\":3}",
                            "\"explanation\":{\"process\":{\"name\":\"job\",\"state\":\"failed\"",
                            "\"last_words\":[\"cannot bind port 80\"]",
                            "'procmon start job' starts it")
                    .endsWith("}\n");
            assertThat(monitor.cli("status", "job").out()).doesNotContain("hook");
        }
    }

    @Test
    void runsTheFailureHookOfAnEssentialProcessBeforeExit() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.program("web", "sleep 1000"),
                                Config.script(
                                        "main",
                                        "until [ -e $DIR/go ]; do sleep 0.05; done; exit 3",
                                        "'restart': 'never', 'essential': true",
                                        "'hooks': {'on_failure': ['sh', '-c', 'sleep 0.5; cat >"
                                                + " $DIR/story']}")))) {
            Files.createFile(folder.resolve("go"));
            assertThat(monitor.awaitExit(Duration.ofSeconds(20))).isEqualTo(3);
            assertThat(Files.readString(folder.resolve("story")))
                    .contains("\"to\":\"failed\",\"cause\":\"exited with code 3 after ");
        }
    }

    @Test
    void aHookThatHangsHoldsTheEndNoLongerThanItMayRun() throws Exception {
        try (TestMonitor monitor = TestMonitor.start(folder, hangingEnd("1s"))) {
            Files.createFile(folder.resolve("go"));
            int hook = monitor.number("pid");
            assertThat(monitor.awaitExit(Duration.ofSeconds(20))).isEqualTo(3);
            assertThat(Proc.hasEnded(hook)).isTrue();
            assertThat(monitor.log())
                    .contains(
                            "reason=\"was killed, it had not ended after 1 s\" then=\"it is not tried again\"");
        }
    }

    @Test
    void aSecondShutdownDoesNotWaitForAHangingHook() throws Exception {
        try (TestMonitor monitor = TestMonitor.start(folder, hangingEnd("10m"))) {
            Files.createFile(folder.resolve("go"));
            int hook = monitor.number("pid");
            patiently().until(() -> monitor.log().contains("main is essential and down"));
            assertThat(monitor.cli("-x").code()).isZero();
            assertThat(monitor.awaitExit(Duration.ofSeconds(20))).isEqualTo(3);
            patiently().until(() -> Proc.hasEnded(hook));
        }
    }

    private static String hangingEnd(String timeout) {
        return Config.of(
                Config.script(
                        "main",
                        "until [ -e $DIR/go ]; do sleep 0.05; done; exit 3",
                        "'restart': 'never', 'essential': true",
                        "'hooks': {'on_failure': {'exec': ['sh', '-c', 'echo $$ > $DIR/pid; sleep"
                                + " 1000'], 'timeout': '"
                                + timeout
                                + "'}}"));
    }

    @Test
    void runsTheFailureHookForAnImmediateRestart() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "web",
                                        "[ -e $DIR/once ] && exec sleep 1000; touch $DIR/once; exit"
                                                + " 3",
                                        "'restart': 'always'",
                                        "'backoff': {'initial': 0}",
                                        "'hooks': {'on_failure': ['sh', '-c', 'cat > $DIR/new; mv"
                                                + " $DIR/new $DIR/story']}")))) {
            patiently().until(() -> Files.exists(folder.resolve("story")));
            assertThat(Files.readString(folder.resolve("story")))
                    .contains(
                            "\"to\":\"waiting\",\"cause\":\"exited with code 3 after ",
                            "; restart at once\"",
                            "\"exit\":{\"code\":3}");
            patiently().until(() -> monitor.row("web").runcount() == 2);
        }
    }

    @Test
    void killsAndReportsAHangingHook() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "job",
                                        "exit 3",
                                        "'restart': 'always'",
                                        "'backoff': {'initial': '50ms', 'max': '50ms'}",
                                        "'hooks': {'on_failure': {'exec': ['sh', '-c', 'echo $$ >>"
                                                + " $DIR/pids; sleep 1000'], 'timeout':"
                                                + " '300ms'}}")))) {
            patiently()
                    .untilAsserted(() ->
                            assertThat(monitor.cli("explain", "job").out())
                                    .contains(
                                            "hook:        on_failure: was killed, it had not ended"
                                                    + " after 300 ms"));
            patiently().until(() -> monitor.row("job").runcount() > 10);
            assertThat(monitor.log())
                    .contains(
                            "job hook failed hook=on_failure reason=\"was killed, it had not ended"
                                    + " after 300 ms\" then=\"it is tried again in 1.0 s\"");
            int first = Integer.parseInt(monitor.lines("pids").getFirst());
            patiently().until(() -> Proc.hasEnded(first));
        }
    }
}
