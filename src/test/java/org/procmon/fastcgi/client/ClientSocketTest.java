package org.procmon.fastcgi.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.fastcgi.Bytes;
import org.procmon.fastcgi.RecordedFailures;
import org.procmon.fastcgi.wire.FastCgiException;
import org.procmon.fastcgi.wire.RecordOutput;
import org.procmon.fastcgi.wire.Records;

/** A scripted application on a socket. */
@Timeout(60)
class ClientSocketTest {
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final ClientRequest GET = ClientRequest.of(Role.RESPONDER, Map.of());

    /** The application's side of one connection. */
    @FunctionalInterface
    private interface Script {
        void run(InputStream in, OutputStream out) throws IOException;
    }

    @TempDir Path folder;
    private final RecordedFailures bugs = new RecordedFailures();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private FastCgiClient client = new FastCgiClient(FastCgiClientLimits.DEFAULT, bugs);

    @BeforeEach
    void longLimits() {
        limit(LONG, LONG, LONG);
    }

    private void limit(Duration send, Duration header, Duration silence) {
        client.close();
        client =
                new FastCgiClient(
                        new FastCgiClientLimits(LONG, send, header, silence, 1000, 10, 1000), bugs);
    }

    @AfterEach
    void end() {
        client.close();
        threads.close();
        assertThat(bugs.seen()).isEmpty();
    }

    /** Starts an application for one connection; a test waits for its end. */
    private Future<?> application(ServerSocketChannel listener, Script script) {
        return threads.submit(() -> {
            try (listener;
                    SocketChannel accepted = listener.accept()) {
                script.run(Channels.newInputStream(accepted), Channels.newOutputStream(accepted));
            }
            return null;
        });
    }

