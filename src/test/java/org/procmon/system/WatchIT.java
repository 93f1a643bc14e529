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

/** Watched files and reloads in a real monitor. */
@Timeout(120)
class WatchIT {
    private static final String CONF = "'watch': {'paths': 'conf', 'quiet': '200ms'}";

    private static final String MISSING = "'watch': 'never'";

    /** A program that writes down when it begins, and when it is told to reload. */
    private static final String POLITE =
            "trap 'echo reloaded >>$DIR/told' HUP; echo began >>$DIR/told;"
                    + " while :; do sleep 0.1; done";

    @TempDir Path folder = Path.of("");

    private void change(String text) throws Exception {
        Files.writeString(folder.resolve("conf"), text);
    }

    @Test
    void aBurstOfChangesRestartsARunningProcessOnce() throws Exception {
        change("zero");
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.program("web", "sleep 1000", Config.KEPT, CONF),
                                Config.program("other", "sleep 1000", MISSING)))) {
            monitor.awaitRun("web", 1);
            awaitFirstLook(monitor);
            assertThat(Proc.threads(monitor.pid())).contains("watch").doesNotContain("schedule");
            long before = monitor.row("web").runcount();
            for (int i = 0; i < 1000; i++) {
                change("burst " + i);
            }
            monitor.awaitRun("web", before + 1);
            always(Duration.ofSeconds(1))
                    .untilAsserted(
                            () -> assertThat(monitor.row("web").runcount()).isEqualTo(before + 1));

            monitor.must("stop", "web");
            change("two");
            always(Duration.ofSeconds(1))
                    .untilAsserted(
                            () -> assertThat(monitor.row("web").state()).isEqualTo("stopped"));
        }
    }

    /** Waits until all is watched, which is when it is told that something is missing. */
    private static void awaitFirstLook(TestMonitor monitor) {
        patiently().until(() -> monitor.log().contains("never, which does not exist"));
    }

    @Test
    void aReloadSignalTakesThePlaceOfTheRestart() throws Exception {
        change("zero");
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "web", POLITE, Config.KEPT, CONF, "'reload_signal': 'HUP'"),
                                Config.program("plain", "sleep 1000", Config.KEPT, MISSING)))) {
            patiently().until(() -> monitor.lines("told").contains("began"));
            monitor.must("reload", "web");
            patiently().until(() -> monitor.lines("told").contains("reloaded"));
            awaitFirstLook(monitor);
            change("now");
            patiently().until(() -> monitor.lines("told").size() == 3);
            assertThat(monitor.row("web").runcount()).isEqualTo(1);
            monitor.must("reload", "plain");
            monitor.awaitRun("plain", 2);
            assertThat(monitor.cli("reload", "nobody").code()).isEqualTo(4);
        }
    }

    @Test
    void warnsAboutAMissingWatchedFile() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(Config.program("web", "sleep 1000", Config.KEPT, CONF)))) {
            patiently()
                    .untilAsserted(() ->
                            assertThat(monitor.cli("explain", "web").out())
                                    .contains(
                                            "; it watches "
                                                    + monitor.file("conf")
                                                    + ", which does not exist\n"));
            change("here");
            monitor.awaitRun("web", 2);
        }
    }
}
