package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pair of monitors that gets its first pool while it runs. */
@Timeout(120)
class FirstPoolIT {
    private static final String PROCESS = "{'id': 'a', 'exec': 'sleep 1000'}";
    private static final String BOTH =
            "{'processes': ["
                    + PROCESS
                    + "], 'pools': [{'id': 'app', 'exec': 'EXEC', 'listen':"
                    + " 'unix:SOCKET', 'mode': 'static', 'workers': 1}]}";

    @TempDir Path folder = Path.of("");

    /** It is what a shell or a service manager has started, and the backup. */
    @Test
    void theMonitorInTheForegroundStaysAndTheListenerOutlivesTheOther() throws Exception {
        try (PoolStage stage = new PoolStage(folder)) {
            Path socket = stage.file("s");
            Path file = stage.write("procmon.json", json("{'processes': [" + PROCESS + "]}"));
            PeerProcess foreground =
                    stage.start(
                            "monitor",
                            PeerPrograms.product().resolve("bin/procmon").toString(),
                            "run",
                            file.toString());
            patiently().until(() -> stage.cli("status", "procmon2") == 0);
            stage.write(
                    "procmon.json",
                    json(
                            BOTH.replace("EXEC", PeerPrograms.application().toString())
                                    .replace("SOCKET", socket.toString())));
            assertThat(stage.cli("reload")).isZero();
            patiently().until(() -> stage.workers("app").size() == 1);
            Object inode = Files.getAttribute(socket, "unix:ino");
            foreground.mustLive();
            ProcessHandle.of(primary(stage)).ifPresent(ProcessHandle::destroyForcibly);
            patiently()
                    .ignoreExceptions()
                    .until(() -> {
                        try (PoolClient client = PoolClient.ofPath(socket)) {
                            return client.get("n=1").startsWith("n=1 ");
                        }
                    });
            patiently().until(() -> stage.cli("status", "procmon2") == 0);
            foreground.mustLive();
            assertThat(Files.getAttribute(socket, "unix:ino")).isEqualTo(inode);
            assertThat(stage.cli("-x")).isZero();
        }
    }

    private static long primary(PoolStage stage) throws IOException {
        assertThat(stage.cli("-l")).isZero();
        return Files.readAllLines(stage.file("cli.log")).stream()
                .filter(line -> line.startsWith("procmon1 "))
                .map(line -> line.split(" +", 3)[1])
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
