package org.procmon.fastcgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ResponderTest {
    @TempDir Path folder;
    private final RecordedFailures bugs = new RecordedFailures();

    @AfterEach
    void nothingWasABug() {
        assertThat(bugs.seen()).isEmpty();
    }

    static ServerSocketChannel listen(ProtocolFamily family, Path folder) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(family);
        SocketAddress address =
                family == StandardProtocolFamily.UNIX
                        ? UnixDomainSocketAddress.of(folder.resolve("s"))
                        : new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        return listener.bind(address, 512);
    }

    private ServerSocketChannel listen(ProtocolFamily family) throws IOException {
        return listen(family, folder);
    }

    /** Says what it was asked. */
    private static void echo(ResponderRequest request, ResponderResponse response)
            throws IOException {
        response.write(("\r\n" + request.params() + " ").getBytes(ISO_8859_1));
        request.input().transferTo(response);
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void notifiesALongAnswerWhenTheWebServerDisconnects(StandardProtocolFamily family)
            throws Exception {
        ServerSocketChannel listener = listen(family);
        SocketAddress address = listener.getLocalAddress();
        CountDownLatch ended = new CountDownLatch(3);
        ResponderHandler stream =
                (request, response) -> {
                    CountDownLatch gone = new CountDownLatch(1);
                    request.departure().whenGone(gone::countDown);
                    response.write("\r\nfirst".getBytes(ISO_8859_1));
                    response.flush();
                    try {
                        gone.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    ended.countDown();
                };
        try (Responder _ =
                Responder.start(
                        listener, stream, ResponderLimits.DEFAULT, AllowedPeers.any(), bugs)) {
            try (RecordClient aborts = new RecordClient(address);
                    RecordClient keepsOpen = new RecordClient(address)) {
                aborts.send(Bytes.request(1, 0, Map.of(), ""));
                assertThat(aborts.receive().orElseThrow().content()).isEqualTo("\r\nfirst");
                aborts.send(Bytes.abort(1));
                assertThat(aborts.answer(1).protocolStatus()).isZero();
                assertThat(aborts.receive()).isEmpty();

                keepsOpen.send(Bytes.request(1, 1, Map.of(), ""));
                assertThat(keepsOpen.receive()).isPresent();
                // Neither a second request nor another's abort ends the first one's answer.
                keepsOpen.send(Bytes.request(2, 1, Map.of(), ""), Bytes.abort(2), Bytes.abort(1));
                assertThat(keepsOpen.answer(1).protocolStatus()).isZero();
                assertThat(keepsOpen.receive()).isEmpty();
            }
            RecordClient leaves = new RecordClient(address);
            leaves.send(Bytes.request(1, 0, Map.of(), ""));
            assertThat(leaves.receive()).isPresent();
            leaves.close();
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void aRequestIsAnsweredAndTheConnectionClosed(StandardProtocolFamily family)
            throws IOException {
        ServerSocketChannel listener = listen(family);
        SocketAddress address = listener.getLocalAddress();
        try (Responder responder =
                Responder.start(
                        listener,
                        ResponderTest::echo,
                        ResponderLimits.DEFAULT,
                        AllowedPeers.of("127.0.0.1, ::1"),
                        bugs)) {
            for (int i = 0; i < 50; i++) {
                RecordClient.Answer answer = RecordClient.ask(address, Map.of("N", "" + i), "body");
                assertThat(answer)
                        .isEqualTo(new RecordClient.Answer("\r\n{N=" + i + "} body", "", 0, 0));
            }
            assertThat(responder.hurried()).isFalse();
        }
        assertThat(listener.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void aKeptConnectionServesOneRequestAfterAnother(StandardProtocolFamily family)
            throws IOException {
        ServerSocketChannel listener = listen(family);
        try (Responder responder =
                        Responder.start(
                                listener,
                                ResponderTest::echo,
                                ResponderLimits.DEFAULT,
                                AllowedPeers.any(),
                                bugs);
                RecordClient client = new RecordClient(listener.getLocalAddress())) {
            for (int i = 1; i < 50; i++) {
                client.send(Bytes.request(i, 1, Map.of(), "n" + i));
                assertThat(client.answer(i).out()).isEqualTo("\r\n{} n" + i);
            }
            client.send(Bytes.request(1, 1, Map.of(), "x"), Bytes.request(2, 0, Map.of(), "y"));
            assertThat(client.answer(1).out()).isEqualTo("\r\n{} x");
            assertThat(client.answer(2).out()).isEqualTo("\r\n{} y");
            assertThat(client.receive()).isEmpty();
            assertThat(responder.hurried()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void aSlowReaderOfALongBodySlowsTheSenderDown(StandardProtocolFamily family) throws Exception {
        int megabytes = 24;
        CountDownLatch go = new CountDownLatch(1);
        AtomicLong sent = new AtomicLong();
        ResponderHandler count =
                (request, response) -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    long sum = 0;
                    InputStream input = request.input();
                    byte[] some = new byte[777];
                    for (int n = input.read(some); n >= 0; n = input.read(some)) {
                        sum += n;
                    }
                    response.write(("\r\n" + sum).getBytes(ISO_8859_1));
                };
        ServerSocketChannel listener = listen(family);
        try (Responder responder =
                        Responder.start(
                                listener,
                                count,
                                ResponderLimits.DEFAULT,
                                AllowedPeers.any(),
                                bugs);
                RecordClient client = new RecordClient(listener.getLocalAddress())) {
            Thread sender =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    client.send(Bytes.begin(1, 1, 0), Bytes.record(4, 1));
                                    byte[] record = Bytes.record(5, 1, new byte[65_000], 8);
                                    long total = megabytes * 1_000_000L / 65_000;
                                    for (long i = 0; i < total; i++) {
                                        client.send(record);
                                        sent.addAndGet(65_000);
                                    }
                                    client.send(Bytes.record(5, 1));
                                } catch (IOException e) {
                                    throw new java.io.UncheckedIOException(e);
                                }
                            });
            Awaitility.await()
                    .until(() -> sender.getState() == Thread.State.WAITING && sent.get() > 0);
            assertThat(sent.get()).isLessThan(megabytes * 1_000_000L / 2);
            go.countDown();
            assertThat(client.answer(1).out())
                    .isEqualTo("\r\n" + megabytes * 1_000_000L / 65_000 * 65_000);
            sender.join();
            assertThat(responder.hurried()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void theAnswerIsReadEvenIfTheBodyIsNot(StandardProtocolFamily family) throws IOException {
        ResponderHandler deaf = (request, response) -> response.write(new byte[100_000]);
        ServerSocketChannel listener = listen(family);
        try (Responder responder =
                        Responder.start(
                                listener, deaf, ResponderLimits.DEFAULT, AllowedPeers.any(), bugs);
                RecordClient client = new RecordClient(listener.getLocalAddress())) {
            client.send(Bytes.begin(1, 1, 0), Bytes.record(4, 1));
            client.send(Bytes.record(5, 1, new byte[60_000]));
            client.send(Bytes.record(5, 1, new byte[60_000]));
            client.send(Bytes.record(5, 1));
            assertThat(client.answer(1).out()).hasSize(100_000);
            assertThat(responder.hurried()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void sendsFlushedOutputBeforeTheEnd(StandardProtocolFamily family) throws IOException {
        CountDownLatch seen = new CountDownLatch(1);
        ResponderHandler stream =
                (request, response) -> {
                    response.write('a');
                    response.flush();
                    try {
                        assertThat(seen.await(10, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    response.write('b');
                };
        ServerSocketChannel listener = listen(family);
        try (Responder responder =
                        Responder.start(
                                listener,
                                stream,
                                ResponderLimits.DEFAULT,
                                AllowedPeers.any(),
                                bugs);
                RecordClient client = new RecordClient(listener.getLocalAddress())) {
            client.send(Bytes.request(1, 0, Map.of(), ""));
            assertThat(client.receive().orElseThrow().content()).isEqualTo("a");
            seen.countDown();
            assertThat(client.answer(1).out()).isEqualTo("b");
            assertThat(responder.hurried()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void connectionsBeyondTheBoundWaitForAPlace(StandardProtocolFamily family) throws IOException {
        ResponderLimits two = new ResponderLimits(2, 1000, 10, ResponderLimits.DEFAULT.headTime());
        ServerSocketChannel listener = listen(family);
        SocketAddress address = listener.getLocalAddress();
        try (Responder responder =
                        Responder.start(
                                listener, ResponderTest::echo, two, AllowedPeers.any(), bugs);
                RecordClient first = new RecordClient(address);
                RecordClient second = new RecordClient(address)) {
            first.send(Bytes.request(1, 1, Map.of(), ""));
            first.answer(1);
            second.send(Bytes.request(1, 1, Map.of(), ""));
            second.answer(1);
            try (RecordClient third = new RecordClient(address)) {
                third.send(Bytes.request(1, 0, Map.of(), "third"));
                third.channel.configureBlocking(false);
                assertThat(third.channel.read(ByteBuffer.allocate(8))).isZero();
                third.channel.configureBlocking(true);
                first.channel.close();
                assertThat(third.answer(1).out()).endsWith("third");
            }
            assertThat(responder.hurried()).isFalse();
        }
    }

    @org.junit.jupiter.api.Test
    void peersAreAddressesNotNames() {
        assertThatThrownBy(() -> AllowedPeers.of("localhost"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(
                        AllowedPeers.of("127.0.0.1,::1")
                                .include(
                                        new InetSocketAddress(
                                                InetAddress.ofLiteral("127.0.0.2"), 1)))
                .isFalse();
        assertThat(
                        AllowedPeers.of("127.0.0.1,::1")
                                .include(new InetSocketAddress(InetAddress.ofLiteral("::1"), 1)))
                .isTrue();
    }
}
