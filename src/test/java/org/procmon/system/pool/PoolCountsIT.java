package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How many workers start for many requests, of which none fails. */
@Timeout(180)
class PoolCountsIT {
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

    /** Starts a pool with the socket {@code s}; each start of a worker is a line of a file. */
    private PeerProcess pool(Path exec, String keys) throws IOException {
        String script = "echo >>%s; exec %s".formatted(stage.file("starts"), exec);
        return stage.monitor(
                "{'id': 'app', 'exec': ['sh', '-c', '%s'], 'listen': '%s', %s}"
                        .formatted(script, stage.file("s"), keys));
    }

    private int starts() throws IOException {
        return Files.readAllLines(stage.file("starts")).size();
    }

    private PoolClient client() {
        return PoolClient.ofPath(stage.file("s"));
    }

    private void awaitWorkers(int count) {
        patiently().until(() -> stage.workers("app").size() == count);
        patiently()
                .until(() ->
                        stage.workers("app").stream()
                                .noneMatch(pid -> PoolStage.words(pid, "cmdline").contains("sh")));
    }

    @Test
    void aHundredClientsAtOnceStartExactlyAsManyWorkersAsAreAllowed() throws Exception {
        pool(program, "'mode': 'ondemand', 'workers': 8");
        try (PoolClient client = client()) {
            ParallelLoad load =
                    ParallelLoad.of(
                            100,
                            20,
                            query ->
                                    client.get(query.replace("n=", "wait=1&n="))
                                            .replace("wait=1&", ""));
            assertThat(load.failures()).isEmpty();
            assertThat(load.served()).isEqualTo(2000);
            assertThat(load.workers()).hasSize(8);
            assertThat(starts()).isEqualTo(8);
        }
    }

    @Test
    void aPoolWithoutAWorkerGetsAnIdleOneOfItsShare() throws Exception {
        String pool =
                "{'id': '%s', 'exec': '%s', 'listen': '%s', 'mode': 'ondemand',"
                        + " 'idle_timeout': '10m', 'workers': {'max': %d, 'share': 'both'}}";
        PeerProcess monitor =
                stage.configured(
                        "{'shares': {'both': 2}, 'pools': [%s, %s]}"
                                .formatted(
                                        pool.formatted("shop", program, stage.file("shop"), 8),
                                        // On a busy machine its client waits for long enough to
                                        // ask for a second one.
                                        pool.formatted("blog", program, stage.file("blog"), 1)));
        try (PoolClient shop = PoolClient.ofPath(stage.file("shop"));
                PoolClient blog = PoolClient.ofPath(stage.file("blog"))) {
            ParallelLoad load =
                    ParallelLoad.of(
                            8,
                            20,
                            query ->
                                    shop.get(query.replace("n=", "wait=1&n="))
                                            .replace("wait=1&", ""));
            assertThat(load.failures()).isEmpty();
            assertThat(load.workers()).hasSize(2);
            assertThat(stage.workers("shop")).hasSize(2);

            ParallelLoad other = ParallelLoad.of(1, 20, blog::get);
            assertThat(other.failures()).isEmpty();
            assertThat(other.workers()).hasSize(1);
            patiently().until(() -> stage.workers("shop").size() == 1);
        }
        assertThat(monitor.log()).contains("the share 'both' is full").doesNotContain("ERROR");
    }

    @Test
    void noneOfTwentyThousandRequestsFails() throws Exception {
        pool(program, "'mode': 'static', 'workers': 4");
        try (PoolClient client = client()) {
            ParallelLoad load = ParallelLoad.of(8, 2500, client::get);
            assertThat(load.failures()).isEmpty();
            assertThat(load.served()).isEqualTo(20_000);
        }
        assertThat(starts()).isEqualTo(4);
    }

    @Test
    void aSingleClientNeedsASingleWorker() throws Exception {
        pool(program, "'mode': 'ondemand', 'workers': 8");
        try (PoolClient client = client()) {
            assertThat(ParallelLoad.of(1, 2000, client::get).failures()).isEmpty();
        }
        assertThat(starts()).isEqualTo(1);
    }

    /** That is no crash: the next one starts at once, and no client notices. */
    @Test
    void phpThatEndsByItselfIsReplacedWithoutABackoff() throws Exception {
        Path script = PeerPrograms.source(folder, "pool-app.php");
        PeerProcess monitor =
                pool(
                        Path.of(PeerPrograms.find("php-cgi", "php-cgi")),
                        "'mode': 'static', 'workers': 2, 'env': {'PHP_FCGI_MAX_REQUESTS': '500'},"
                                // One that came after a failure would be later than the test.
                                + " 'backoff': {'initial': '10m', 'max': '10m'}");
        try (PoolClient client = client()) {
            ParallelLoad load = ParallelLoad.of(6, 500, query -> client.get(query, script));
            assertThat(load.failures()).isEmpty();
            assertThat(load.workers()).hasSizeGreaterThanOrEqualTo(6);
        }
        awaitWorkers(2);
        assertThat(monitor.log()).doesNotContain("ERROR", "have failed");
    }
}
