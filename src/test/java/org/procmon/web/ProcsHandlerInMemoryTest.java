package org.procmon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.control.client.InMemoryMonitor;
import org.procmon.control.protocol.EventBatch;
import org.procmon.control.protocol.EventLine;
import org.procmon.fastcgi.RecordedFailures;
import org.procmon.http.CsrfGuard;
import org.procmon.http.RecordedResponse;

/** The handler without any socket: neither a web server's nor a monitor's. */
@Timeout(30)
class ProcsHandlerInMemoryTest {
    private final InMemoryMonitor monitor = new InMemoryMonitor("web", "db");
    private final RecordedFailures bugs = new RecordedFailures();
    private final ProcsHandler handler =
            new ProcsHandler(
                    monitor,
                    new CsrfGuard(Set.of(), "allow the name"),
                    "",
                    1024,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(25),
                    bugs);

    @AfterEach
    void end() {
        handler.close();
        assertThat(bugs.seen()).isEmpty();
        assertThat(monitor.connections()).isZero();
    }

    private RecordedResponse ask(String method, String query, String body, String... more)
            throws IOException {
        RecordedResponse response = new RecordedResponse();
        handler.handle(RecordedResponse.request(method, query, body, more), response);
        return response;
    }

    private RecordedResponse get(String query, String... more) throws IOException {
        return ask("GET", query, "", more);
    }

    @Test
    void listsAndShowsProcesses() throws IOException {
        assertThat(get("list").body())
                .isEqualTo(
                        "[{\"name\": \"web\",\"pid\": 100,\"runcount\": 1,\"since\":"
                                + " \"0s\",\"state\": \"running\",\"exec\": \"run web\"},{\"name\":"
                                + " \"db\",\"pid\": 100,\"runcount\": 1,\"since\": \"0s\",\"state\":"
                                + " \"running\",\"exec\": \"run db\"}]");
        assertThat(get("status=db").body()).startsWith("{\"name\":\"db\",\"state\":\"running\"");
        assertThat(get("status").body()).startsWith("[{\"name\":\"web\"");
        assertThat(get("explain=web").body()).startsWith("{\"process\":{\"name\":\"web\"");
        assertThat(get("output=web").body()).isEqualTo("web writes\n");
        assertThat(monitor.calls)
                .containsExactly(
                        "list", "status db", "status", "pools", "explain web", "output web");
    }

    @Test
    void aSenderThatMayOnlyReadChangesNothing() throws IOException {
        assertThat(get("list", "PROCMON_ROLE", "read").status()).isEqualTo("200 OK");
        assertThat(get("stop=db", "PROCMON_ROLE", "read").status()).startsWith("403 ");
        assertThat(ask("POST", "", "list&stop=db", "PROCMON_ROLE", "read").status())
                .startsWith("403 ");
        assertThat(monitor.calls).containsExactly("list");
    }

    @Test
    void changesAreSentForTheUserAndShownAfterwards() throws IOException {
        RecordedResponse stopped =
                get("stop=db", "REMOTE_USER", "eve", "HTTP_ACCEPT", "application/json");
        assertThat(stopped.status()).isEqualTo("200 OK");
        assertThat(stopped.field("Content-Type")).isEqualTo("application/json; charset=utf-8");
        assertThat(stopped.body()).contains("\"state\":\"stopped\"");
        assertThat(ask("POST", "", "restart=db").body()).isEqualTo("restarting db\n");
        assertThat(get("status=db").body()).contains("\"runcount\":2");
        assertThat(monitor.calls).containsExactly("stop db for eve", "restart db", "status db");
    }

    @Test
    void stopsAtTheFirstCommandThatFails() throws IOException {
        RecordedResponse response = get("stop=web&start=nothing&stop=db");
        assertThat(response.status()).isEqualTo("404 Not Found");
        assertThat(response.body())
                .isEqualTo("{\"status\": 404, \"description\" : \"No such process: nothing\"}");
        assertThat(monitor.calls).containsExactly("stop web", "start nothing");
    }

    @Test
    void aHeadShowsTheLengthAndChangesNothing() throws IOException {
        RecordedResponse head = ask("HEAD", "list", "");
        assertThat(head.body()).isEmpty();
        assertThat(head.field("Content-Length")).isEqualTo("" + get("list").body().length());
        assertThat(ask("HEAD", "stop=web", "").field("Allow")).isEqualTo("GET, POST");
        assertThat(monitor.calls).doesNotContain("stop web");
    }

    @Test
    void aQueryIsRepeatedOnANewConnectionWhenTheMonitorWasReplacedAChangeIsNot()
            throws IOException {
        assertThat(get("list").status()).isEqualTo("200 OK");
        monitor.die(true);
        assertThat(get("status").status()).isEqualTo("200 OK");
        assertThat(monitor.calls).containsExactly("list", "status", "status", "pools");
        monitor.die(true);
        assertThat(get("stop=web").status()).isEqualTo("200 OK");
        assertThat(monitor.calls).hasSize(5).last().isEqualTo("stop web");
    }

    @Test
    void withoutAMonitorAClientIsToldToComeBack() throws IOException {
        monitor.die(false);
        RecordedResponse response = get("list");
        assertThat(response.status()).isEqualTo("503 Service Unavailable");
        assertThat(response.field("Retry-After")).isEqualTo("1");
        assertThat(response.body()).contains("there is no monitor");
    }

    @Test
    void eventsAreStreamedUntilTheClientLeaves() throws Exception {
        RecordedResponse response = new RecordedResponse();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> handled =
                    threads.submit(() -> {
                        handler.handle(
                                RecordedResponse.request(
                                        "GET", "events=web", "", "HTTP_LAST_EVENT_ID", "7"),
                                response);
                        return null;
                    });
            await().until(() -> response.body().equals("id: 7\nretry: 1000\n\n"));
            EventLine event = new EventLine(8, "2026-01-01T00:00:00Z", "state", "up", "{}");
            monitor.events.add(new EventBatch(List.of(event), 8, false));
            await().until(() -> response.body().endsWith("id: 8\nevent: state\ndata: {}\n\n"));
            assertThat(response.field("Content-Type")).startsWith("text/event-stream");
            response.leave();
            monitor.endEvents();
            handled.get();
        }
        assertThat(monitor.calls).containsExactly("watch 7 web");
    }

    @Test
    void pagesOfOtherSitesChangeNothing() throws IOException {
        RecordedResponse response =
                ask("POST", "stop=web", "", "HTTP_SEC_FETCH_SITE", "cross-site");
        assertThat(response.status()).isEqualTo("403 Forbidden");
        assertThat(monitor.calls).isEmpty();
    }
}
