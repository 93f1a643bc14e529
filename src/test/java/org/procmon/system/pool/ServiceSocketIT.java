package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.BadStage.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.status.fields.ProcessRow;

/** A listening socket that a service manager has passed to the monitor, as systemd does. */
@Timeout(120)
class ServiceSocketIT {
    /** Source: sd_listen_fds(3). */
    private static final String MANAGER =
            """
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <sys/socket.h>
            #include <sys/un.h>
            #include <unistd.h>

            int main(int count, char **arguments) {
                struct sockaddr_un address = {AF_UNIX};
                char pid[32];
                int s = socket(AF_UNIX, SOCK_STREAM, 0);
                snprintf(address.sun_path, sizeof address.sun_path, "%s/s", getenv("DIR"));
                if (bind(s, (struct sockaddr *) &address, sizeof address) != 0) return 1;
                if (listen(s, 50) != 0 || dup2(s, 3) != 3) return 1;
                snprintf(pid, sizeof pid, "%d", getpid());
                setenv("LISTEN_PID", pid, 1);
                setenv("LISTEN_FDS", "1", 1);
                setenv("LISTEN_FDNAMES", "app.socket", 1);
                execv(arguments[1], arguments + 1);
                return 1;
            }
            """;

    @TempDir Path folder = Path.of("");

    @Test
    void aPoolServesOnTheSocketAndIsRolledInPlace() throws Exception {
        Path manager = compiled();
        String pool =
                "{'id': 'app', 'exec': ['BAD', 'serve'], 'listen': 'systemd:app.socket',"
                        + " 'mode': 'static', 'workers': 2}";
        try (BadStage stage = BadStage.below(manager, folder, pool)) {
            List<Integer> before = pids(stage.awaitRunning("app", 2));
            assertThat(OverloadRequest.ask(stage.socket("s"), "").isServed()).isTrue();
            try (SteadyClients clients = new SteadyClients(stage.socket("s"), 1, "")) {
                stage.procmon("restart", "app", "--rolling");
                int served = clients.served();
                patiently().until(() -> clients.served() > served + 20);
            }
            assertThat(pids(stage.awaitRunning("app", 2))).doesNotContainAnyElementsOf(before);
            for (int pid : pids(stage.running("app"))) {
                assertThat(Files.readString(Path.of("/proc/" + pid + "/environ")))
                        .doesNotContain("LISTEN_FDS");
            }
        }
    }

    private static List<Integer> pids(List<ProcessRow> rows) {
        return rows.stream().map(ProcessRow::pid).toList();
    }

    private Path compiled() throws IOException {
        return PeerPrograms.compileC(
                folder, Files.writeString(folder.resolve("manager.c"), MANAGER));
    }
}
