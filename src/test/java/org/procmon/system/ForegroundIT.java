package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code exec} and {@code run-once}. */
@Timeout(60)
class ForegroundIT {
    @TempDir Path folder = Path.of("");

    @Test
    void commandsRunAsTheProcessWouldAndByTheCaller() throws Exception {
        Path home = Files.createDirectory(folder.resolve("ho me"));
        String keys = "'cwd': '" + home + "', 'env': {'GREETING': 'good day'}";
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.program("web", "sleep 1000", keys, "'umask': '027'"),
                                Config.script(
                                        "job",
                                        "echo \"$GREETING $PROCMON_ID ${PROCMON_RUN-none} $@\"; exit 7",
                                        keys,
                                        "'skip': true"),
                                Config.program("many", "sleep 1000", "'instances': 2")))) {
            String script =
                    "echo \"$GREETING $PROCMON_ID ${PROCMON_RUN-none}\"; pwd; umask; cat; exit 3";
            assertThat(monitor.cli("exec", "web", "--", "sh", "-c", script))
                    .isEqualTo(new Outcome(3, "good day web none\n" + home + "\n0027\n", ""));
            assertThat(monitor.cli("exec", "web", "echo", "-n", "--", "-l").out())
                    .isEqualTo("-- -l");
            assertThat(monitor.cli("run-once", "job", "--", "zero", "--drain", "-v"))
                    .isEqualTo(new Outcome(7, "good day job none --drain -v\n", ""));
            assertThat(monitor.cli("exec", "many", "--", "printenv", "PROCMON_INSTANCE").out())
                    .isEqualTo("1\n");
            assertThat(monitor.row("job").runcount()).isZero();

            assertThat(monitor.cli("exec", "wbe", "--", "true"))
                    .isEqualTo(
                            new Outcome(
                                    4,
                                    "",
                                    "procmon: cannot exec wbe: "
                                            + folder.resolve("procmon.json")
                                            + " has no process 'wbe', did you mean 'web'?\n"));
            assertThat(monitor.cli("exec", "web", "--", "/no/such").err())
                    .startsWith("procmon: cannot exec web: cannot execute '/no/such': ");
            Files.writeString(folder.resolve("procmon.json"), "{");
            assertThat(monitor.cli("exec", "web", "--", "true").code()).isEqualTo(78);
        }
    }
}
