package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A command ends, whatever becomes of the monitor and of whoever reads its output. */
@Timeout(300)
class CommandLimitsIT {
    private static final String REPLACED = "; 'procmon run --take-over FILE' replaces it\n";

    @TempDir Path folder = Path.of("");

    @Test
    void everyCommandEndsWhenTheMonitorIsStopped() throws Exception {
        try (TestMonitor monitor = start(kept("a"))) {
            int pid = monitor.awaitRun("a", 1).pid();
            TestProduct.signal("STOP", monitor.pid());
            try {
                for (String looks :
                        List.of(
                                "list",
                                "-l",
                                "-o json",
                                "status a",
                                "explain a",
                                "tail a",
                                "tail -f a",
                                "events",
                                "reload --dry-run")) {
                    assertThat(monitor.cli((looks + " --timeout 500ms").split(" ")))
                            .as(looks)
                            .satisfies(o -> assertThat(o.code()).isEqualTo(7))
                            .satisfies(o -> assertThat(o.out()).isEmpty())
                            .satisfies(o ->
                                    assertThat(o.err())
                                            .startsWith("procmon: cannot ")
                                            .endsWith(
                                                    ": no answer within 500 ms; the monitor"
                                                            + " hangs or is stopped"
                                                            + REPLACED));
                }
                for (String changes :
                        List.of(
                                "start a",
                                "stop a",
                                "restart a",
                                "restart --rolling a",
                                "reload a",
                                "reload",
                                "signal a CONT",
                                "reopen",
                                "delete a",
                                "upgrade",
                                "shutdown")) {
                    assertThat(monitor.cli((changes + " --timeout 0.5").split(" ")).code())
                            .as(changes)
                            .isEqualTo(7);
                }
                long begun = System.nanoTime();
                assertThat(monitor.cli("list").err()).contains("no answer within 5 s");
                assertThat(monitor.cli("stop", "a"))
                        .isEqualTo(
                                new Outcome(
                                        7,
                                        "",
                                        "procmon: cannot stop a: no answer within 10 s; the monitor"
                                                + " hangs or is stopped, nothing was changed"
                                                + REPLACED));
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .isGreaterThan(Duration.ofSeconds(14))
                        .isLessThan(Duration.ofSeconds(60));
            } finally {
                TestProduct.signal("CONT", monitor.pid());
            }
            assertThat(monitor.row("a").pid()).as("it was never told to stop it").isEqualTo(pid);
        }
    }

    @Test
    void aCommandThatChangesSomethingEndsWithTheOwnLimitsOfTheProcessOffATerminal()
            throws Exception {
        try (TestMonitor monitor =
                start(
                        kept("base"),
                        Config.program("top", "sleep 1000", Config.KEPT, "'depends': ['base']"))) {
            monitor.awaitRun("top", 1);
            monitor.must("stop", "top", "base");

            assertThat(monitor.cli("start", "top"))
                    .satisfies(o -> assertThat(o.code()).isEqualTo(7))
                    .satisfies(o ->
                            assertThat(o.err())
                                    .startsWith(
                                            "procmon: cannot start top: not done in time:"
                                                    + " it is waiting: waits for base"));
        }
    }

    @Test
    void aCommandWithoutReaderExitsSilently() throws Exception {
        Path bad = folder.resolve("bad.json");
        StringBuilder entries = new StringBuilder("{\"processes\": [");
        for (int i = 0; i < 2000; i++) {
            entries.append(i == 0 ? "" : ",").append("{\"id\": \"p").append(i).append("\"}");
        }
        Files.writeString(bad, entries.append("]}"));
        try (TestMonitor monitor = start(kept("a"), kept("b"))) {
            monitor.awaitRun("b", 1);
            for (String command :
                    List.of(
                            "list --json",
                            "-l",
                            "-o json",
                            "status",
                            "explain a",
                            "help",
                            "reload --dry-run",
                            "check " + bad,
                            "events",
                            "tail -f a")) {
                assertThat(intoNothing(command)).as(command).isEqualTo("141\n");
            }
        }
    }

    @Test
    void followingEndsWithItsReaderThoughNothingMoreHappens() throws Exception {
        try (TestMonitor monitor = start(kept("a"))) {
            monitor.awaitRun("a", 1);
            Path one = folder.resolve("one");
            Process events =
                    TestProduct.builder(
                                    folder,
                                    List.of(
                                            "bash",
                                            "-c",
                                            TestProduct.procmon() + " events | head -n 1 >" + one))
                            .inheritIO()
                            .start();
            // Whoever has just begun to listen hears of the next one.
            patiently()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        monitor.must("signal", "a", "CONT");
                        return Files.exists(one) && Files.size(one) > 0;
                    });
            assertThat(TestProduct.ends(events, Duration.ofSeconds(60))).isTrue();
        }
    }

    /** What a shell tells of a command whose output nobody reads, and all that it says itself. */
    private String intoNothing(String command) throws IOException {
        Outcome outcome =
                TestProduct.run(
                        TestProduct.builder(
                                folder,
                                List.of(
                                        "bash",
                                        "-c",
                                        TestProduct.procmon()
                                                + " "
                                                + command
                                                + " | true; echo ${PIPESTATUS[0]}")));
        return outcome.out() + outcome.err();
    }

    private static String kept(String id) {
        return Config.program(id, "sleep 1000", Config.KEPT);
    }

    private TestMonitor start(String... processes) throws Exception {
        return TestMonitor.start(folder, Config.of(processes));
    }
}
