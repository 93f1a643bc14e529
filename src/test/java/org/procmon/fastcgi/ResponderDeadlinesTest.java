package org.procmon.fastcgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a peer has to do next, its connection does not stay open without it. */
@Timeout(60)
class ResponderDeadlinesTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir Path folder;
    private final RecordedFailures bugs = new RecordedFailures();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final AtomicInteger ended = new AtomicInteger();
    private PrintStream before = System.err;

    @BeforeEach
    void catchTheLog() {
        before = System.err;
        System.setErr(new PrintStream(logged, true, UTF_8));
    }

    @AfterEach
    void releaseTheLog() {
        System.setErr(before);
        assertThat(bugs.seen()).isEmpty();
    }

    /** Only one of the phases has a short time, so that it is the one that is seen to end. */
    private static ResponderLimits limits(
            Duration head, Duration idle, Duration body, Duration send) {
        return new ResponderLimits(8, 2000, 10, 1 << 20, head, idle, body, send);
    }

    /** Reads the body; answers with as much as the query says. */
    private void answer(ResponderRequest request, ResponderResponse response) throws IOException {
        try {
            request.input().readAllBytes();
            response.write("\r\n".getBytes(ISO_8859_1));
            byte[] piece = new byte[32 << 10];
            for (int i = Integer.parseInt(request.param("PIECES").orElse("0")); i > 0; i--) {
                response.write(piece);
            }
        } finally {
            ended.incrementAndGet();
        }
    }

    @FunctionalInterface
    private interface Act {
        void on(RecordClient client) throws IOException;
    }

    /** Has as many as there are places do it, and sees each of them ended. */
    private void ends(StandardProtocolFamily family, ResponderLimits responderLimits, Act act)
            throws IOException {
        ServerSocketChannel listener = ResponderTest.listen(family, folder);
        SocketAddress address = listener.getLocalAddress();
        try (Responder responder =
                Responder.start(
                        listener, this::answer, responderLimits, AllowedPeers.any(), bugs)) {
            List<RecordClient> clients = new ArrayList<>();
            for (int i = 0; i < responderLimits.connections(); i++) {
                RecordClient client = new RecordClient(address);
                clients.add(client);
                act.on(client);
            }
            // There is a place again for this one.
            assertThat(RecordClient.ask(address, Map.of(), "").out()).isEqualTo("\r\n");
            if (responderLimits.sendTime().equals(SHORT)) {
                // A client that reads before that would be served after all.
                await().until(() -> log().lines().count() == responderLimits.connections());
            }
            for (RecordClient client : clients) {
                awaitEnd(client);
                client.close();
            }
            assertThat(responder.hurried()).isFalse();
        }
    }

    private static void awaitEnd(RecordClient client) {
        ByteBuffer bytes = ByteBuffer.allocate(64 << 10);
        try {
            while (client.channel.read(bytes.clear()) >= 0) {
                // What was sent before.
            }
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private String log() {
        return logged.toString(UTF_8);
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void betweenTwoRequests(StandardProtocolFamily family) throws IOException {
        ends(
                family,
                limits(LONG, SHORT, LONG, LONG),
                client -> {
                    client.send(Bytes.request(1, 1, Map.of(), ""));
                    client.answer(1);
                });
        assertThat(log()).isEmpty();
    }

    @Test
    void afterValuesWereAskedFor() throws IOException {
        ends(
                StandardProtocolFamily.UNIX,
                limits(SHORT, LONG, LONG, LONG),
                client -> {
                    client.send(Bytes.record(9, 0));
                    client.receive();
                });
        assertThat(log()).contains("no request within PT0.3S");
    }

    @Test
    void afterARefusedRequestAndHalfARecord() throws IOException {
        ends(
                StandardProtocolFamily.UNIX,
                limits(SHORT, LONG, LONG, LONG),
                client -> {
                    client.send(Bytes.begin(1, 3, 1), new byte[] {1, 9, 0});
                    assertThat(client.answer(1).protocolStatus()).isEqualTo(3);
                });
    }

    @Test
    void whenARequestIsFollowedByRecordsThatAreNone() throws IOException {
        ends(
                StandardProtocolFamily.UNIX,
                limits(SHORT, LONG, LONG, LONG),
                client -> {
                    client.send(Bytes.request(1, 1, Map.of(), ""), Bytes.record(9, 0));
                    client.answer(1);
                    client.receive();
                });
    }

    @Test
    void inTheVariables() throws IOException {
        ends(
                StandardProtocolFamily.UNIX,
                limits(SHORT, LONG, LONG, LONG),
                client -> client.send(Bytes.begin(1, 1, 0), Bytes.record(4, 1, new byte[2])));
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void inTheBody(StandardProtocolFamily family) throws IOException {
        ends(
                family,
                limits(LONG, LONG, SHORT, LONG),
                client ->
                        client.send(
                                Bytes.begin(1, 1, 1),
                                Bytes.record(4, 1),
                                Bytes.record(5, 1, Bytes.text("half"))));
        assertThat(log()).contains("the body did not come within 0.3 s");
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void aBodyThatDoesNotComeIsAnsweredWithATimeout(StandardProtocolFamily family)
            throws IOException {
        ServerSocketChannel listener = ResponderTest.listen(family, folder);
        ResponderLimits responderLimits = limits(LONG, LONG, SHORT, LONG);
        try (Responder responder =
                        Responder.start(
                                listener, this::answer, responderLimits, AllowedPeers.any(), bugs);
                RecordClient client = new RecordClient(listener.getLocalAddress())) {
            client.send(
                    Bytes.begin(1, 1, 1),
                    Bytes.record(4, 1),
                    Bytes.record(5, 1, Bytes.text("half")));
            assertThat(client.answer(1).out())
                    .startsWith("Status: 408 Request Timeout\r\n")
                    .endsWith("\r\n\r\nthe body did not come within 0.3 s\n");
            awaitEnd(client);
            assertThat(responder.hurried()).isFalse();
        }
    }

    @Test
    void inARecordOfSomethingElseInTheBody() throws IOException {
        ends(
                StandardProtocolFamily.UNIX,
                limits(LONG, LONG, SHORT, LONG),
                client ->
                        client.send(
                                Bytes.begin(1, 1, 1),
                                Bytes.record(4, 1),
                                new byte[] {1, 9, 0, 0, 0, 9, 0, 0, 1}));
    }

    @Test
    void aBodyThatTricklesIsNotWaitedForAnyLonger() throws IOException {
        ServerSocketChannel listener = ResponderTest.listen(StandardProtocolFamily.UNIX, folder);
        ResponderLimits responderLimits = limits(LONG, LONG, SHORT, LONG);
        try (Responder responder =
                        Responder.start(
                                listener, this::answer, responderLimits, AllowedPeers.any(), bugs);
                RecordClient client = new RecordClient(listener.getLocalAddress())) {
            client.send(Bytes.begin(1, 1, 1), Bytes.record(4, 1));
            await().pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        try {
                            client.send(Bytes.record(5, 1, Bytes.text("x")));
                            return ended.get() == 1;
                        } catch (IOException e) {
                            return true;
                        }
                    });
            assertThat(responder.hurried()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void inAnAnswerThatIsNotRead(StandardProtocolFamily family) throws IOException {
        ends(
                family,
                limits(LONG, LONG, LONG, SHORT),
                client -> client.send(Bytes.request(1, 1, Map.of("PIECES", "1000"), "")));
        assertThat(log()).contains("what was sent was not read within PT0.3S");
    }

    @Test
    void afterTheAnswerToARefusal() throws IOException {
        ends(
                StandardProtocolFamily.UNIX,
                limits(SHORT, LONG, LONG, LONG),
                client -> client.send(Bytes.begin(1, 1, 1), Bytes.record(4, 1, new byte[2001])));
    }

    @Test
    void whenAnswersToManagementRecordsAreNotRead() throws IOException {
        byte[] values = Bytes.record(9, 0, Bytes.pairs(Map.of("FCGI_MAX_CONNS", "")));
        byte[] many = values;
        while (many.length < 1 << 20) {
            many = Bytes.join(many, many);
        }
        byte[] flood = many;
        ends(
                StandardProtocolFamily.UNIX,
                limits(SHORT, LONG, LONG, LONG),
                client -> {
                    client.channel.configureBlocking(false);
                    client.channel.write(ByteBuffer.wrap(flood));
                    client.channel.configureBlocking(true);
                });
    }
}
