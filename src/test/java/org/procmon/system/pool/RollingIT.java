package org.procmon.system.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.BadStage.patiently;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.status.fields.ProcessRow;

/** New generations of workers under load: no request is lost. */
@Timeout(240)
class RollingIT {
    private static final int CLIENTS = 8;

    @TempDir Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"unix", "tcp", "freeze"})
    void aRollingRestartReplacesAllWorkersAndLosesNoRequest(String kind) throws Exception {
        int port = BadStage.freePort();
        boolean isTcp = kind.equals("tcp");
        String more = kind.equals("freeze") ? "'retire': 'freeze'" : "'retire': 'auto'";
        try (BadStage stage =
                new BadStage(folder, pool(isTcp ? "127.0.0.1:" + port : "DIR/s", more))) {
            SocketAddress address = isTcp ? tcp(port) : stage.socket("s");
            List<ProcessRow> before = stage.awaitRunning("app", 3);
            try (SteadyClients clients = new SteadyClients(address, CLIENTS, "")) {
                for (int roll = 0; roll < 3; roll++) {
                    List<Integer> old = pids(stage.awaitRunning("app", 3));
                    stage.procmon("restart", "app", "--rolling");
                    assertThat(pids(stage.awaitRunning("app", 3))).doesNotContainAnyElementsOf(old);
                    int served = clients.served();
                    patiently().until(() -> clients.served() > served + 20);
                }
            }
            assertThat(pids(stage.awaitRunning("app", 3)))
                    .doesNotContainAnyElementsOf(pids(before));
            if (!isTcp) {
                assertThat(folder.toFile().list((_, name) -> name.startsWith("s."))).isEmpty();
            }
        }
    }

    @Test
    void aChangedConfigurationIsFollowedByANewGeneration() throws Exception {
        try (BadStage stage = new BadStage(folder, pool("DIR/s", "'env': {'VERSION': '1'}"))) {
            List<Integer> old = pids(stage.awaitRunning("app", 3));
            try (SteadyClients _ = new SteadyClients(stage.socket("s"), CLIENTS, "")) {
                rewrite(stage, "'env': {'VERSION': '2'}");
                stage.procmon("reload");
                patiently()
                        .until(() ->
                                stage.running("app").size() == 3
                                        && pids(stage.running("app")).stream()
                                                .noneMatch(old::contains));
            }
        }
    }

    @Test
    void aGenerationThatDoesNotStartLeavesTheOldOneInPlace() throws Exception {
        try (BadStage stage = new BadStage(folder, pool("DIR/s", "'env': {'VERSION': '1'}"))) {
            List<Integer> old = pids(stage.awaitRunning("app", 3));
            try (SteadyClients clients = new SteadyClients(stage.socket("s"), CLIENTS, "")) {
                rewrite(stage, "'backoff': {'initial': '30s'}", "'exit', '3'");
                stage.procmon("reload");
                patiently().until(() -> stage.log().contains("could not be replaced"));
                int served = clients.served();
                patiently().until(() -> clients.served() > served + 20);
                assertThat(pids(stage.running("app"))).containsExactlyInAnyOrderElementsOf(old);
            }
            assertThat(folder.toFile().list((_, name) -> name.startsWith("s."))).isEmpty();
        }
    }

    private static SocketAddress tcp(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static String pool(String listen, String more) {
        return pool(listen, more, "'serve'");
    }

    private static String pool(String listen, String more, String arguments) {
        return "{'id': 'app', 'exec': ['BAD', %s], 'listen': '%s', 'mode': 'static', 'workers': 3, %s}"
                .formatted(arguments, listen, more);
    }

    private void rewrite(BadStage stage, String more) throws Exception {
        rewrite(stage, more, "'serve'");
    }

    private void rewrite(BadStage stage, String more, String arguments) throws Exception {
        Files.writeString(
                folder.resolve("procmon.json"),
                stage.filled("{'pools': [" + pool("DIR/s", more, arguments) + "]}"),
                UTF_8);
    }

    private static List<Integer> pids(List<ProcessRow> rows) {
        return rows.stream().map(ProcessRow::pid).toList();
    }
}
