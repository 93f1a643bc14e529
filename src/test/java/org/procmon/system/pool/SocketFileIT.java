package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file of a pool's socket. */
@Timeout(120)
class SocketFileIT {
    private static final int SOCKET_660 = 0140660;

    @TempDir Path folder = Path.of("");
    private PoolStage stage;
    private Path program = Path.of("");

    @BeforeEach
    void begin() throws IOException {
        stage = new PoolStage(folder);
        program = PeerPrograms.application();
    }

    @AfterEach
    void end() throws IOException {
        stage.close();
    }

    private static Map<String, Object> attributes(Path file) throws IOException {
        return Files.readAttributes(file, "unix:mode,uid,gid,ino,ctime");
    }

    private static int gid(String group) throws IOException {
        return Files.readAllLines(Path.of("/etc/group")).stream()
                .filter(line -> line.startsWith(group + ":"))
                .map(line -> Integer.valueOf(line.split(":", 4)[2]))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPoolOnDemandThatCouldNotListenAtFirstServesOnceItCan() throws Exception {
        int port = PoolStage.freePort();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        PeerProcess monitor;
        try (ServerSocket other = new ServerSocket(port, 1, address.getAddress())) {
            monitor =
                    stage.monitor(
                            "{'id': 'late', 'exec': '%s', 'listen': '127.0.0.1:%d', 'mode': 'ondemand'}"
                                    .formatted(PeerPrograms.application(), port));
            assertThat(stage.cli("explain", "late")).isZero();
            assertThat(Files.readString(stage.file("cli.log"))).contains("Address already in use");
            assertThat(other.isBound()).isTrue();
        }
        try (PoolClient client = new PoolClient(address)) {
            patiently().ignoreExceptions().until(() -> client.get("n=1").startsWith("n=1 "));
        }
        assertThat(monitor.log())
                .contains("late does not listen")
                .contains("Address already in use")
                .contains("late listens again");
    }

    @Test
    void theFileStaysAsItIsWhileWorkersStopAndStart() throws Exception {
        Path socket = stage.file("s");
        stage.monitor(
                "{'id': 'app', 'exec': ['%s'], 'listen': '%s', 'mode': 'ondemand',"
                                .formatted(program, socket)
                        + " 'workers': 3, 'idle_timeout': '1s'}");
        Map<String, Object> first = attributes(socket);
        assertThat(first).containsEntry("mode", SOCKET_660);
        if (PeerPrograms.areRunByRoot()) {
            assertThat(first).containsEntry("uid", 0).containsEntry("gid", gid("www-data"));
        }
        try (PoolClient client = PoolClient.ofPath(socket)) {
            for (int round = 0; round < 2; round++) {
                assertThat(ParallelLoad.of(6, 5, client::get).failures()).isEmpty();
                assertThat(stage.workers("app")).isNotEmpty();
                assertThat(attributes(socket)).isEqualTo(first);
                patiently().until(() -> stage.workers("app").isEmpty());
                assertThat(attributes(socket)).isEqualTo(first);
            }
            stage.cli("restart", "app");
            assertThat(ParallelLoad.of(6, 5, client::get).failures()).isEmpty();
            assertThat(attributes(socket)).isEqualTo(first);
        }
    }

    @Test
    void theModeIsTheOneThatIsConfigured() throws Exception {
        Path socket = stage.file("s");
        stage.monitor(
                "{'id': 'app', 'exec': ['%s'], 'listen': 'unix://600@%s', 'mode': 'ondemand'}"
                        .formatted(program, socket));
        assertThat(attributes(socket)).containsEntry("mode", 0140600);
        try (PoolClient client = PoolClient.ofPath(socket)) {
            assertThat(client.get("n=1")).startsWith("n=1 ");
        }
        assertThat(attributes(socket)).containsEntry("mode", 0140600);
    }

    @Test
    void aRemovedFileIsMadeAgain() throws Exception {
        PeerProcess monitor =
                stage.monitor(
                        pool("rest", "'mode': 'ondemand'"),
                        pool("shared", "'workers': 2"),
                        pool("apart-$(worker)", "'workers': 2, 'socket': 'per-worker'"));
        for (String name : List.of("rest", "shared", "apart-1")) {
            Path file = stage.file(name);
            Map<String, Object> before = attributes(file);
            Files.delete(file);
            patiently().until(() -> Files.exists(file) && !attributes(file).equals(before));
            assertThat(attributes(file)).containsEntry("mode", SOCKET_660);
            try (PoolClient client = PoolClient.ofPath(file)) {
                patiently().ignoreExceptions().until(() -> client.get("n=1").startsWith("n=1 "));
            }
        }
        assertThat(monitor.log()).contains("shared makes its socket file again");
    }

    @Test
    void aForeignSocketIsNamedAndLeftAloneUntilItGoes() throws Exception {
        PeerProcess monitor = stage.monitor(pool("app", "'mode': 'static', 'workers': 2"));
        Path file = stage.file("app");
        patiently().until(() -> stage.workers("app").size() == 2);
        Files.delete(file);
        try (ServerSocketChannel foreign = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            foreign.bind(UnixDomainSocketAddress.of(file));
            Object inode = Files.getAttribute(file, "unix:ino");
            String words = "another program listens at " + file + " since ";
            patiently().until(() -> monitor.log().contains(words));
            for (String command : List.of("explain", "status")) {
                stage.cli(command, "app");
                assertThat(Files.readString(stage.file("cli.log")))
                        .contains(words)
                        .contains("web servers reach that program, not this pool");
            }
            assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        }
        Files.delete(file);
        try (PoolClient client = PoolClient.ofPath(file)) {
            patiently().ignoreExceptions().until(() -> client.get("n=1").startsWith("n=1 "));
        }
        assertThat(monitor.log().split("another program listens", -1)).hasSize(2);
        stage.cli("status", "app");
        assertThat(Files.readString(stage.file("cli.log"))).doesNotContain("another program");
    }

    private String pool(String name, String keys) {
        return "{'id': '%s', 'exec': ['%s'], 'listen': '%s', %s}"
                .formatted(name.split("-", 2)[0], program, stage.file(name), keys);
    }
}
