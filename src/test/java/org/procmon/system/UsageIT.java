package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.status.fields.ProcessRow;

/** What processes use, for those who ask for the rich form. */
@Timeout(60)
class UsageIT {
    private static final Pattern KEY = Pattern.compile("\"([a-z_]+)\":");

    @TempDir Path folder = Path.of("");

    @Test
    void theRichFormHasInstanceAndUsage() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.program("idle", "sleep 1000", Config.KEPT, "'instances': 2"),
                                Config.program("none", "sleep 1", "'skip': true")))) {
            monitor.awaitRun("idle.2", 1);

            assertThat(keys(monitor.cli("status", "--json", "idle.2").out()))
                    .containsExactly(
                            "name",
                            "state",
                            "goal",
                            "pid",
                            "runcount",
                            "restarts",
                            "since",
                            "age_ms",
                            "uptime_ms",
                            "exec",
                            "cause",
                            "depends",
                            "group",
                            "instance",
                            "cpu_percent",
                            "rss");
            assertThat(keys(monitor.cli("status", "--json", "none").out()))
                    .doesNotContain("group", "instance", "cpu_percent", "rss");
            ProcessRow idle = used(monitor, "idle.2");
            assertThat(idle.identity().instance()).contains(new ProcessRow.Instance("idle", 2));
            assertThat(idle.usage().orElseThrow().rss()).isBetween(100_000L, 50_000_000L);
            assertThat(monitor.row("idle.2").usage()).isEmpty();
            assertThat(keys(monitor.cli("-o", "json").out()))
                    .containsOnly("name", "pid", "runcount", "since", "state", "exec");
        }
    }

    @Test
    void aStoppedProcessHasItsOwnPeakMemory() throws Exception {
        String grows =
                "exec perl -e '$n = 3e7; $x = chr(65) x $n; open F, q(>), q('$DIR'/up); sleep 1000'";
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.program("small", "sleep 1000", Config.KEPT),
                                Config.script("large", grows, Config.KEPT)))) {
            monitor.awaitRun("small", 1);
            patiently().until(() -> Files.exists(folder.resolve("up")));
            monitor.must("stop", "small", "large");

            assertThat(peak(monitor, "small")).isBetween(300_000L, 20_000_000L);
            assertThat(peak(monitor, "large")).isBetween(30_000_000L, 70_000_000L);
        }
    }

    private static long peak(TestMonitor monitor, String name) throws ControlException {
        return monitor.row(name).lastExit().orElseThrow().maxRss();
    }

    @Test
    void whatItsWholeSessionDoesCounts() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "busy", "(while :; do :; done) & wait", Config.KEPT)))) {
            monitor.awaitRun("busy", 1);

            // Others may want the processors too.
            patiently().until(() -> percent(monitor) > 5 && percent(monitor) < 120);
        }
    }

    private static double percent(TestMonitor monitor) throws ControlException {
        return used(monitor, "busy").usage().orElseThrow().cpuPercent();
    }

    private static ProcessRow used(TestMonitor monitor, String name) throws ControlException {
        try (ControlClient client = monitor.client()) {
            return client.listWithUsage(List.of(name)).getFirst();
        }
    }

    private static List<String> keys(String json) {
        return KEY.matcher(json).results().map((MatchResult r) -> r.group(1)).toList();
    }
}
