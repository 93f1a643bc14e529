package org.procmon.fastcgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ResponderStopTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir Path folder;
    private final RecordedFailures bugs = new RecordedFailures();

    @AfterEach
    void nothingWasABug() {
        assertThat(bugs.seen()).isEmpty();
    }

    private static void hello(ResponderRequest request, ResponderResponse response)
            throws IOException {
        response.write("\r\nhello".getBytes(ISO_8859_1));
    }

    private static Thread stop(Responder responder, Duration grace) {
        return Thread.ofVirtual().start(() -> responder.stop(grace));
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void stopLetsARequestEndAndClosesIdleConnectionsAtOnce(StandardProtocolFamily family)
            throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ResponderHandler slow =
                (request, response) -> {
                    if (!request.params().isEmpty()) {
                        entered.countDown();
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    }
                    hello(request, response);
                };
        ServerSocketChannel listener = ResponderTest.listen(family, folder);
        SocketAddress address = listener.getLocalAddress();
        Responder responder =
                Responder.start(listener, slow, ResponderLimits.DEFAULT, AllowedPeers.any(), bugs);
        try (RecordClient idle = new RecordClient(address);
                RecordClient busy = new RecordClient(address)) {
            idle.send(Bytes.request(1, 1, Map.of(), ""));
            idle.answer(1);
            busy.send(Bytes.request(1, 1, Map.of("SLOW", "1"), ""));
            entered.await();
            Thread stopping = stop(responder, LONG);
            assertThat(idle.receive()).isEmpty();
            assertThat(stopping.isAlive()).isTrue();
            go.countDown();
            assertThat(busy.answer(1).out()).isEqualTo("\r\nhello");
            assertThat(busy.receive()).isEmpty();
            assertThat(stopping.join(Duration.ofSeconds(5))).isTrue();
        }
    }

    @Test
    void aPeerThatDoesNotCloseAfterItsAnswerDoesNotHoldTheStopUp() throws Exception {
        ServerSocketChannel listener = ResponderTest.listen(StandardProtocolFamily.UNIX, folder);
        Responder responder =
                Responder.start(
                        listener,
                        ResponderStopTest::hello,
                        ResponderLimits.DEFAULT,
                        AllowedPeers.any(),
                        bugs);
        try (RecordClient client = new RecordClient(listener.getLocalAddress())) {
            client.send(Bytes.begin(1, 1, 0), Bytes.record(4, 1));
            client.answer(1);
            assertThat(client.receive()).isEmpty();
            assertThat(stop(responder, LONG).join(Duration.ofSeconds(5))).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void stopClosesTheRestWhenTheGraceIsOver(StandardProtocolFamily family) throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        AtomicReference<Throwable> seen = new AtomicReference<>();
        ResponderHandler stuck =
                (request, response) -> {
                    entered.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        seen.set(e);
                    }
                };
        ServerSocketChannel listener = ResponderTest.listen(family, folder);
        Responder responder =
                Responder.start(listener, stuck, ResponderLimits.DEFAULT, AllowedPeers.any(), bugs);
        try (RecordClient client = new RecordClient(listener.getLocalAddress());
                RecordClient half = new RecordClient(listener.getLocalAddress())) {
            half.send(Bytes.begin(1, 1, 1));
            client.send(Bytes.request(1, 1, Map.of(), ""));
            entered.await();
            responder.stop(Duration.ofMillis(100));
            assertThat(seen.get()).isInstanceOf(InterruptedException.class);
            assertThat(client.receive()).isEmpty();
            assertThat(half.receive()).isEmpty();
        }
        responder.stop(LONG);
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void aConnectionThatIsAboutToSendIsStillServed(StandardProtocolFamily family) throws Exception {
        ServerSocketChannel listener = ResponderTest.listen(family, folder);
        Responder responder =
                Responder.start(
                        listener,
                        ResponderStopTest::hello,
                        ResponderLimits.DEFAULT,
                        AllowedPeers.any(),
                        bugs);
        List<RecordClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(new RecordClient(listener.getLocalAddress()));
        }
        Thread stopping = stop(responder, LONG);
        Awaitility.await().until(() -> !listener.isOpen());
        for (RecordClient client : clients) {
            client.send(Bytes.request(1, 1, Map.of(), ""));
            assertThat(client.answer(1).out()).isEqualTo("\r\nhello");
            client.close();
        }
        stopping.join();
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "UNIX"})
    void aConnectionThatNeverSendsDoesNotHoldTheStopUp(StandardProtocolFamily family)
            throws Exception {
        ServerSocketChannel listener = ResponderTest.listen(family, folder);
        Responder responder =
                Responder.start(
                        listener,
                        ResponderStopTest::hello,
                        ResponderLimits.DEFAULT,
                        AllowedPeers.any(),
                        bugs);
        try (RecordClient silent = new RecordClient(listener.getLocalAddress())) {
            long start = System.nanoTime();
            responder.stop(LONG);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(5));
            assertThat(silent.receive()).isEmpty();
        }
    }

    /** Whoever could connect is answered, also from the listen queue, once nobody new can come. */
    @Test
    void stopUnderLoadLosesNoRequest() throws Exception {
        for (int round = 0; round < 10; round++) {
            ServerSocketChannel listener =
                    ResponderTest.listen(StandardProtocolFamily.UNIX, folder);
            SocketAddress address = listener.getLocalAddress();
            Responder responder =
                    Responder.start(
                            listener,
                            ResponderStopTest::hello,
                            ResponderLimits.DEFAULT,
                            AllowedPeers.any(),
                            bugs);
            AtomicInteger answered = new AtomicInteger();
            List<String> lost = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch stopped = new CountDownLatch(1);
            List<Thread> load = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                load.add(Thread.ofVirtual().start(() -> ask(address, answered, lost, stopped)));
            }
            Awaitility.await().until(() -> answered.get() > 200);
            Files.delete(folder.resolve("s"));
            responder.stop(LONG);
            stopped.countDown();
            for (Thread thread : load) {
                thread.join();
            }
            assertThat(lost).isEmpty();
        }
    }

    private static void ask(
            SocketAddress address,
            AtomicInteger answered,
            List<String> lost,
            CountDownLatch stopped) {
        while (stopped.getCount() > 0) {
            RecordClient client;
            try {
                client = new RecordClient(address);
            } catch (IOException refused) {
                // The listener is closed; a web server would ask the next one.
                return;
            }
            try (client) {
                client.send(Bytes.request(1, 0, Map.of(), ""));
                client.answer(1);
                answered.incrementAndGet();
            } catch (IOException e) {
                lost.add(e.toString());
            }
        }
    }
}
