package org.procmon.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.procmon.front.FrontStage.code;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.fastcgi.ResponderHandler;

/** Server-sent events of an application, through the front. */
@Timeout(120)
class EventStreamTest {
    private static final long IDLE_MILLIS = 200;
    private static final String END = "end";

    @TempDir Path folder = Path.of("");
    private FrontStage stage;
    private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final CountDownLatch left = new CountDownLatch(1);

    /** Sends what is put into {@code events}. */
    private final ResponderHandler application =
            (_, response) -> {
                response.write("Content-Type: text/event-stream\r\n\r\n".getBytes(ISO_8859_1));
                response.flush();
                try {
                    for (String event = events.take(); !event.equals(END); event = events.take()) {
                        response.write(("data: " + event + "\n\n").getBytes(ISO_8859_1));
                        response.flush();
                    }
                } catch (InterruptedException e) {
                    throw new IOException(e);
                } catch (IOException e) {
                    left.countDown();
                    throw e;
                }
            };

    @BeforeEach
    void begin() {
        stage = new FrontStage(folder);
    }

    @AfterEach
    void end() throws Exception {
        events.add(END);
        stage.close();
    }

    private Front serve(boolean compress) throws IOException {
        return stage.serve(config("/", stage.application("app", application), compress));
    }

    private static String config(String path, String member, boolean compress) {
        return ("{'compress': %s, 'routes': [{'path': '%s', 'application': {'members': ['%s']}}],"
                        + " 'limits': {'headerBytes': 4096, 'bodyBytes': 100,"
                        + " 'requestMillis': 60000, 'idleMillis': %d, 'requests': 10, 'queue': 10, 'queueMillis': 60000,"
                        + " 'connections': 100, 'connectionsPerAddress': 100}}")
                .formatted(compress, path, member, IDLE_MILLIS);
    }

    private Socket subscribe() throws IOException {
        Socket socket = stage.connect();
        socket.getOutputStream()
                .write(
                        "GET / HTTP/1.0\r\nAccept-Encoding: gzip\r\nHost: x\r\n\r\n"
                                .getBytes(ISO_8859_1));
        return socket;
    }

    /** Reads up to the end of an event. */
    private static String next(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\n\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("the stream ended after: " + text);
            }
            text.append((char) c);
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachEventComesAtOnceAndTheStreamOutlivesIdleLimits(boolean compress) throws Exception {
        serve(compress);
        try (Socket socket = subscribe()) {
            InputStream in = socket.getInputStream();
            for (int i = 0; i < 5; i++) {
                // Nothing is sent in either direction for longer than a client may be idle.
                TimeUnit.MILLISECONDS.sleep(2 * IDLE_MILLIS);
                events.add("event " + i);
                assertThat(next(in)).endsWith("data: event " + i + "\n\n");
            }
            events.add(END);
            assertThat(in.read()).isNegative();
        }
    }

    @Test
    void aReloadOfRoutesLeavesItAlone() throws Exception {
        Front front = serve(false);
        try (Socket socket = subscribe()) {
            InputStream in = socket.getInputStream();
            events.add("before");
            assertThat(next(in)).endsWith("data: before\n\n");

            front.reload(stage.config("{'routes': [{'path': '/new', 'control': true}]}"));

            assertThat(code(stage.get("/"))).isEqualTo(404);
            assertThat(code(stage.get("/new"))).isEqualTo(200);
            events.add("after");
            assertThat(next(in)).isEqualTo("data: after\n\n");
            events.add(END);
            assertThat(in.read()).isNegative();
        }
    }

    @Test
    void anApplicationSoonLearnsThatItsClientHasLeft() throws Exception {
        serve(false);
        try (Socket socket = subscribe()) {
            events.add("first");
            assertThat(next(socket.getInputStream())).endsWith("data: first\n\n");
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> {
                    events.add("more");
                    return left.getCount() == 0;
                });
    }

    @Test
    void aClientThatReadsNothingIsEnded() throws Exception {
        serve(false);
        try (Socket _ = subscribe()) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        if (events.size() < 10) {
                            events.add("x".repeat(100_000));
                        }
                        return left.getCount() == 0;
                    });
        }
    }

    @Test
    void aClientThatSendsNoMoreOfItsBodyIsEnded() throws Exception {
        serve(false);
        try (Socket socket = stage.connect()) {
            socket.getOutputStream()
                    .write(
                            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1"
                                    .getBytes(ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answer).doesNotContain(" 200 ");
        }
    }
}
