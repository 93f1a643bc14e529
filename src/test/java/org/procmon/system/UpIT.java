package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A project that {@code up} runs, and changes while it runs. */
@Timeout(60)
class UpIT {
    @TempDir Path folder = Path.of("");

    @Test
    void aProjectIsFoundRunAndChanged() throws Exception {
        Path file = folder.resolve("procmon.json");
        Files.writeString(
                file,
                Config.of(
                        Config.program("web", "sleep ${SECONDS_TO_SLEEP:-1}", Config.KEPT),
                        Config.program("debug", "sleep 1000", Config.KEPT, "'profiles': ['x']")));
        Files.writeString(folder.resolve(".env"), "SECONDS_TO_SLEEP=1001\n");
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        List.of(TestMonitor.after("mkdir $DIR/sub; cd $DIR/sub")),
                        "up",
                        "--no-backup")) {
            patiently().until(() -> monitor.row("web").runcount() == 1);
            assertThat(monitor.row("web").exec()).isEqualTo("sleep 1001");
            assertThat(monitor.rows()).extracting(row -> row.name()).doesNotContain("debug");

            assertThat(monitor.cli("up", file.toString()).out()).isEqualTo("1 unchanged\n");
            Outcome changed = monitor.cli("up", "-f", file.toString(), "--profile", "x");
            assertThat(changed.out()).isEqualTo("debug  start\n1 unchanged\n");
            monitor.awaitRun("debug", 1);

            Path other =
                    Files.writeString(
                            folder.resolve("other.json"),
                            Config.of(Config.program("other", "true")));
            assertThat(monitor.cli("up", "-f", other.toString()).err())
                    .startsWith("procmon: cannot run the project: the monitor with pid ")
                    .contains(" runs " + folder.resolve(".procmon.up.json") + ";");
        }
    }
}
