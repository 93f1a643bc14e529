package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.BadStage.patiently;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More clients than a pool may let wait, and pools that do not serve: 503. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverloadIT {
    private final int timedPort = BadStage.freePort();
    private final int stoppedPort = BadStage.freePort();
    private final int hungUpPort = BadStage.freePort();
    private final BadStage stage;

    OverloadIT(@TempDir Path folder) throws Exception {
        String two = "'workers': 2";
        String one = "'workers': 1";
        String full = "'queue': {'max': 2, 'retry_after': '7s'}";
        String timed = "'queue': {'timeout': '500ms'}, 'patience': '1s'";
        stage =
                new BadStage(
                        folder,
                        pool("nginx", "DIR/nginx", two, full),
                        pool("lighttpd", "DIR/lighttpd", two, full),
                        pool("oldest", "DIR/oldest", one, full),
                        pool("unix", "DIR/unix", two, timed),
                        pool("tcp", "127.0.0.1:" + timedPort, two, timed),
                        pool("stopped", "127.0.0.1:" + stoppedPort, one),
                        pool("waits", "DIR/waits", two, "'when_stopped': 'wait'"),
                        pool("hung-unix", "DIR/hung-unix", one, full),
                        pool("hung-tcp", "127.0.0.1:" + hungUpPort, one, full));
    }

    @AfterAll
    void close() throws Exception {
        stage.close();
    }

    private static String pool(String id, String listen, String... keys) {
        String start =
                "{'id': '%s', 'exec': ['BAD', 'serve'], 'listen': '%s', 'mode': 'static', "
                        .formatted(id, listen);
        return start + String.join(", ", keys) + "}";
    }

    private static SocketAddress tcp(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "lighttpd"})
    void clientsBeyondTheQueueGet503ThroughWebServersAndTheOthersAreServed(String server)
            throws Exception {
        stage.awaitRunning(server, 2);
        int port =
                server.equals("nginx")
                        ? stage.nginx("", "location / { fastcgi_pass unix:DIR/nginx; }")
                        : stage.lighttpd("lighttpd");
        List<OverloadRequest> stuck =
                OverloadRequest.sendAll(stage.socket(server), stage.hold(server), 2);
        stage.awaitBusy(server, 2);
        try (HttpClient http = HttpClient.newHttpClient()) {
            List<CompletableFuture<HttpResponse<String>>> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                URI uri = URI.create("http://127.0.0.1:" + port + "/");
                clients.add(
                        http.sendAsync(
                                HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()));
            }
            patiently()
                    .until(() -> clients.stream().filter(CompletableFuture::isDone).count() == 3);
            stage.release(server);
            List<HttpResponse<String>> answers =
                    clients.stream().map(CompletableFuture::join).toList();
            assertThat(answers).filteredOn(one -> one.statusCode() == 200).hasSize(2);
            assertThat(answers)
                    .filteredOn(one -> one.statusCode() == 503)
                    .hasSize(3)
                    .allSatisfy(one -> {
                        assertThat(one.headers().firstValue("Retry-After")).contains("7");
                        assertThat(one.body()).contains("Too many requests");
                    });
        }
        for (OverloadRequest one : stuck) {
            assertThat(one.answer().isServed()).isTrue();
        }
        assertThat(stage.log()).contains("pool: " + server + " clients are refused");
    }

    @Test
    void theOldestClientsAreRefused() throws Exception {
        stage.awaitRunning("oldest", 1);
        OverloadRequest stuck = OverloadRequest.send(stage.socket("oldest"), stage.hold("oldest"));
        stage.awaitBusy("oldest", 1);
        List<OverloadRequest> waiting = OverloadRequest.sendAll(stage.socket("oldest"), "", 5);
        for (OverloadRequest one : waiting.subList(0, 3)) {
            assertThat(one.answer().isRefused()).as("%s", one.answer()).isTrue();
        }
        stage.release("oldest");
        for (OverloadRequest one : waiting.subList(3, 5)) {
            assertThat(one.answer().isServed()).as("%s", one.answer()).isTrue();
        }
        assertThat(stuck.answer().isServed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "tcp"})
    void clientsThatHaveWaitedTooLongGet503(String id) throws Exception {
        stage.awaitRunning(id, 2);
        SocketAddress address = id.equals("tcp") ? tcp(timedPort) : stage.socket(id);
        List<OverloadRequest> stuck = OverloadRequest.sendAll(address, stage.hold(id), 2);
        // When one is refused, the workers are known to be busy.
        patiently().until(() -> OverloadRequest.ask(address, "").isRefused());
        List<OverloadRequest> waiting = OverloadRequest.sendAll(address, "", 4);
        for (OverloadRequest one : waiting) {
            OverloadRequest.Answer answer = one.answer();
            System.out.println(id + ": refused after " + answer.took());
            assertThat(answer.isRefused()).as("%s", answer).isTrue();
            assertThat(answer.took()).isBetween(Duration.ofMillis(450), Duration.ofSeconds(5));
        }
        OverloadRequest.closeAll(stuck);
        stage.release(id);
    }

    @Test
    void aStoppedPoolRefusesAndALargeBodyDoesNotLoseTheAnswer() throws Exception {
        stage.awaitRunning("stopped", 1);
        stage.procmon("stop", "stopped");
        OverloadRequest.Answer answer =
                OverloadRequest.send(tcp(stoppedPort), "", 20 << 20).answer();
        assertThat(answer.isRefused()).as("%s", answer).isTrue();
        assertThat(answer.broken()).isNull();

        int port = stage.nginx("", "location / { fastcgi_pass 127.0.0.1:" + stoppedPort + "; }");
        HttpRequest post =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[20 << 20]))
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(post, BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("stopped");
        }
        stage.procmon("start", "stopped");
        assertThat(OverloadRequest.ask(tcp(stoppedPort), "").isServed()).isTrue();
    }

    @Test
    void clientsOfAStoppedPoolWaitForItsStartIfItSaysSo() throws Exception {
        stage.awaitRunning("waits", 2);
        stage.procmon("stop", "waits");
        stage.awaitRunning("waits", 0);
        List<OverloadRequest> waiting = OverloadRequest.sendAll(stage.socket("waits"), "", 6);
        stage.procmon("start", "waits");
        for (OverloadRequest one : waiting) {
            assertThat(one.answer().isServed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hung-unix", "hung-tcp"})
    void aClientThatHungUpWhileItWaitedIsDroppedInPlaceOfOthers(String id) throws Exception {
        stage.awaitRunning(id, 1);
        SocketAddress address = id.equals("hung-tcp") ? tcp(hungUpPort) : stage.socket(id);
        OverloadRequest stuck = OverloadRequest.send(address, stage.hold(id));
        stage.awaitBusy(id, 1);
        List<OverloadRequest> gone = OverloadRequest.sendAll(address, "", 2);
        OverloadRequest.closeAll(gone);
        List<OverloadRequest> others = OverloadRequest.sendAll(address, "", 2);
        stage.awaitWaiting(id, 2);
        stage.release(id);
        for (OverloadRequest one : others) {
            assertThat(one.answer().isServed()).as("%s", one.answer()).isTrue();
        }
        assertThat(stuck.answer().isServed()).isTrue();
    }
}
