package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.status.fields.ProcessRow;

/** A monitor of which a thread fails ends with a reason, and its backup takes its place. */
@Timeout(300)
class ThreadDeathIT extends Pairs {
    @Test
    void theLoopsThread() throws Exception {
        try (TestMonitor pair = startDoomed(web())) {
            ProcessRow web = pair.awaitRun("web", 1);
            int backup = settledBackup(pair).pid();

            doom(DoomedMonitor.FAIL);

            assertThat(pair.awaitExit(Duration.ofSeconds(30))).isEqualTo(70);
            eventually().until(() -> pair.row(PRIMARY).pid() == backup);
            assertThat(pair.row("web").pid()).isEqualTo(web.pid());
            assertThat(pair.log())
                    .contains("the loop was interrupted")
                    .contains("procmon: cannot continue: thread main failed")
                    .contains("exited with code 70");
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }

    /** With a process that lets each of them do something several times a second. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "main",
                "reaper",
                "output",
                "control-timers",
                "state-watch",
                "loop-watchdog",
                "schedule",
                "watch",
                "memory",
                "prober",
                "listener",
                "log"
            })
    void aThreadThatTheMonitorNeeds(String thread) throws Exception {
        try (TestMonitor pair = startDoomed(busy())) {
            ProcessRow web = pair.awaitRun("web", 1);
            pair.awaitState(BACKUP, "running");
            pair.must("restart", "busy");

            doom(thread);

            eventually()
                    .untilAsserted(() -> {
                        Files.writeString(pair.file("watched"), "changed");
                        // Each time as a new one, which is what the watch hears of.
                        Files.deleteIfExists(pair.state().resolve("new"));
                        Files.writeString(pair.state().resolve("new"), "");
                        assertThat(Proc.hasEnded(pair.pid())).isTrue();
                    });
            assertThat(pair.awaitExit(Duration.ofSeconds(30))).isEqualTo(70);
            eventually()
                    .untilAsserted(
                            () -> assertThat(pair.log()).contains("the monitor before, pid "));
            eventually()
                    .untilAsserted(() -> assertThat(pair.row("web").pid()).isEqualTo(web.pid()));
            assertThat(pair.log()).contains("cannot continue: thread " + thread + " failed");
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }

    private String busy() throws IOException {
        Files.writeString(folder.resolve("watched"), "");
        return Config.of(
                Config.program("web", "sleep 1000", Config.KEPT),
                Config.program(
                        "busy",
                        "sh -c 'echo line; sleep 0.1'",
                        Config.KEPT,
                        "'backoff': {'initial': 0}",
                        "'memory_max': '1GB'",
                        "'watch': ['%s']".formatted(folder.resolve("watched")),
                        "'schedule': {'restart': '* * * * * *'}"),
                Config.program(
                        "asked",
                        "sh -c 'echo READY=1 | socat - UNIX-SENDTO:$NOTIFY_SOCKET; sleep 0.2'",
                        Config.KEPT,
                        "'backoff': {'initial': 0}",
                        "'ready': {'notify': true}"),
                Config.program(
                        "probed",
                        "sleep 1000",
                        Config.KEPT,
                        "'health': {'tcp': '127.0.0.1:1', 'interval': '100ms', 'then': 'report'}"));
    }

    @Test
    void anyThreadThatHasNoMemoryLeft() throws Exception {
        try (TestMonitor pair = startDoomed(web(), "-Xmx10m")) {
            ProcessRow web = pair.awaitRun("web", 1);
            int backup = settledBackup(pair).pid();
            List<String> many = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                many.add(Config.program("p" + i, "sleep 1000", "'description': 'much'"));
            }
            configuration(Config.of(many.toArray(String[]::new)));

            Outcome reload =
                    TestProduct.run(
                            TestProduct.builder(folder, List.of(TestProduct.procmon(), "reload")));

            assertThat(reload.code()).isNotZero();
            assertThat(pair.awaitExit(Duration.ofSeconds(30))).isEqualTo(3);
            eventually().until(() -> pair.row(PRIMARY).pid() == backup);
            assertThat(pair.row("web").pid()).isEqualTo(web.pid());
            assertThat(Files.readString(folder.resolve("monitor.out")) + pair.log())
                    .contains("OutOfMemoryError")
                    .contains("exited with code 3");
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }
}
