package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.procmon.system.pool.BadStage.patiently;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.status.fields.ProcessRow;

/** {@code request: slow} and {@code request: timeout}. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadStuckIT {
    private static final String SLOW = "a worker is busy with one request for long";
    private static final String KILLED = "a worker is killed, since one request takes too long";

    private final int port = BadStage.freePort();
    private final BadStage stage;

    BadStuckIT(@TempDir Path folder) throws Exception {
        stage =
                new BadStage(
                        folder,
                        pool("unix", "DIR/unix", "'slow': '500ms', 'timeout': '4s'"),
                        pool("tcp", "127.0.0.1:" + port, "'slow': '500ms', 'timeout': '4s'"),
                        pool("slow", "DIR/slow", "'slow': '500ms'"),
                        pool("spins", "DIR/spins", "'timeout': '1s'"),
                        pool("free", "DIR/free", ""),
                        pool("kept", "DIR/kept", "'slow': '250ms', 'timeout': '1s'"));
    }

    @AfterAll
    void close() throws Exception {
        stage.close();
    }

    private static String pool(String id, String listen, String request) {
        return "{'id': '%s', 'exec': ['BAD', 'serve'], 'listen': '%s', 'mode': 'static',"
                        .formatted(id, listen)
                + " 'workers': 2, 'request': {"
                + request
                + "}}";
    }

    private List<Integer> pids(String pool) throws Exception {
        return stage.running(pool).stream().map(ProcessRow::pid).toList();
    }

    private List<String> lines(String pool, String words) throws IOException {
        return stage.log()
                .lines()
                .filter(line -> line.contains("pool: " + pool + " " + words))
                .toList();
    }

    private void awaitOneReplaced(String pool, List<Integer> before) {
        patiently().until(() -> pids(pool).size() == 2 && !pids(pool).equals(before));
        patiently().until(() -> pids(pool).stream().filter(before::contains).count() == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "tcp"})
    void aStuckWorkerIsReportedOnceThenKilledAloneAndReplaced(String id) throws Exception {
        stage.awaitRunning(id, 2);
        List<Integer> before = pids(id);
        SocketAddress address =
                id.equals("tcp")
                        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                        : stage.socket(id);
        try (OverloadRequest stuck = OverloadRequest.send(address, "sleep=60000")) {
            patiently().until(() -> !lines(id, SLOW).isEmpty());
            assertThat(pids(id)).isEqualTo(before);
            assertThat(knownTimes(id)).isEqualTo(1);
            OverloadRequest.Answer answer = stuck.answer();
            assertThat(answer.hasEnded()).isFalse();
            assertThat(answer.took()).isGreaterThan(Duration.ofSeconds(4));
        }
        awaitOneReplaced(id, before);
        assertThat(lines(id, KILLED)).hasSize(1);
        assertThat(lines(id, SLOW)).hasSize(1);
        assertThat(lines(id, SLOW).getFirst())
                .containsPattern(id + "\\.[12] \\(pid \\d+\\): for \\d+ ms, in clock_nanosleep")
                .contains(" ms of processor time in the last ")
                .contains(", last on stderr: it sleeps | for 60000 ms");
        assertThat(OverloadRequest.ask(address, "").isServed()).isTrue();
    }

    @Test
    void withoutLimitsItIsKnownForHowLongAWorkerIsBusyIfItWasSeenIdleBefore() throws Exception {
        stage.awaitRunning("free", 2);
        OverloadRequest unseen = OverloadRequest.send(stage.socket("free"), stage.hold("free"));
        stage.awaitBusy("free", 1);
        assertThat(knownTimes("free")).isZero();
        OverloadRequest seen = OverloadRequest.send(stage.socket("free"), stage.hold("free"));
        stage.awaitBusy("free", 2);
        assertThat(knownTimes("free")).isEqualTo(1);
        assertThat(stage.procmon("status", "free")).contains(": busy for ", ": busy, ");
        stage.release("free");
        assertThat(unseen.answer().isServed()).isTrue();
        assertThat(seen.answer().isServed()).isTrue();
    }

    private long knownTimes(String pool) throws Exception {
        return stage.pool(pool).workers().stream()
                .flatMap(worker -> worker.activity().stream())
                .filter(activity -> activity.busyMs().isPresent())
                .count();
    }

    @Test
    void aWorkerThatSpinsIsKilledToo() throws Exception {
        stage.awaitRunning("spins", 2);
        List<Integer> before = pids("spins");
        OverloadRequest.Answer answer = OverloadRequest.ask(stage.socket("spins"), "spin");
        assertThat(answer.hasEnded()).isFalse();
        awaitOneReplaced("spins", before);
        assertThat(lines("spins", KILLED)).hasSize(1);
        assertThat(lines("spins", SLOW)).isEmpty();
        assertThat(lines("spins", KILLED).getFirst()).contains(", in no system call");
    }

    @Test
    void aRequestThatIsSlowButEndsIsReportedAndServed() throws Exception {
        stage.awaitRunning("slow", 2);
        List<Integer> before = pids("slow");
        for (int i = 1; i <= 2; i++) {
            assertThat(OverloadRequest.ask(stage.socket("slow"), "sleep=2000").isServed()).isTrue();
            assertThat(lines("slow", SLOW)).hasSize(i);
        }
        assertThat(pids("slow")).isEqualTo(before);
    }

    @Test
    void aConnectionThatNginxKeepsIsNeverSlowAndAStuckRequestOnItIs() throws Exception {
        stage.awaitRunning("kept", 2);
        List<Integer> before = pids("kept");
        int http =
                stage.nginx(
                        "upstream app { server unix:DIR/kept; keepalive 2; }",
                        "location / { fastcgi_keep_conn on; fastcgi_next_upstream off;"
                                + " fastcgi_pass app; }");
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(get(client, http, "")).isEqualTo(200);
            await().during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(30))
                    .pollInSameThread()
                    .until(() -> pids("kept").equals(before));
            assertThat(get(client, http, "")).isEqualTo(200);
            assertThat(lines("kept", SLOW)).isEmpty();
            assertThat(lines("kept", KILLED)).isEmpty();

            assertThat(get(client, http, "sleep=60000")).isEqualTo(502);
            // nginx answers when the worker is dead, maybe before the log says so.
            awaitOneReplaced("kept", before);
            assertThat(lines("kept", KILLED)).hasSize(1);
        }
    }

    private static int get(HttpClient http, int port, String query) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + "/?" + query);
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(40)).build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }
}
