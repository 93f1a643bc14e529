package org.procmon.system.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events over HTTP, through lighttpd to curl. */
@Timeout(60)
class EventStreamIT {
    private static final Pattern ID = Pattern.compile("id: ([0-9]+)\n");

    private final Stage stage;

    EventStreamIT(@TempDir Path folder) {
        stage = new Stage(folder);
    }

    @AfterEach
    void stop() throws Exception {
        stage.close();
    }

    @Test
    void streamsEventsAndResumes() throws Exception {
        stage.monitor(
                "{\"processes\": [{\"id\": \"one\", \"exec\": \"sleep 1000\"},"
                        + " {\"id\": \"two\", \"exec\": \"sleep 1000\"}]}");
        stage.lighttpd("lighttpd.conf");
        stage.await200("?list");

        Running all = stage.askLater("?events", "-N");
        Running one = stage.askLater("?events=one", "-N");
        awaitText(all, "retry: 1000\n\n");
        awaitText(one, "retry: 1000\n\n");
        assertThat(all.log()).contains("HTTP/1.1 200 OK", "Content-Type: text/event-stream");
        assertThat(stage.ask("?restart=one").status()).isEqualTo(200);
        assertThat(stage.ask("?stop=two").status()).isEqualTo(200);
        awaitText(all, "\"method\":\"Stop\",\"names\":[\"two\"]");
        awaitText(one, "\"method\":\"Restart\",\"names\":[\"one\"]");
        assertThat(all.log())
                .contains("event: state\ndata: {\"number\":", "event: command\ndata: {\"number\":")
                .contains("\"http_address\":\"127.0.0.1\"");
        assertThat(one.log()).doesNotContain("\"two\"");

        String last = last(one.log());
        one.stop();
        assertThat(stage.ask("?start=two").status()).isEqualTo(200);
        Running later = stage.askLater("?events", "-N", "-H", "Last-Event-ID: " + last);
        awaitText(later, "\"method\":\"Start\",\"names\":[\"two\"]");
        assertThat(later.log()).contains("id: " + (Long.parseLong(last) + 1) + "\n");
        assertThat(later.log()).doesNotContain("event: missed");

        Running old = stage.askLater("?events", "-N", "-H", "Last-Event-ID: 5");
        awaitText(old, "\r\n\r\nevent: missed\ndata: {}\n\nid: ");
        awaitText(old, "procmon1: began");
    }

    @Test
    void aClientThatGoesAwayLeavesNoStreamBehind() throws Exception {
        stage.monitor("{\"processes\": [{\"id\": \"one\", \"exec\": \"sleep 1000\"}]}");
        stage.lighttpd("lighttpd.conf");
        stage.await200("?list");
        long before = sockets();
        Running[] streams = new Running[5];
        for (int i = 0; i < streams.length; i++) {
            streams[i] = stage.askLater("?events", "-N");
            awaitText(streams[i], "retry: 1000\n\n");
        }
        assertThat(sockets()).isGreaterThan(before);
        for (Running stream : streams) {
            stream.stop();
        }
        // lighttpd notices it by what it cannot send any more.
        Stage.patiently()
                .until(() -> {
                    assertThat(stage.run(stage.procmon(), "restart", "one").code()).isZero();
                    return sockets() <= before;
                });
    }

    @Test
    void eventsStandAloneAndAreOnlyGot() throws Exception {
        stage.monitor("{\"processes\": [{\"id\": \"one\", \"exec\": \"sleep 1000\"}]}");
        stage.lighttpd("lighttpd.conf");
        stage.await200("?list");
        assertThat(stage.ask("?events&list").status()).isEqualTo(400);
        assertThat(stage.ask("?events=a%20b").status()).isEqualTo(400);
        assertThat(stage.ask("", "-d", "events").status()).isEqualTo(405);
        assertThat(
                        stage.ask(
                                        "?events",
                                        "-H",
                                        "Host: evil.example",
                                        "-H",
                                        "Accept-Language: en")
                                .status())
                .isEqualTo(403);
    }

    private long sockets() {
        return ServerProcesses.sockets(stage.responders().getFirst());
    }

    private static String last(String log) {
        Matcher matcher = ID.matcher(log);
        String last = "";
        while (matcher.find()) {
            last = matcher.group(1);
        }
        return last;
    }

    private static void awaitText(Running running, String text) {
        Stage.patiently().untilAsserted(() -> assertThat(running.log()).contains(text));
    }
}
