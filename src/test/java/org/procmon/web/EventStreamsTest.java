package org.procmon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.OnBehalf;
import org.procmon.fastcgi.ResponderLimits;
import org.procmon.web.WebServer.Answer;

/** Events as the web server gets them. */
@Timeout(60)
class EventStreamsTest extends Serving {
    private static final String HEAD =
            """
            Status: 200 OK\r
            Content-Type: text/event-stream; charset=utf-8\r
            Cache-Control: no-store\r
            X-Content-Type-Options: nosniff\r
            X-Accel-Buffering: no\r
            \r
            """;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void eventsAreSentAsTheyComeUntilTheMonitorEnds() throws Exception {
        String first =
                "{\"parameters\":{\"events\":[],\"last\":41,\"missed\":false},\"continues\":true}";
        FakeMonitor monitor =
                monitor(_ -> Optional.of(first + "\0" + batch(42, true) + "\0" + batch(43, false)));
        CompletableFuture<Answer> answer = ask("events");
        await().until(() -> !monitor.calls.isEmpty());
        Answer whole = answer.get(20, TimeUnit.SECONDS);
        assertThat(whole.head()).isEqualTo(HEAD);
        assertThat(whole.body())
                .isEqualTo(
                        "id: 41\nretry: 1000\n\nevent: missed\ndata: {}\n\n"
                                + "id: 42\nevent: state\ndata: "
                                + event(42)
                                + "\n\nid: 43\nevent: state\ndata: "
                                + event(43)
                                + "\n\n");
        Call call = monitor.calls.getFirst();
        assertThat(call.method()).isEqualTo("org.procmon.Monitor.Watch");
        assertThat(call.more()).isTrue();
        assertThat(call.since()).isEmpty();
        assertThat(call.onBehalf()).hasValue(new OnBehalf("", ""));
    }

    @Test
    void resumesAfterTheClientsLastEvent() throws Exception {
        FakeMonitor monitor = monitor(_ -> Optional.of(batch(8, false)));
        ask(
                        "events=web",
                        "HTTP_LAST_EVENT_ID",
                        "7",
                        "REMOTE_USER",
                        "ad\u00c3\u00a4",
                        "REMOTE_ADDR",
                        "10.0.0.1")
                .get(20, TimeUnit.SECONDS);
        Call call = monitor.calls.getFirst();
        assertThat(call.since()).hasValue(7);
        assertThat(call.names()).containsExactly("web");
        assertThat(call.onBehalf()).hasValue(new OnBehalf("ad\u00e4", "10.0.0.1"));
        ask("events", "HTTP_LAST_EVENT_ID", "junk").get(20, TimeUnit.SECONDS);
        assertThat(monitor.calls.getLast().since()).hasValue(0);
    }

    @Test
    void aRefusalIsAnOrdinaryAnswer() throws Exception {
        monitor(_ -> Optional.of(FakeMonitor.error("NotPermitted", "", "no such right")));
        assertThat(web.get("events")).isEqualTo(error(403, "Forbidden", "no such right"));
    }

    @Test
    void aNameThatNothingHasIsNotFound() throws Exception {
        monitor(_ -> Optional.of(FakeMonitor.error("NoSuchProcess", "wbe", "")));
        assertThat(web.get("events=wbe"))
                .isEqualTo(error(404, "Not Found", "No such process: wbe"));
    }

    @Test
    void withoutAMonitorItIsAway() throws Exception {
        assertThat(web.get("events").status()).isEqualTo("503 Service Unavailable");
    }

    @Test
    void streamsLeaveRoomForOtherRequestsAndOtherAddresses() throws Exception {
        FakeMonitor monitor =
                monitor(call ->
                        call.method().endsWith("Watch")
                                ? Optional.of(
                                        batch(1, false).replace("}}", "},\"continues\":true}"))
                                : FakeMonitor.usual(call));
        int mostOfOne = EventStreams.MOST * 3 / 4;
        List<CompletableFuture<Answer>> streams = new ArrayList<>();
        for (int i = 0; i < mostOfOne; i++) {
            // One machine has all the addresses of a network.
            streams.add(ask("events", "REMOTE_ADDR", "2001:db8::" + i));
        }
        await().until(() -> monitor.calls.size() == mostOfOne);
        Answer refused = web.get("events", "REMOTE_ADDR", "2001:db8:0:0:ffff::1");
        assertThat(refused.status()).isEqualTo("503 Service Unavailable");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(web.get("list").body()).isEqualTo(LIST);
        streams.add(ask("events", "REMOTE_ADDR", "2001:db8:0:1::1"));
        streams.add(ask("events", "REMOTE_ADDR", "10.0.0.1"));
        await().until(() -> monitor.calls.size() == mostOfOne + 3);
        assertThat(streams).noneMatch(CompletableFuture::isDone);
        monitor.dropConnections();
        for (CompletableFuture<Answer> stream : streams) {
            assertThat(stream.get(20, TimeUnit.SECONDS).status()).isEqualTo("200 OK");
        }
    }

    @Test
    void clientsThatDoNotReadGiveTheirPlacesBack() throws Exception {
        Duration day = Duration.ofDays(1);
        Duration brief = Duration.ofMillis(500);
        serve(day, new ResponderLimits(1024, 2000, 20, 1 << 20, day, day, day, brief));
        String more =
                batch(1, false)
                                .replace("}}", "},\"continues\":true}")
                                .replace("a\\nb", "x".repeat(8000))
                        + "\0";
        monitor(_ -> Optional.of(more.repeat(100) + batch(2, false)));
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < EventStreams.MOST * 3 / 4; i++) {
            clients.add(web.begin("GET", "events", ""));
        }
        await().atMost(Duration.ofSeconds(40))
                .until(() -> web.get("events").status().equals("200 OK"));
        for (SocketChannel client : clients) {
            client.close();
        }
    }

    private CompletableFuture<Answer> ask(String query, String... more) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return web.get(query, more);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                threads);
    }

    private static String batch(int number, boolean missed) {
        return "{\"parameters\":{\"events\":["
                + event(number)
                + "],\"last\":"
                + number
                + ",\"missed\":"
                + missed
                + "}"
                + (missed ? ",\"continues\":true" : "")
                + "}";
    }

    private static String event(int number) {
        return "{\"number\":" + number + ",\"kind\":\"state\",\"text\":\"a\\nb\"}";
    }
}
