package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How seldom the monitor wakes for a pool, and what it leaves alone. */
@Timeout(180)
class QuietPoolIT {
    /** Of 600 requests; a watch that fires for each would wake it at least as often as that. */
    private static final long FEW = 150;

    /** It is armed again each 100 ms at last, and wakes the thread once before and once after. */
    private static final long MOST_A_SECOND = 50;

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
    void aWarmPoolServesWithoutTheMonitor() throws Exception {
        PeerProcess monitor = pool(program, "'mode': 'static', 'workers': 4");
        awaitWorkers(4);
        PoolThreadSwitches switches = PoolThreadSwitches.of(monitor.pid());
        awaitQuiet(switches);
        try (PoolClient client = client()) {
            assertThat(ParallelLoad.of(1, 100, client::get).failures()).isEmpty();
            long before = switches.count();
            ParallelLoad load = ParallelLoad.of(1, 600, client::get);
            long woken = switches.count() - before;
            assertThat(load.failures()).isEmpty();
            assertThat(woken).isBetween(0L, FEW);
        }
    }

    /** Workers take each client before the monitor's thread gets a processor. */
    @Test
    void aWarmPoolServesWithoutTheMonitorOnABusyMachine() throws Exception {
        PeerProcess monitor = pool(program, "'mode': 'static', 'workers': 4");
        awaitWorkers(4);
        PoolThreadSwitches switches = PoolThreadSwitches.of(monitor.pid());
        awaitQuiet(switches);
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            var _ = stage.start("busy" + i, "sh", "-c", "while :; do :; done");
        }
        try (PoolClient client = client()) {
            assertThat(ParallelLoad.of(1, 100, client::get).failures()).isEmpty();
            long before = switches.count();
            long begun = System.nanoTime();
            for (int round = 0; round < 5; round++) {
                assertThat(ParallelLoad.of(1, 600, client::get).failures()).isEmpty();
            }
            long woken = switches.count() - before;
            long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds() + 1;
            assertThat(woken).isBetween(0L, MOST_A_SECOND * seconds);
        }
    }

    @Test
    void anIdlePoolNeverWakesTheMonitor() throws Exception {
        PeerProcess monitor = pool(program, "'mode': 'static', 'workers': 2");
        awaitWorkers(2);
        PoolThreadSwitches switches = PoolThreadSwitches.of(monitor.pid());
        awaitQuiet(switches);
        long before = switches.count();
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(4))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> switches.count() == before);
    }

    /** What follows a start is over when it has been quiet for a second. */
    private void awaitQuiet(PoolThreadSwitches switches) {
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(60))
                .until(() -> unchanged(switches));
    }

    private long lastSeen = -1;

    private boolean unchanged(PoolThreadSwitches switches) throws IOException {
        long seen = switches.count();
        boolean isSame = seen == lastSeen;
        lastSeen = seen;
        return isSame;
    }

    @Test
    void aStreamIsNotCutOffWhenThePoolIsIdleOtherwise() throws Exception {
        pool(program, "'mode': 'ondemand', 'workers': 3, 'idle_timeout': '1s'");
        try (PoolClient client = client()) {
            assertThat(client.get("stream=3000")).isEqualTo(".".repeat(30) + "end");
        }
        patiently().until(() -> stage.workers("app").isEmpty());
    }

    /** It would take wake-ups away from workers that wait in accept. */
    @Test
    void noListenerIsWatchedExclusively() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<String> watching =
                    files.filter(file -> file.toString().endsWith(".java"))
                            .map(QuietPoolIT::code)
                            .filter(code -> code.contains("epoll_ctl"))
                            .toList();
            assertThat(watching)
                    .isNotEmpty()
                    .allSatisfy(code ->
                            assertThat(code)
                                    .doesNotContainIgnoringCase(
                                            "exclusive", "1 << 28", "0x10000000", "02000000000"));
        }
    }

    private static String code(Path source) {
        try {
            return Files.readString(source)
                    .replaceAll("(?s)/\\*.*?\\*/", "")
                    .replaceAll("//.*", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
