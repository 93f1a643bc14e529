package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.fastcgi.client.ClientRequest;
import org.procmon.fastcgi.client.Role;

/** Applications of several languages in pools of each mode, behind each kind of address. */
@Timeout(180)
class ApplicationPoolIT {
    private static final int CLIENTS = 12;
    private static final int EACH = 5;

    /** The relay starts a process for each connection. */
    private static final int EACH_BY_RELAY = 1;

    private static final int WORKERS = 3;

    private static Path program = Path.of("");

    @TempDir Path folder = Path.of("");
    private PoolStage stage;

    @BeforeAll
    static void compile() throws IOException {
        program = PeerPrograms.application();
    }

    @BeforeEach
    void begin() throws IOException {
        stage = new PoolStage(folder);
    }

    @AfterEach
    void end() throws IOException {
        stage.close();
    }

    /** A pool of each mode for each kind of address; no request may fail in any of them. */
    private void servesEverywhere(String keys) throws Exception {
        String abstractName =
                "procmon-test-" + ProcessHandle.current().pid() + "-" + keys.hashCode();
        Map<String, SocketAddress> addresses = new LinkedHashMap<>();
        StringBuilder pools = new StringBuilder();
        for (String mode : new String[] {"static", "ondemand"}) {
            int port = PoolStage.freePort();
            pool(pools, mode + "-path", keys, "unix:" + stage.file(mode + "-path"), mode);
            pool(pools, mode + "-name", keys, "@" + abstractName + mode, mode);
            pool(pools, mode + "-tcp", keys, "127.0.0.1:" + port, mode);
            addresses.put(mode + "-path", UnixDomainSocketAddress.of(stage.file(mode + "-path")));
            addresses.put(mode + "-name", UnixDomainSocketAddress.of(stage.file(mode + "-relay")));
            addresses.put(
                    mode + "-tcp", new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
        stage.monitor(pools.toString());
        // Java connects to no abstract name.
        for (String mode : new String[] {"static", "ondemand"}) {
            Path relay = stage.file(mode + "-relay");
            stage.start(
                    "socat",
                    PeerPrograms.find("socat", "socat"),
                    "UNIX-LISTEN:" + relay + ",fork,backlog=100",
                    "ABSTRACT-CONNECT:" + abstractName + mode);
            patiently().until(() -> Files.exists(relay));
        }
        for (Map.Entry<String, SocketAddress> one : addresses.entrySet()) {
            boolean isStatic = one.getKey().startsWith("static");
            patiently().until(() -> stage.workers(one.getKey()).size() == (isStatic ? WORKERS : 0));
            try (PoolClient client = new PoolClient(one.getValue())) {
                int each = one.getKey().endsWith("-name") ? EACH_BY_RELAY : EACH;
                ParallelLoad load = ParallelLoad.of(CLIENTS, each, client::get);
                assertThat(load.failures()).as(one.getKey()).isEmpty();
                assertThat(load.served()).isEqualTo(CLIENTS * each);
                assertThat(stage.workers(one.getKey()))
                        .as(one.getKey())
                        .hasSizeBetween(1, WORKERS)
                        .containsAll(load.workers());
            }
        }
    }

    private static void pool(StringBuilder to, String id, String keys, String listen, String mode) {
        to.append(to.isEmpty() ? "" : ",\n")
                .append("{'id': '%s', %s, 'listen': '%s',".formatted(id, keys, listen))
                .append(" 'mode': '%s', 'workers': %d}".formatted(mode, WORKERS));
    }

    @Test
    void aLibfcgiProgramServesAtEachAddress() throws Exception {
        servesEverywhere("'exec': ['%s']".formatted(program));
    }

    @Test
    void aProgramWithSeveralThreadsOnOneSocketServesAtEachAddress() throws Exception {
        servesEverywhere("'exec': ['%s'], 'env': {'THREADS': '4'}".formatted(program));
    }

    @Test
    void aGoProgramServesAtEachAddress(@TempDir Path go) throws Exception {
        servesEverywhere("'exec': ['%s']".formatted(PeerPrograms.compileGo(go)));
    }

    @Test
    void aPerlProgramServesAtEachAddress() throws Exception {
        if (new ProcessBuilder("perl", "-MFCGI", "-e1").start().waitFor() != 0) {
            throw new AssertionError(PeerPrograms.missing("FCGI.pm", "libfcgi-perl"));
        }
        Path script = PeerPrograms.source(folder, "pool-app.pl");
        servesEverywhere(
                "'exec': ['%s', '%s']".formatted(PeerPrograms.find("perl", "perl-base"), script));
    }

    @Test
    void aPoolServesEachRole() throws Exception {
        Path socket = stage.file("s");
        stage.monitor(
                "{'id': 'app', 'exec': ['%s'], 'listen': '%s', 'workers': 2, 'mode': 'static'}"
                        .formatted(program, socket));
        try (PoolClient client = PoolClient.ofPath(socket)) {
            Map<String, String> post = PoolClient.params("POST", "");
            post.put("CONTENT_LENGTH", "6");
            assertThat(
                            client.send(
                                    new ClientRequest(
                                            Role.RESPONDER,
                                            post,
                                            PoolClient.bytes("a\0b\nc\u00ff"),
                                            null,
                                            false)))
                    .isEqualTo(
                            """
                            CONTENT_LENGTH=6
                            FCGI_ROLE=RESPONDER
                            QUERY_STRING=
                            REQUEST_METHOD=POST
                            REQUEST_URI=/?
                            SERVER_PROTOCOL=HTTP/1.1
                            --
                            a\0b
                            c\u00ff\
                            """);

            Map<String, String> permitted = PoolClient.params("GET", "");
            assertThat(client.send(ClientRequest.of(Role.AUTHORIZER, permitted))).isEmpty();
            Map<String, String> denied = PoolClient.params("GET", "deny");
            assertThat(client.send(ClientRequest.of(Role.AUTHORIZER, denied)))
                    .startsWith("403 FCGI_ROLE=AUTHORIZER\nQUERY_STRING=deny\n");

            Map<String, String> filtered = PoolClient.params("POST", "");
            filtered.put("CONTENT_LENGTH", "4");
            filtered.put("FCGI_DATA_LAST_MOD", "0");
            filtered.put("FCGI_DATA_LENGTH", "9");
            assertThat(
                            client.send(
                                    new ClientRequest(
                                            Role.FILTER,
                                            filtered,
                                            PoolClient.bytes("body"),
                                            PoolClient.bytes("file\0data"),
                                            false)))
                    .contains("FCGI_DATA_LENGTH=9\nFCGI_ROLE=FILTER\n")
                    .endsWith("\n--\nbody\n--\nfile\0data");
        }
    }

    @Test
    void aWorkerFindsItsSocketAsSystemdPassesIt() throws Exception {
        Path wrapper =
                stage.write(
                        "app.sh",
                        """
                        #!/bin/sh
                        [ "$LISTEN_FDS" = 1 ] && [ "$LISTEN_PID" = $$ ] || exit 9
                        exec 0</dev/null
                        exec "$1" <&3
                        """);
        assertThat(wrapper.toFile().setExecutable(true, false)).isTrue();
        String accepts = "import socket; socket.socket(fileno=3).accept()[0].recv(1)";
        stage.monitor(
                "{'id': 'app', 'exec': ['%s', '%s'], 'pass': 'listen_fds', 'listen': '%s'}"
                        .formatted(wrapper, program, stage.file("app.sock")),
                "{'id': 'py', 'exec': ['python3', '-c', '%s'], 'pass': 'listen_fds', 'listen': '%s'}"
                        .formatted(accepts, stage.file("py.sock")));
        try (PoolClient client = PoolClient.ofPath(stage.file("app.sock"))) {
            assertThat(client.get("n=1")).startsWith("n=1 ");
        }
        // It accepts on descriptor 3, and is ready nevertheless.
        patiently()
                .until(() ->
                        stage.cli("explain", "py") == 0
                                && Files.readString(stage.file("cli.log"))
                                        .contains("its worker is idle"));
    }

    @Test
    void theOutputOfAPoolIsThatOfItsWorkers() throws Exception {
        Path wrapper =
                stage.write("app.sh", "#!/bin/sh\necho \"here is $PROCMON_ID\"\nexec \"$1\"\n");
        assertThat(wrapper.toFile().setExecutable(true, false)).isTrue();
        stage.monitor(
                "{'id': 'app', 'exec': ['%s', '%s'], 'mode': 'static', 'workers': 2, 'listen': '%s'}"
                        .formatted(wrapper, program, stage.file("app.sock")));
        String both =
                """
                ==> app.1 <==
                here is app.1

                ==> app.2 <==
                here is app.2
                """;
        patiently()
                .until(() ->
                        stage.cli("tail", "app") == 0
                                && Files.readString(stage.file("cli.log")).equals(both));
        String procmon = PeerPrograms.product().resolve("bin/procmon").toString();
        PeerProcess tail = stage.start("tail", procmon, "tail", "-f", "app");
        patiently().until(() -> tail.log().contains("here is app.2"));
        assertThat(stage.cli("scale", "app", "3")).isZero();
        patiently().until(() -> tail.log().contains("==> app.3 <==\nhere is app.3\n"));
        assertThat(stage.cli("tail", "none")).isNotZero();
        assertThat(Files.readString(stage.file("cli.log"))).contains("there is no process 'none'");
        stage.stop(tail);
    }
}
