package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.BadStage.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.status.fields.ProcessRow;

/** Workers that end or grow while they serve. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestsIT {
    private static final String GOOD =
            "{'id': 'good', 'exec': ['BAD', 'serve'], 'listen': 'DIR/good', 'mode': 'static',"
                    + " 'workers': 1}";

    private final Path folder;
    private final BadStage stage;

    BadRequestsIT(@TempDir Path folder) throws Exception {
        this.folder = folder;
        stage =
                new BadStage(
                        folder,
                        GOOD,
                        "{'id': 'crash', 'exec': ['sh', '-c', 'echo >>DIR/starts; exec BAD serve'],"
                                + " 'listen': 'DIR/crash', 'mode': 'static', 'workers': 2}",
                        "{'id': 'once', 'exec': ['BAD', 'once'], 'listen': 'DIR/once',"
                                + " 'mode': 'static', 'workers': 4}",
                        "{'id': 'php', 'exec': 'php-cgi', 'listen': 'DIR/php', 'mode': 'static',"
                                + " 'workers': 2, 'env': {'PHP_FCGI_MAX_REQUESTS': '5'}}",
                        "{'id': 'fat', 'exec': ['BAD', 'serve'], 'listen': 'DIR/fat',"
                                + " 'mode': 'static', 'workers': 2, 'memory_max': '60MiB'}",
                        "{'id': 'grow', 'exec': ['BAD', 'serve'], 'listen': 'DIR/grow',"
                                + " 'mode': 'static', 'workers': 2,"
                                + " 'retire': 'freeze', 'recycle': {'memory': '60MiB'}}",
                        "{'id': 'old', 'exec': ['BAD', 'serve'], 'listen': 'DIR/old',"
                                + " 'mode': 'static', 'workers': 2,"
                                + " 'retire': 'freeze', 'recycle': {'age': '4s'}}");
    }

    @AfterAll
    void close() throws Exception {
        stage.close();
    }

    private static List<Integer> pids(List<ProcessRow> rows) {
        return rows.stream().map(ProcessRow::pid).toList();
    }

    @Test
    void aPoolWhoseWorkersCrashOnEachRequestStartsFewAndServesAgain() throws Exception {
        stage.awaitRunning("crash", 2);
        stage.awaitRunning("good", 1);
        long begun = System.nanoTime();
        int refused = 0;
        int broken = 0;
        try (SteadyClients _ = new SteadyClients(stage.socket("good"), 1, "sleep=10")) {
            while (broken < 12 && System.nanoTime() - begun < 15_000_000_000L) {
                OverloadRequest.Answer answer = OverloadRequest.ask(stage.socket("crash"), "abort");
                if (answer.isRefused()) {
                    refused++;
                } else {
                    broken++;
                }
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        int starts = stage.lines("starts");
        System.out.printf(
                "%d starts in %.1f s, %d refused, %d broken%n", starts, seconds, refused, broken);
        assertThat(starts).isGreaterThan(2).isLessThan(12 + (int) (6 * seconds));
        patiently().until(() -> OverloadRequest.ask(stage.socket("crash"), "").isServed());
    }

    @Test
    void workersThatExitWithSuccessAfterEachRequestAreReplacedWithoutBackoff() throws Exception {
        stage.awaitRunning("once", 4);
        try (SteadyClients clients = new SteadyClients(stage.socket("once"), 2, "")) {
            patiently().until(() -> clients.served() >= 40);
        }
        patiently()
                .untilAsserted(() ->
                        assertThat(stage.workers("once"))
                                .hasSize(4)
                                .allMatch(row -> row.state().equals("running")));
    }

    @Test
    void phpExitsAfterItsRequestsWithoutBackoff() throws Exception {
        Files.writeString(folder.resolve("ok.php"), "<?php echo 'ok';");
        stage.awaitRunning("php", 2);
        String script = folder.resolve("ok.php").toString();
        try (SteadyClients clients = new SteadyClients(stage.socket("php"), 2, script)) {
            patiently().until(() -> clients.served() >= 60);
        }
        stage.awaitRunning("php", 2);
        long runs = stage.workers("php").stream().mapToLong(ProcessRow::runcount).sum();
        assertThat(runs).isGreaterThanOrEqualTo(10);
        assertThat(stage.log().lines().filter(line -> line.contains(" php")))
                .noneMatch(line -> line.contains(" WARN process") || line.contains("ERROR"));
    }

    @Test
    void aWorkerThatExceedsMemoryMaxIsEndedAlone() throws Exception {
        List<Integer> before = pids(stage.awaitRunning("fat", 2));
        OverloadRequest fat = OverloadRequest.send(stage.socket("fat"), "grow=100");
        patiently()
                .until(() ->
                        stage.running("fat").size() == 2
                                && !pids(stage.running("fat")).equals(before));
        fat.close();
        assertThat(pids(stage.running("fat")))
                .filteredOn(before::contains)
                .as("the other one")
                .hasSize(1);
        OverloadRequest.Answer answer = OverloadRequest.ask(stage.socket("fat"), "");
        assertThat(answer.isServed()).as("%s", answer).isTrue();
    }

    @Test
    void aWorkerThatGrowsIsReplacedAndNoRequestFails() throws Exception {
        List<Integer> before = pids(stage.awaitRunning("grow", 2));
        try (SteadyClients _ = new SteadyClients(stage.socket("grow"), 2, "sleep=5")) {
            assertThat(OverloadRequest.ask(stage.socket("grow"), "grow=80").isServed()).isTrue();
            patiently()
                    .until(() ->
                            stage.running("grow").size() == 2
                                    && stage.running("grow").stream()
                                                    .filter(row -> before.contains(row.pid()))
                                                    .count()
                                            == 1);
        }
        assertThat(stage.log()).containsPattern("a worker is replaced cause=.grow\\.[12]: memory");
    }

    @Test
    void aWorkerThatIsOldIsReplacedAndNoRequestFails() throws Exception {
        patiently().until(() -> stage.running("old").size() >= 2);
        List<Integer> before = pids(stage.running("old"));
        try (SteadyClients _ = new SteadyClients(stage.socket("old"), 2, "sleep=5")) {
            patiently()
                    .until(() ->
                            stage.running("old").size() >= 2
                                    && stage.running("old").stream()
                                            .noneMatch(row -> before.contains(row.pid())));
        }
        assertThat(stage.log()).containsPattern("a worker is replaced cause=.old\\.[12]: age");
    }
}
