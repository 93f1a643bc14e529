package org.procmon.fastcgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong ends one connection and is said in one line of the log. */
@Timeout(30)
class ResponderFaultsTest {
    private static final ResponderLimits SMALL =
            new ResponderLimits(64, 2000, 10, Duration.ofSeconds(20));

    @TempDir Path folder;
    private final RecordedFailures bugs = new RecordedFailures();

    @AfterEach
    void nothingWasABug() {
        assertThat(bugs.seen()).isEmpty();
    }

    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private PrintStream before = System.err;

    @BeforeEach
    void catchTheLog() {
        before = System.err;
        System.setErr(new PrintStream(logged, true, UTF_8));
    }

    @AfterEach
    void releaseTheLog() {
        System.setErr(before);
    }

    /** What the responder says; threads of other tests may still write to the same stream. */
    private List<String> log() {
        return logged.toString(UTF_8)
                .lines()
                .filter(line -> line.contains(" peer=") || line.contains("left out lines"))
                .toList();
    }

    private static void hello(ResponderRequest request, ResponderResponse response)
            throws IOException {
        request.input().readAllBytes();
        response.write("\r\nhello".getBytes(ISO_8859_1));
    }

    private static void assertServes(SocketAddress address) throws IOException {
        assertThat(RecordClient.ask(address, Map.of(), "").out()).isEqualTo("\r\nhello");
    }

