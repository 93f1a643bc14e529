package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Why something is as it is, asked of a real monitor. */
@Timeout(60)
class ExplainIT {
    private static final String ALWAYS_AGAIN =
            "'restart': 'always', 'backoff': {'initial': '30s', 'max': '60s'}";

    @TempDir Path folder = Path.of("");

    @Test
    void itNamesTheRootTheLastWordsAndWhatComesNext() throws Exception {
        String fails = "echo cannot bind port 80 >&2; exit 3";
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script("disk", fails, ALWAYS_AGAIN, "'wait': '60s'"),
                                Config.program(
                                        "db", "sleep 1000", Config.KEPT, "'depends': ['disk']"),
                                Config.program(
                                        "web", "sleep 1000", Config.KEPT, "'depends': ['db']")))) {
            patiently()
                    .untilAsserted(() ->
                            assertThat(monitor.cli("explain", "disk").out())
                                    .contains("disk: backoff for ")
                                    .contains("exited with code 3 after ")
                                    .contains("  outlook:     it starts again in ")
                                    .contains("  last lines of stderr:\n")
                                    .endsWith("    cannot bind port 80\n"));

            assertThat(monitor.cli("explain", "web").out())
                    .contains("web: waiting for ")
                    .contains("  waits for:   db: waiting: waits for disk\n")
                    .containsPattern("               disk: backoff: exited with code 3 after ")
                    .contains("  outlook:     it starts as soon as db is up\n");
            assertThat(monitor.cli("explain", "--json", "web").out())
                    .startsWith("{\"process\":{\"name\":\"web\",")
                    .contains("\"chain\":[{\"name\":\"db\",\"state\":\"waiting\",");
            assertThat(monitor.cli("explain", "nobody"))
                    .isEqualTo(
                            new Outcome(
                                    4,
                                    "",
                                    "procmon: cannot explain nobody: there is no process"
                                            + " 'nobody'\n"));
        }
    }
}
