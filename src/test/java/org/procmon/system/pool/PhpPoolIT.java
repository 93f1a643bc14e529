package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** php-cgi in pools behind each web server, by a Unix socket and by TCP. */
@Timeout(180)
class PhpPoolIT {
    private static final int CLIENTS = 16;
    private static final int EACH = 10;
    private static final int WORKERS = 3;

    @TempDir Path folder = Path.of("");
    private PoolStage stage;

    @BeforeEach
    void begin() throws IOException {
        stage = new PoolStage(folder);
    }

    @AfterEach
    void end() throws IOException {
        stage.close();
    }

    @ParameterizedTest
    @EnumSource
    void phpServesManyClientsOfAWebServer(FrontServer server) throws Exception {
        String user = PeerPrograms.areRunByRoot() ? "'user': 'www-data'," : "";
        Map<String, String> addresses = new LinkedHashMap<>();
        StringBuilder pools = new StringBuilder();
        Files.createDirectory(stage.file("www"));
        for (String mode : new String[] {"static", "ondemand"}) {
            for (String kind : new String[] {"path", "tcp"}) {
                String name = mode + "-" + kind;
                String address =
                        kind.equals("path")
                                ? stage.file(name + ".sock").toString()
                                : "127.0.0.1:" + PoolStage.freePort();
                addresses.put(name, address);
                PeerPrograms.source(
                        Files.createDirectory(stage.file("www/" + name)), "pool-app.php");
                pools.append(pools.isEmpty() ? "" : ",\n")
                        .append("{'id': '%s', 'exec': 'php-cgi', %s".formatted(name, user))
                        .append(" 'listen': '%s', 'mode': '%s',".formatted(address, mode))
                        .append(" 'workers': %d}".formatted(WORKERS));
            }
        }
        stage.monitor(pools.toString());
        int port = PoolStage.freePort();
        server.start(stage, port, addresses);
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (String name : addresses.keySet()) {
                boolean isStatic = name.startsWith("static");
                patiently().until(() -> stage.workers(name).size() == (isStatic ? WORKERS : 0));
                String url = "http://127.0.0.1:%d/%s/pool-app.php?".formatted(port, name);
                ParallelLoad load =
                        ParallelLoad.of(CLIENTS, EACH, n -> FrontServer.get(client, url + n));
                assertThat(load.failures()).as(name).isEmpty();
                assertThat(load.served()).isEqualTo(CLIENTS * EACH);
                assertThat(stage.workers(name))
                        .as(name)
                        .hasSizeBetween(1, WORKERS)
                        .containsAll(load.workers());
            }
        }
    }
}