    private static SocketAddress address(ServerSocketChannel listener) throws IOException {
        return listener.getLocalAddress();
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void malformedInputIsSaidInOneLineAndTheNextConnectionIsServed(StandardProtocolFamily family)
            throws IOException {
        ServerSocketChannel listener = ResponderTest.listen(family, folder);
        SocketAddress address = address(listener);
        try (Responder responder =
                Responder.start(
                        listener, ResponderFaultsTest::hello, SMALL, AllowedPeers.any(), bugs)) {
            List<byte[]> inputs =
                    List.of(
                            Bytes.text("GET / HTTP/1.1\r\n\r\n"),
                            Bytes.join(Bytes.begin(1, 1, 0), Bytes.begin(1, 1, 0)),
                            Bytes.begin(1, 1, 0),
                            Bytes.join(
                                    Bytes.begin(1, 1, 1),
                                    Bytes.record(4, 1),
                                    Bytes.record(5, 1, Bytes.text("x"))));
            for (int i = 0; i < inputs.size(); i++) {
                try (RecordClient client = new RecordClient(address)) {
                    client.send(inputs.get(i));
                    client.channel.shutdownOutput();
                    assertThat(client.receive()).isEmpty();
                } catch (IOException reset) {
                    assertThat(reset).hasMessageContaining("reset");
                }
                int lines = i + 1;
                Awaitility.await().until(() -> log().size() >= lines);
                assertServes(address);
            }
            assertThat(log())
                    .hasSize(inputs.size())
                    .allMatch(line ->
                            line.contains("WARN")
                                    && line.contains("cannot continue a connection peer="));
            assertThat(log()).element(0).asString().contains("a record has version 71, not 1");
            assertThat(log()).element(2).asString().contains("the stream ends early");
            assertThat(responder.hurried()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void variablesThatCannotBeTakenAreAnswered(StandardProtocolFamily family) throws IOException {
        ServerSocketChannel listener = ResponderTest.listen(family, folder);
        SocketAddress address = address(listener);
        try (Responder responder =
                Responder.start(
                        listener, ResponderFaultsTest::hello, SMALL, AllowedPeers.any(), bugs)) {
            Map<String, byte[]> inputs =
                    Map.of(
                            "431 the name-value pairs exceed 2000 bytes",
                            Bytes.record(4, 1, new byte[2001]),
                            "431 there are more than 10 name-value pairs",
                            Bytes.stream(4, 1, new byte[22]),
                            "400 a name-value pair is longer than its stream",
                            Bytes.stream(4, 1, Bytes.hex("0105 61")));
            for (Map.Entry<String, byte[]> input : inputs.entrySet()) {
                try (RecordClient client = new RecordClient(address)) {
                    // There is more to come than the answer needs.
                    client.send(
                            Bytes.begin(1, 1, 1),
                            input.getValue(),
                            Bytes.record(5, 1, new byte[10_000]));
                    String status = input.getKey().substring(0, 3);
                    String reason = input.getKey().substring(4);
                    RecordClient.Answer answer = client.answer(1);
                    assertThat(answer.out())
                            .startsWith("Status: " + status + " ")
                            .endsWith("\r\n\r\n" + reason + "\n");
                    assertThat(answer.protocolStatus()).isZero();
                    assertThat(client.receive()).isEmpty();
                    Awaitility.await()
                            .until(() ->
                                    log().stream()
                                            .anyMatch(line ->
                                                    line.contains("cannot serve a request peer=")
                                                            && line.contains(
                                                                    " reason=\"" + reason)));
                }
                assertServes(address);
            }
            assertThat(responder.hurried()).isFalse();
        }
    }

    @Test
    void theVariablesOfAllRequestsHaveSoMuchRoomTogether() throws IOException {
        ResponderLimits narrow =
                new ResponderLimits(
                        64,
                        2000,
                        10,
                        4000,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20));
        ServerSocketChannel listener = ResponderTest.listen(StandardProtocolFamily.UNIX, folder);
        SocketAddress address = address(listener);
        byte[] params = Bytes.stream(4, 1, Bytes.pairs(Map.of("A", "a".repeat(1500))));
        try (Responder responder =
                Responder.start(
                        listener, ResponderFaultsTest::hello, narrow, AllowedPeers.any(), bugs)) {
            try (RecordClient one = new RecordClient(address);
                    RecordClient two = new RecordClient(address);
                    RecordClient three = new RecordClient(address)) {
                // Their bodies are missing, so they stay.
                one.send(Bytes.begin(1, 1, 1), params, Bytes.record(9, 0));
                two.send(Bytes.begin(1, 1, 1), params, Bytes.record(9, 0));
                one.receive();
                two.receive();
                three.send(Bytes.begin(1, 1, 1), params, Bytes.record(5, 1));
                assertThat(three.answer(1).out()).startsWith("Status: 503 ");
            }
            Awaitility.await()
                    .untilAsserted(() -> {
                        try (RecordClient next = new RecordClient(address)) {
                            next.send(Bytes.begin(1, 1, 0), params, Bytes.record(5, 1));
                            assertThat(next.answer(1).out()).isEqualTo("\r\nhello");
                        }
                    });
            assertThat(responder.hurried()).isFalse();
        }
    }

    @Test
    void garbageNeverStopsTheService() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ServerSocketChannel listener = ResponderTest.listen(StandardProtocolFamily.UNIX, folder);
        SocketAddress address = address(listener);
        try (Responder responder =
                Responder.start(
                        listener, ResponderFaultsTest::hello, SMALL, AllowedPeers.any(), bugs)) {
            byte[] good = Bytes.request(1, 0, Map.of("A", "b", "C", "d".repeat(200)), "body");
            for (int round = 0; round < 300; round++) {
                byte[] input = good.clone();
                for (int n = 1 + random.nextInt(5); n > 0; n--) {
                    input[random.nextInt(input.length)] = (byte) random.nextInt(256);
                }
                if (random.nextInt(4) == 0) {
                    random.nextBytes(input);
                    input[0] = 1;
                }
                try (RecordClient client = new RecordClient(address)) {
                    client.send(input);
                    client.channel.shutdownOutput();
                    while (client.receive().isPresent()) {
                        // Whatever it answers, it comes to an end.
                    }
                } catch (IOException reset) {
                    assertThat(reset).as("seed %s", seed).isNotInstanceOf(EOFException.class);
                }
            }
            Assertions.assertThatCode(() -> assertServes(address))
                    .as("seed %s", seed)
                    .doesNotThrowAnyException();
            assertThat(log())
                    .as("seed %s", seed)
                    .hasSizeLessThanOrEqualTo(300)
                    .allMatch(line -> line.contains("WARN"));
            assertThat(responder.hurried()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void aPeerThatLeavesInTheAnswerIsNotWorthALine(StandardProtocolFamily family) throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        AtomicReference<Throwable> seen = new AtomicReference<>();
        ResponderHandler endless =
                (request, response) -> {
                    if (request.params().isEmpty()) {
                        hello(request, response);
                        return;
                    }
                    try {
                        while (true) {
                            response.write(new byte[10_000]);
                        }
                    } catch (IOException e) {
                        seen.set(e);
                        gone.countDown();
                        throw e;
                    }
                };
        ServerSocketChannel listener = ResponderTest.listen(family, folder);
        try (Responder responder =
                Responder.start(listener, endless, SMALL, AllowedPeers.any(), bugs)) {
            try (RecordClient client = new RecordClient(address(listener))) {
                client.send(Bytes.request(1, 0, Map.of("A", "b"), ""));
                assertThat(client.receive()).isPresent();
            }
            gone.await();
            assertServes(address(listener));
            responder.stop(Duration.ofSeconds(5));
            assertThat(seen.get()).isInstanceOf(IOException.class);
            assertThat(log()).isEmpty();
        }
    }

    @Test
    void aHandlerThatThrowsBeforeItsAnswerGivesA500() throws IOException {
        ResponderHandler broken =
                (request, response) -> {
                    response.write("\r\nhalf".getBytes(ISO_8859_1));
                    throw new IllegalStateException("a bug");
                };
        ServerSocketChannel listener = ResponderTest.listen(StandardProtocolFamily.UNIX, folder);
        try (Responder responder =
                        Responder.start(listener, broken, SMALL, AllowedPeers.any(), bugs);
                RecordClient client = new RecordClient(address(listener))) {
            for (int i = 0; i < 2; i++) {
                client.send(Bytes.request(1, 1, Map.of(), ""));
                assertThat(client.answer(1).out())
                        .startsWith("Status: 500 Internal Server Error\r\n")
                        .contains("\r\n\r\n")
                        .doesNotContain("half");
            }
            assertThat(log())
                    .hasSize(2)
                    .allMatch(line ->
                            line.contains("cannot answer a request peer=")
                                    && line.endsWith("java.lang.IllegalStateException: a bug\""));
            assertThat(responder.hurried()).isFalse();
        }
    }

    @Test
    void aFloodOfFaultsIsAFewEscapedLinesAndACount() throws IOException {
        ResponderHandler broken =
                (_, _) -> {
                    throw new IllegalStateException("\u001b[2J" + Character.toString(0xe0041));
                };
        ServerSocketChannel listener = ResponderTest.listen(StandardProtocolFamily.UNIX, folder);
        try (Responder responder =
                Responder.start(listener, broken, SMALL, AllowedPeers.any(), bugs)) {
            for (int i = 0; i < 300; i++) {
                try (RecordClient client = new RecordClient(address(listener))) {
                    client.send(i % 2 == 0 ? new byte[8] : Bytes.request(1, 0, Map.of(), ""));
                    while (client.receive().isPresent()) {
                        // An answer or none.
                    }
                }
            }
            responder.stop(Duration.ofSeconds(5));
        }
        assertThat(log().size()).isBetween(21, 150);
        assertThat(log().getLast()).contains("left out lines like these");
        assertThat(logged.toString(UTF_8))
                .contains("java.lang.IllegalStateException: \\u001b[2J\\udb40\\udc41")
                .doesNotContain("\u001b");
    }

    @Test
    void aHandlerThatThrowsInItsAnswerLosesTheConnection() throws IOException {
        ResponderHandler broken =
                (request, response) -> {
                    response.write("\r\nhalf".getBytes(ISO_8859_1));
                    response.flush();
                    throw new StackOverflowError();
                };
        ServerSocketChannel listener = ResponderTest.listen(StandardProtocolFamily.UNIX, folder);
        try (Responder responder =
                        Responder.start(listener, broken, SMALL, AllowedPeers.any(), bugs);
                RecordClient client = new RecordClient(address(listener))) {
            client.send(Bytes.request(1, 1, Map.of(), ""));
            assertThat(client.receive().orElseThrow().content()).isEqualTo("\r\nhalf");
            assertThat(client.receive()).isEmpty();
            Awaitility.await().until(() -> log().size() == 1);
            assertThat(responder.hurried()).isFalse();
        }
    }

    @Test
    void anAbortedRequestIsAnsweredAndTheConnectionStays() throws IOException {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        ResponderHandler reading =
                (request, response) -> {
                    response.write("\r\ndropped".getBytes(ISO_8859_1));
                    try {
                        request.input().readAllBytes();
                    } catch (IOException e) {
                        seen.set(e);
                        throw e;
                    }
                };
        ServerSocketChannel listener = ResponderTest.listen(StandardProtocolFamily.UNIX, folder);
        try (Responder responder =
                        Responder.start(listener, reading, SMALL, AllowedPeers.any(), bugs);
                RecordClient client = new RecordClient(address(listener))) {
            client.send(
                    Bytes.begin(1, 1, 1),
                    Bytes.record(4, 1),
                    Bytes.record(5, 1, Bytes.text("x")),
                    Bytes.abort(1));
            assertThat(client.answer(1)).isEqualTo(new RecordClient.Answer("", "", 0, 0));
            assertThat(seen.get()).isInstanceOf(RequestAbortedException.class);
            client.send(Bytes.request(2, 1, Map.of(), ""));
            assertThat(client.answer(2).out()).isEqualTo("\r\ndropped");
            assertThat(log()).isEmpty();
            assertThat(responder.hurried()).isFalse();
        }
    }

    @Test
    void servesTheRequestAfterAnAbortOrAnUnreadBody() throws IOException {
        ResponderHandler hasty =
                (request, response) -> {
                    if (request.param("READS").isPresent()) {
                        request.input().readAllBytes();
                    }
                    response.write("\r\nhello".getBytes(ISO_8859_1));
                };
        byte[] reads = Bytes.stream(4, 1, Bytes.pairs(Map.of("READS", "1")));
        ServerSocketChannel listener = ResponderTest.listen(StandardProtocolFamily.UNIX, folder);
        try (Responder responder =
                        Responder.start(listener, hasty, SMALL, AllowedPeers.any(), bugs);
                RecordClient client = new RecordClient(address(listener))) {
            client.send(
                    Bytes.join(
                            Bytes.begin(1, 1, 1),
                            reads,
                            Bytes.abort(1),
                            Bytes.record(4, 1),
                            Bytes.request(1, 1, Map.of(), ""),
                            Bytes.begin(2, 1, 1),
                            Bytes.record(4, 2),
                            Bytes.record(5, 2, Bytes.text("half")),
                            Bytes.request(3, 1, Map.of(), "")));
            assertThat(client.answer(1).out()).isEmpty();
            assertThat(client.answer(1).out()).isEqualTo("\r\nhello");
            assertThat(client.answer(2).out()).isEqualTo("\r\nhello");
            assertThat(client.answer(3).out()).isEqualTo("\r\nhello");
            assertThat(responder.hurried()).isFalse();
        }
    }

    @Test
    void aHeadThatDoesNotComeInTimeEndsTheConnectionButIdleOnesStay() throws IOException {
        ResponderLimits hasty = new ResponderLimits(64, 2000, 10, Duration.ofMillis(500));
        ServerSocketChannel listener = ResponderTest.listen(StandardProtocolFamily.UNIX, folder);
        SocketAddress address = address(listener);
        try (Responder responder =
                        Responder.start(
                                listener,
                                ResponderFaultsTest::hello,
                                hasty,
                                AllowedPeers.any(),
                                bugs);
                RecordClient idle = new RecordClient(address)) {
            idle.send(Bytes.request(1, 1, Map.of(), ""));
            idle.answer(1);
            try (RecordClient silent = new RecordClient(address);
                    RecordClient slow = new RecordClient(address)) {
                slow.send(Bytes.begin(1, 1, 1));
                assertThat(silent.receive()).isEmpty();
                assertThat(slow.receive()).isEmpty();
            }
            Awaitility.await().until(() -> log().size() >= 2);
            assertThat(log())
                    .hasSize(2)
                    .allMatch(line -> line.endsWith(" reason=\"no request within PT0.5S\""));
            idle.send(Bytes.request(1, 1, Map.of(), ""));
            assertThat(idle.answer(1).out()).isEqualTo("\r\nhello");
            idle.send(Bytes.begin(2, 1, 1));
            assertThat(idle.receive()).isEmpty();
            assertThat(responder.hurried()).isFalse();
        }
    }

    @Test
    void aPeerThatMayNotConnectIsClosedWithOneLine() throws IOException {
        ServerSocketChannel listener = ResponderTest.listen(StandardProtocolFamily.INET, folder);
        SocketAddress address = address(listener);
        try (Responder responder =
                Responder.start(
                        listener,
                        ResponderFaultsTest::hello,
                        SMALL,
                        AllowedPeers.of("127.0.0.2"),
                        bugs)) {
            try (RecordClient refused = new RecordClient(address)) {
                assertThat(refused.receive()).isEmpty();
            }
            assertThat(log())
                    .singleElement()
                    .asString()
                    .contains("WARN")
                    .contains("refused a peer peer=");
            try (RecordClient welcome =
                    new RecordClient(
                            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0),
                            address)) {
                welcome.send(Bytes.request(1, 0, Map.of(), ""));
                assertThat(welcome.answer(1).out()).isEqualTo("\r\nhello");
            }
            assertThat(responder.hurried()).isFalse();
        }
    }

    @Test
    void aProbeThatSendsNothingIsNotWorthALine() throws IOException {
        ServerSocketChannel listener = ResponderTest.listen(StandardProtocolFamily.INET, folder);
        try (Responder responder =
                Responder.start(
                        listener, ResponderFaultsTest::hello, SMALL, AllowedPeers.any(), bugs)) {
            new RecordClient(address(listener)).close();
            RecordClient rude = new RecordClient(address(listener));
            rude.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            rude.close();
            assertServes(address(listener));
            responder.stop(Duration.ofSeconds(5));
            assertThat(log()).isEmpty();
        }
    }
}
