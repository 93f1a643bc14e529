package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.always;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who starts after whom, and who follows whose restart. */
@Timeout(60)
class DependenciesIT {
    private static final String FOLLOWS = "'restart_on_parent_death': true";
    private static final String NOTES = "echo $PROCMON_ID >>$DIR/order; ";
    private static final String STAYS = NOTES + "exec sleep 1000";

    @TempDir Path folder = Path.of("");

    @Test
    void aLayerStartsWhenTheOneBelowItHadItsTime() throws Exception {
        String timed = "echo $PROCMON_ID $(date +%s%N) >>$DIR/order; exec sleep 1000";
        try (TestMonitor monitor =
                start(
                        Config.script("top", timed, Config.KEPT, "'depends': ['left', 'right']"),
                        Config.script("left", timed, Config.KEPT, "'depends': ['base']"),
                        Config.script("right", timed, "'depends': ['base'], 'wait': 0.3"),
                        Config.script("base", timed, Config.KEPT, "'wait': '500ms'"))) {
            patiently().until(() -> monitor.lines("order").size() == 4);

            Map<String, Long> at = new TreeMap<>();
            for (String line : monitor.lines("order")) {
                int blank = line.indexOf(' ');
                at.put(line.substring(0, blank), Long.valueOf(line.substring(blank + 1)));
            }
            // A script notes its time somewhat after its start, the later the busier the machine.
            assertThat(earlier(at, "base", "left")).isGreaterThan(300_000_000);
            assertThat(earlier(at, "base", "right")).isGreaterThan(300_000_000);
            assertThat(earlier(at, "right", "top")).isGreaterThan(100_000_000);
        }
    }

    private static long earlier(Map<String, Long> at, String first, String second) {
        return at.getOrDefault(second, 0L) - at.getOrDefault(first, Long.MAX_VALUE);
    }

    @Test
    void waitsForCompletionButNotForSkippedProcesses() throws Exception {
        try (TestMonitor monitor =
                start(
                        Config.script("after-job", STAYS, "'depends': ['job']"),
                        Config.script(
                                "after-good",
                                STAYS,
                                "'depends': [{'on': 'bad', 'when': 'completed'}]"),
                        Config.script("after-skipped", STAYS, "'depends': ['skipped']"),
                        Config.script("skipped", STAYS, Config.KEPT, "'skip': true"),
                        Config.script("bad", "exit 1"),
                        Config.script("job", "sleep 0.4; echo ended >>$DIR/order", "'wait': 60"))) {
            monitor.awaitRun("after-job", 1);

            assertThat(monitor.lines("order"))
                    .containsExactly("after-skipped", "ended", "after-job");
            assertThat(monitor.row("after-good").state()).isEqualTo("waiting");
            assertThat(monitor.row("after-good").cause())
                    .isEqualTo("waits for bad to be completed");
            assertThat(monitor.row("skipped").runcount()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void restartsADependentAfterItsParentIfConfigured(boolean killed) throws Exception {
        try (TestMonitor monitor =
                start(
                        Config.script(
                                "follower", STAYS, Config.KEPT, "'depends': ['parent']", FOLLOWS),
                        Config.script("job", NOTES, "'depends': ['parent']", FOLLOWS),
                        Config.script("other", STAYS, Config.KEPT, "'depends': ['parent']"),
                        Config.script("parent", STAYS, Config.KEPT))) {
            patiently().until(() -> monitor.lines("order").size() == 4);
            monitor.awaitState("job", "completed");

            if (killed) {
                TestProduct.signal("KILL", monitor.row("parent").pid());
            } else {
                monitor.must("restart", "parent");
            }

            patiently().until(() -> monitor.lines("order").size() == 7);
            monitor.awaitRun("follower", 2);
            monitor.awaitState("job", "completed");
            assertThat(monitor.lines("order").get(4)).isEqualTo("parent");
            assertThat(monitor.lines("order").subList(5, 7))
                    .containsExactlyInAnyOrder("follower", "job");
            assertThat(monitor.row("follower").runcount()).isEqualTo(2);
            assertThat(monitor.row("job").runcount()).isEqualTo(2);
            assertThat(monitor.row("other").runcount()).isEqualTo(1);
        }
    }

    @Test
    void theRestartOfWhatWaitsForADependencyMakesNoTwin() throws Exception {
        try (TestMonitor monitor =
                start(
                        Config.script("job", "while [ ! -e $DIR/go ]; do sleep 0.02; done"),
                        Config.script(
                                "waits",
                                STAYS,
                                Config.KEPT,
                                "'depends': [{'on': 'job', 'when': 'completed'}]"))) {
            monitor.awaitState("waits", "waiting");
            monitor.must("restart", "--no-wait", "waits");
            monitor.must("restart", "--no-wait", "waits");
            Files.createFile(monitor.file("go"));

            monitor.awaitRun("waits", 1);
            always(Duration.ofMillis(500))
                    .until(() -> monitor.lines("order").equals(List.of("waits")));
            assertThat(monitor.row("waits").runcount()).isEqualTo(1);
            assertThat(Proc.supervised(monitor.pid())).hasSize(1);
        }
    }

    private TestMonitor start(String... processes) throws Exception {
        return TestMonitor.start(folder, Config.of(processes));
    }
}
