package org.procmon.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.control.client.ControlClient;
import org.procmon.control.protocol.Call;
import org.procmon.fastcgi.AllowedPeers;
import org.procmon.fastcgi.RecordedFailures;
import org.procmon.fastcgi.Responder;
import org.procmon.fastcgi.ResponderLimits;
import org.procmon.http.CsrfGuard;
import org.procmon.web.WebServer.Answer;

/** {@code fcgi_proc} without its main: a responder on a free port, and a monitor to be faked. */
abstract class Serving {
    static final String LIST =
            "[{\"name\": \"sleep1\",\"pid\": 32583,\"runcount\": 40,\"since\": \"13s\","
                    + "\"state\": \"running\",\"exec\": \"sleep 18\"},"
                    + "{\"name\": \"sleep2\",\"pid\": 4711,\"runcount\": 2,\"since\": \"12m02s\","
                    + "\"state\": \"stopped\",\"exec\": \"sh -c \\\"a \\\\\\\\ b\\\"\"}]";
    static final String JSON = "application/json; charset=utf-8";
    static final String TEXT = "text/plain; charset=utf-8";

    @TempDir Path folder;

    final RecordedFailures bugs = new RecordedFailures();
    final List<AutoCloseable> open = new ArrayList<>();
    Path socket = Path.of("");
    WebServer web = new WebServer(new InetSocketAddress(0));

    @BeforeEach
    void serve() throws IOException {
        serve(Duration.ofSeconds(25));
    }

    void serve(Duration limit) throws IOException {
        serve(limit, ResponderLimits.DEFAULT);
    }

    void serve(Duration limit, ResponderLimits responderLimits) throws IOException {
        socket = folder.resolve("control.sock");
        ProcsHandler procsHandler =
                new ProcsHandler(
                        () -> ControlClient.connect(socket),
                        new CsrfGuard(
                                Set.of("procmon.example"),
                                "allow the name with 'fcgi_proc --host NAME'"),
                        "sleep2",
                        1024,
                        Duration.ofSeconds(20),
                        limit,
                        bugs);
        ServerSocketChannel listener =
                ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 512);
        web = new WebServer(listener.getLocalAddress());
        open.addFirst(procsHandler);
        open.addFirst(
                Responder.serve(listener, procsHandler, responderLimits, AllowedPeers.any(), bugs));
    }

    FakeMonitor monitor(Function<Call, Optional<String>> behaviour) throws IOException {
        FakeMonitor monitor = new FakeMonitor(socket, behaviour);
        open.add(monitor);
        return monitor;
    }

    FakeMonitor monitor() throws IOException {
        return monitor(FakeMonitor::usual);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        assertThat(bugs.seen()).isEmpty();
    }

    static String head(String status, String type, int length, String... more) {
        return "Status: "
                + status
                + "\r\nContent-Type: "
                + type
                + "\r\nContent-Length: "
                + length
                + "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                + String.join("", more)
                + "\r\n";
    }

    static Answer error(int code, String words, String description, String... more) {
        String body = "{\"status\": " + code + ", \"description\" : \"" + description + "\"}";
        return new Answer(head(code + " " + words, "application/json", body.length(), more), body);
    }
}
