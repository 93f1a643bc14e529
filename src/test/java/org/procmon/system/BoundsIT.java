package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that may run only so long, or have only so much memory. */
@Timeout(60)
class BoundsIT {
    /** Has 20 MB in a variable. */
    private static final String LARGE =
            "x=$(head -c 20000000 /dev/zero | tr '\\0' x); echo grown; while :; do sleep 1; done";

    @TempDir Path folder = Path.of("");

    @Test
    void maxRuntimeRestartsAServiceAndFailsAJob() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.program(
                                        "web", "sleep 1000", Config.KEPT, "'max_runtime': '300ms'"),
                                Config.program("job", "sleep 1000", "'max_runtime': '200ms'"),
                                Config.program(
                                        "long",
                                        "sleep 1000",
                                        Config.KEPT,
                                        "'max_runtime': '1h'")))) {
            monitor.awaitRun("web", 3);
            patiently()
                    .untilAsserted(() ->
                            assertThat(monitor.cli("status", "job").out())
                                    .startsWith("job: failed")
                                    .contains("did not end within 200 ms"));
            assertThat(monitor.cli("explain", "long").out())
                    .contains("if it ends, it is started again; it is restarted in 59 min");
            assertThat(monitor.row("long").runcount()).isEqualTo(1);
        }
    }

    @Test
    void aNewMemoryLimitStopsALargeProcess() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(Config.script("large", LARGE)))) {
            int pid = monitor.awaitRun("large", 1).pid();
            patiently().until(() -> monitor.cli("tail", "large").out().contains("grown"));
            write(Config.script("large", LARGE, "'memory_max': '8MiB'"));
            assertThat(monitor.cli("reload").out()).startsWith("large  live: memory_max\n");
            patiently()
                    .untilAsserted(() ->
                            assertThat(monitor.cli("status", "large").out())
                                    .startsWith("large: failed")
                                    .contains(" of memory, more than the 8 MiB of 'memory_max'"));
            assertThat(Proc.hasEnded(pid)).isTrue();
        }
    }

    @Test
    void runsANewProbeAtOnce() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder, Config.of(Config.program("a", "sleep 1000", Config.KEPT)))) {
            monitor.awaitRun("a", 1);
            write(
                    Config.program(
                            "a",
                            "sleep 1000",
                            Config.KEPT,
                            "'health': {'exec': 'false', 'interval': '100ms', 'failures': 1}"));
            assertThat(monitor.cli("reload").out()).startsWith("a  live: health\n");
            monitor.awaitRun("a", 2);
        }
    }

    private void write(String process) throws IOException {
        Files.writeString(folder.resolve("procmon.json"), Config.of(process));
    }
}