    private ServerSocketChannel unix() throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(folder.resolve("s")));
    }

    private static ServerSocketChannel tcp() throws IOException {
        return ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    }

    /** Reads up to the end of a stream, whose content is returned. */
    private static byte[] readStream(InputStream in, int type) throws IOException {
        byte[] all = {};
        while (true) {
            byte[] header = in.readNBytes(8);
            int length = ((header[4] & 0xff) << 8) | (header[5] & 0xff);
            byte[] content = in.readNBytes(length);
            if (header[1] == type && length == 0) {
                return all;
            }
            all = header[1] == type ? Bytes.join(all, content) : all;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void exactBytesAreExchangedByteByByte(boolean unix) throws Exception {
        ServerSocketChannel listener = unix ? unix() : tcp();
        SocketAddress address = listener.getLocalAddress();
        byte[] expected =
                Bytes.join(
                        Bytes.begin(1, 3, 1),
                        Bytes.stream(4, 1, Bytes.pairs(Map.of("A", "b"))),
                        Bytes.stream(5, 1, Bytes.text("body")),
                        Bytes.stream(8, 1, Bytes.text("file")));
        byte[] answer =
                Bytes.join(
                        Bytes.record(6, 1, Bytes.text("A: b\r\n\r\n0123456789"), 7),
                        Bytes.record(7, 1, Bytes.text("e")),
                        Bytes.record(6, 1),
                        Bytes.end(1, 9, 0));
        Future<?> application =
                application(
                        listener,
                        (in, out) -> {
                            assertArrayEquals(expected, in.readNBytes(expected.length));
                            for (byte one : answer) {
                                out.write(one);
                                out.flush();
                            }
                            // The connection is kept: the client closes it.
                            assertThat(in.read()).isEqualTo(-1);
                        });
        try (ClientConnection connection = client.connect(address)) {
            ClientResponse response =
                    connection.send(
                            ClientRequest.of(Role.FILTER, Map.of("A", "b"))
                                    .withBody(new ByteArrayInputStream(Bytes.text("body")))
                                    .withData(new ByteArrayInputStream(Bytes.text("file")))
                                    .keepingConnection());
            assertThat(response.body().readAllBytes()).isEqualTo(Bytes.text("0123456789"));
            assertThat(response.appStatus()).isEqualTo(9);
            assertThat(connection.takeErrors()).isEqualTo(Bytes.text("e"));
            assertThat(connection.isReusable()).isTrue();
        }
        application.get();
    }

    @Test
    void anApplicationThatWritesBeforeItReadsDoesNotBlock() throws Exception {
        byte[] much = new byte[4 << 20];
        ServerSocketChannel listener = unix();
        SocketAddress address = listener.getLocalAddress();
        Future<?> application =
                application(
                        listener,
                        (in, out) -> {
                            readStream(in, Records.PARAMS);
                            out.write(Bytes.record(6, 1, Bytes.text("\n")));
                            for (int i = 0; i < 128; i++) {
                                out.write(Bytes.record(6, 1, new byte[32 * 1024]));
                            }
                            assertThat(readStream(in, Records.STDIN)).hasSize(much.length);
                            out.write(Bytes.join(Bytes.record(6, 1), Bytes.end(1, 0, 0)));
                        });
        try (ClientConnection connection = client.connect(address)) {
            ClientResponse response = connection.send(GET.withBody(new ByteArrayInputStream(much)));
            assertThat(response.body().readAllBytes()).hasSize(much.length);
        }
        application.get();
    }

    @Test
    void anAnswerBeforeTheEndOfTheBodyIsRead() throws Exception {
        ServerSocketChannel listener = unix();
        SocketAddress address = listener.getLocalAddress();
        Future<?> application =
                application(
                        listener,
                        (in, out) -> {
                            readStream(in, Records.PARAMS);
                            out.write(
                                    Bytes.join(
                                            Bytes.record(6, 1, Bytes.text("Status: 413\n\n")),
                                            Bytes.end(1, 0, 0)));
                        });
        try (ClientConnection connection = client.connect(address)) {
            ClientRequest request =
                    GET.withBody(new ByteArrayInputStream(new byte[4 << 20])).keepingConnection();
            ClientResponse response = connection.send(request);
            assertThat(response.header().code()).isEqualTo(413);
            assertThat(response.body().read()).isEqualTo(-1);
            // The rest of the body was not sent.
            assertThat(connection.isReusable()).isFalse();
        }
        application.get();
    }

    @Test
    void aServerThatOnlyRejectsWritesItsAnswerWithRecordOutput() throws Exception {
        ServerSocketChannel listener = unix();
        SocketAddress address = listener.getLocalAddress();
        try (ClientConnection connection = client.connect(address);
                listener;
                SocketChannel accepted = listener.accept()) {
            byte[] text = Bytes.text("Status: 503 Service Unavailable\r\nRetry-After: 1\r\n\r\n");
            RecordOutput writer = new RecordOutput(accepted, ByteBuffer.allocate(128));
            writer.content(Records.STDOUT, 1, text, 0, text.length);
            writer.empty(Records.STDOUT, 1);
            writer.endRequest(1, 0, Records.REQUEST_COMPLETE);
            writer.flush();
            ClientResponse response = connection.send(GET);
            assertThat(response.header().code()).isEqualTo(503);
            assertThat(response.field("Retry-After")).contains("1");
            assertThat(response.body().read()).isEqualTo(-1);
        }
    }

    private void assertFails(Script script, ClientRequest request, String words) throws Exception {
        ServerSocketChannel listener = unix();
        SocketAddress address = listener.getLocalAddress();
        Future<?> application = application(listener, script);
        try (ClientConnection connection = client.connect(address)) {
            assertThatThrownBy(() -> connection.send(request).body().readAllBytes())
                    .isInstanceOf(FastCgiException.class)
                    .hasMessage(words);
            assertThat(connection.isReusable()).isFalse();
        }
        application.get();
    }

    @Test
    void noHeaderInTimeEndsTheRequest() throws Exception {
        limit(LONG, SHORT, LONG);
        // A byte at a time, and standard error, are no header.
        byte[] begun = Bytes.join(Bytes.record(7, 1, (byte) 1), Bytes.record(6, 1, (byte) 'A'));
        assertFails(
                (in, out) -> {
                    out.write(begun);
                    in.readAllBytes();
                },
                GET,
                "no header of a response within 0.2 s");
    }

    @Test
    void aSilentApplicationEndsTheRequest() throws Exception {
        limit(LONG, LONG, SHORT);
        assertFails(
                (in, out) -> {
                    out.write(Bytes.record(6, 1, Bytes.text("\nsome")));
                    in.readAllBytes();
                },
                GET,
                "no more of the response within 0.2 s");
    }

    @Test
    void anApplicationThatDoesNotReadEndsTheRequest() throws Exception {
        limit(SHORT, LONG, LONG);
        CountDownLatch failed = new CountDownLatch(1);
        ServerSocketChannel listener = unix();
        SocketAddress address = listener.getLocalAddress();
        Future<?> application = application(listener, (_, _) -> awaitLatch(failed));
        try (ClientConnection connection = client.connect(address)) {
            ClientRequest request = GET.withBody(new ByteArrayInputStream(new byte[4 << 20]));
            assertThatThrownBy(() -> connection.send(request))
                    .isInstanceOf(FastCgiException.class)
                    .hasMessage("the application did not read within 0.2 s");
        }
        failed.countDown();
        application.get();
    }

    private static void awaitLatch(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aSlowBodyIsNotTheFaultOfTheApplication() throws Exception {
        limit(LONG, SHORT, LONG);
        InputStream slow =
                new InputStream() {
                    private int left = 4;

                    @Override
                    public int read() throws IOException {
                        try {
                            TimeUnit.MILLISECONDS.sleep(3 * SHORT.toMillis() / 2);
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                        return left-- > 0 ? 'x' : -1;
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        int next = read();
                        if (next < 0) {
                            return -1;
                        }
                        into[offset] = (byte) next;
                        return 1;
                    }
                };
        ServerSocketChannel listener = unix();
        SocketAddress address = listener.getLocalAddress();
        Future<?> application =
                application(
                        listener,
                        (in, out) -> {
                            byte[] body = readStream(in, Records.STDIN);
                            out.write(Bytes.record(6, 1, Bytes.join(Bytes.text("\n"), body)));
                            out.write(Bytes.end(1, 0, 0));
                        });
        try (ClientConnection connection = client.connect(address)) {
            ClientResponse response = connection.send(GET.withBody(slow));
            assertThat(new String(response.body().readAllBytes(), ISO_8859_1)).isEqualTo("xxxx");
        }
        application.get();
    }

    @Test
    void aBodyThatBreaksOffAbortsTheRequest() throws Exception {
        assertFails(
                (in, out) -> {
                    byte[] request = Bytes.join(Bytes.begin(1, 1, 0), Bytes.record(4, 1));
                    assertArrayEquals(request, in.readNBytes(request.length));
                    assertArrayEquals(Bytes.abort(1), in.readNBytes(8));
                    out.write(Bytes.end(1, 0, 0));
                },
                GET.withBody(new BrokenBody()),
                BrokenBody.WORDS);
    }

    @Test
    void anAbortIsSentOnceAndTheApplicationEndsTheRequest() throws Exception {
        ServerSocketChannel listener = unix();
        SocketAddress address = listener.getLocalAddress();
        Future<?> application =
                application(
                        listener,
                        (in, out) -> {
                            readStream(in, Records.STDIN);
                            out.write(Bytes.record(6, 1, Bytes.text("\nfirst")));
                            assertArrayEquals(Bytes.abort(1), in.readNBytes(8));
                            out.write(Bytes.end(1, 1, 0));
                            assertThat(in.read()).isEqualTo(-1);
                        });
        try (ClientConnection connection = client.connect(address)) {
            ClientResponse response = connection.send(GET.keepingConnection());
            assertThat(response.body().readNBytes(5)).isEqualTo(Bytes.text("first"));
            connection.abort();
            connection.abort();
            assertThat(response.body().read()).isEqualTo(-1);
            assertThat(response.appStatus()).isEqualTo(1);
            assertThat(connection.isReusable()).isFalse();
            connection.abort();
        }
        application.get();
    }

    @Test
    void aClosedConnectionEndsAWaitInAnotherThread() throws Exception {
        ServerSocketChannel listener = unix();
        SocketAddress address = listener.getLocalAddress();
        CountDownLatch asked = new CountDownLatch(1);
        Future<?> application =
                application(
                        listener,
                        (in, _) -> {
                            readStream(in, Records.STDIN);
                            asked.countDown();
                            assertThat(in.read()).isEqualTo(-1);
                        });
        ClientConnection connection = client.connect(address);
        Future<?> waits =
                threads.submit(() ->
                        assertThatThrownBy(() -> connection.send(GET))
                                .isInstanceOf(FastCgiException.class)
                                .hasMessage("the connection was closed here"));
        asked.await();
        connection.close();
        waits.get();
        application.get();
    }

    @Test
    void aFullListenQueueIsNamedOrWaitedFor() throws Exception {
        limit(LONG, LONG, LONG);
        SocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
        try (ServerSocketChannel listener =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address, 1)) {
            threads.submit(() ->
                            assertThatThrownBy(
                                            () -> {
                                                while (listener.isOpen()) {
                                                    client.connect(address);
                                                }
                                            })
                                    .isInstanceOf(FastCgiException.class)
                                    .hasMessageEndingWith(": its listen queue is full"))
                    .get();
            try (FastCgiClient hasty =
                    new FastCgiClient(
                            new FastCgiClientLimits(SHORT, LONG, LONG, LONG, 1, 1, 1), bugs)) {
                assertThatThrownBy(() -> hasty.connect(address))
                        .isInstanceOf(FastCgiException.class)
                        .hasMessage("no connection to " + address + " within 0.2 s");
            }
        }
    }

    @Test
    void whereNothingListensSaysSo() {
        SocketAddress nowhere = UnixDomainSocketAddress.of(folder.resolve("none"));
        assertThatThrownBy(() -> client.connect(nowhere))
                .isInstanceOf(FastCgiException.class)
                .hasMessageStartingWith("cannot connect to " + folder.resolve("none"));
        assertThatThrownBy(() -> client.connect(InetSocketAddress.createUnresolved("x.invalid", 1)))
                .isInstanceOf(FastCgiException.class)
                .hasMessageEndingWith("unknown host");
    }
}
