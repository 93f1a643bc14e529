package org.procmon.pair;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.procmon.cli.RunOptions;
import org.procmon.log.LogFormat;

class MonitorContextTest {
    @Test
    void passesTheFormOfTheLogToFurtherMonitors() {
        MonitorContext context =
                MonitorContext.of(
                        Path.of("/etc/procmon.json"),
                        new RunOptions(
                                Optional.of(Path.of("/run/state")),
                                true,
                                LogFormat.JSON,
                                RunOptions.Role.PAIR_FROM_BACKUP,
                                false,
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                false),
                        Map.of(),
                        0);
        assertThat(context.command("--standby", "7").stream().skip(1))
                .containsExactly(
                        "run",
                        "--standby",
                        "7",
                        "-v",
                        "--log-format",
                        "json",
                        "--state-dir",
                        "/run/state",
                        "--",
                        "/etc/procmon.json");
    }
}
