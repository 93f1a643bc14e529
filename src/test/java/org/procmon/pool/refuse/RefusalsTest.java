package org.procmon.pool.refuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Poller;
import org.procmon.posix.socket.TestListeners;

@Timeout(120)
class RefusalsTest {
    private static final Ticks START = new Ticks(Duration.ofHours(1).toNanos());
    private static final int FIRST_KEY = 1 << 20;
    private static final RefusalAnswer ANSWER = new RefusalAnswer(Duration.ofSeconds(5), "Busy.");
    private static final byte[] BEGIN = {1, 1, 0, 7, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    private static final int BODY = 4 << 20;
    private static final int STDIN_CONTENT = 0x8000;

    @TempDir Path folder = Path.of("");

    private final Poller poller = Poller.open();
    private final Refusals refusals = new Refusals(poller, FIRST_KEY);
    private final List<SocketChannel> clients = new ArrayList<>();
    private Descriptor listener = new Descriptor(-1);

    @BeforeEach
    void listen() {
        listener = TestListeners.at(folder.resolve("s"));
    }

    @AfterEach
    void close() throws IOException {
        refusals.close();
        poller.close();
        listener.close();
        for (SocketChannel client : clients) {
            client.close();
        }
    }

    private SocketChannel client() throws IOException {
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("s")));
        clients.add(client);
        return client;
    }

    /** Refuses the client that waits. */
    private Descriptor refuse(Ticks now) {
        Descriptor accepted = TestListeners.accept(listener);
        refusals.add(accepted, ANSWER, now);
        return accepted;
    }

    /** Waits until some clients have sent something, and serves them. */
    private void serve() {
        int[] keys = new int[8];
        int count = poller.await(keys, Duration.ofSeconds(60));
        assertThat(count).isPositive();
        for (int i = 0; i < count; i++) {
            assertThat(refusals.has(keys[i])).isTrue();
            refusals.isReadable(keys[i]);
        }
    }

    private boolean isIdle() {
        return refusals.deadline().isEmpty();
    }

    private static void write(SocketChannel client, byte... bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            assertThat(client.write(left)).isPositive();
        }
    }

    /** All that the client reads, to the end of the connection. */
    private static byte[] answer(SocketChannel client) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer some = ByteBuffer.allocate(4096);
        while (client.read(some) >= 0) {
            all.write(some.array(), 0, some.position());
            some.clear();
        }
        return all.toByteArray();
    }

    @Test
    void aRequestThatIsThereIsAnsweredAtOnce() throws IOException {
        SocketChannel client = client();
        write(client, BEGIN);
        refuse(START);

        assertThat(answer(client)).isEqualTo(ANSWER.records(7));

        client.close();
        serve();
        assertThat(isIdle()).as("nothing is left").isTrue();
    }

    @Test
    void aRequestThatArrivesByteByByteIsAnswered() throws IOException {
        SocketChannel client = client();
        refuse(START);
        for (byte one : BEGIN) {
            write(client, one);
            serve();
            assertThat(isIdle()).isFalse();
        }
        assertThat(answer(client)).isEqualTo(ANSWER.records(7));
    }

    @Test
    void aLargeBodyIsReadToItsEndSoThatTheAnswerArrives() throws Exception {
        SocketChannel client = client();
        FutureTask<byte[]> sender = new FutureTask<>(() -> sendBodyThenRead(client));
        Thread thread = Thread.ofPlatform().start(sender);
        refuse(START);
        while (!isIdle()) {
            serve();
        }
        thread.join();
        assertThat(sender.get()).isEqualTo(ANSWER.records(7));
    }

    private static byte[] sendBodyThenRead(SocketChannel client) throws IOException {
        write(client, BEGIN);
        for (int sent = 0; sent < BODY; sent += STDIN_CONTENT) {
            write(
                    client,
                    (byte) 1,
                    (byte) 5,
                    (byte) 0,
                    (byte) 7,
                    (byte) 0x80,
                    (byte) 0,
                    (byte) 0,
                    (byte) 0);
            write(client, new byte[STDIN_CONTENT]);
        }
        byte[] answer = answer(client);
        client.close();
        return answer;
    }

    @Test
    void aClientThatSendsNothingIsDroppedAfterTwoSeconds() throws IOException {
        SocketChannel client = client();
        refuse(START);
        Ticks limit = START.plus(Duration.ofSeconds(2));
        assertThat(refusals.deadline()).contains(limit);

        refusals.timePassed(START.plus(Duration.ofMillis(1999)));
        assertThat(isIdle()).isFalse();

        refusals.timePassed(limit);
        assertThat(isIdle()).isTrue();
        assertThat(answer(client)).isEmpty();
    }

    @Test
    void onlyClientsWhoseTimeIsOverAreDropped() throws IOException {
        SocketChannel early = client();
        refuse(START);
        SocketChannel late = client();
        refuse(START.plus(Duration.ofSeconds(1)));

        refusals.timePassed(START.plus(Duration.ofSeconds(2)));

        assertThat(answer(early)).isEmpty();
        assertThat(refusals.deadline()).contains(START.plus(Duration.ofSeconds(3)));
        write(late, BEGIN);
        serve();
        assertThat(answer(late)).isEqualTo(ANSWER.records(7));
    }

    @Test
    void aClientThatDoesNotSpeakFastCgiIsDropped() throws IOException {
        SocketChannel client = client();
        refuse(START);
        write(client, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        serve();
        assertThat(isIdle()).isTrue();
        assertThat(answer(client)).isEmpty();
    }

    @Test
    void aClientThatHasHungUpIsNotKept() throws IOException {
        client().close();
        refuse(START);
        assertThat(isIdle()).as("before").isTrue();

        SocketChannel client = client();
        refuse(START);
        assertThat(isIdle()).isFalse();
        client.close();
        serve();
        assertThat(isIdle()).as("while it was refused").isTrue();
    }

    @Test
    void noMoreClientsAreHeldThanTheLimit() throws IOException {
        SocketChannel first = client();
        refuse(START);
        for (int i = 1; i < Refusals.MOST; i++) {
            client();
            refuse(START.plus(Duration.ofMillis(1)));
        }
        assertThat(refusals.deadline()).contains(START.plus(Duration.ofSeconds(2)));

        SocketChannel last = client();
        refuse(START.plus(Duration.ofMillis(1)));

        assertThat(answer(first)).as("the first is dropped").isEmpty();
        assertThat(refusals.deadline()).contains(START.plus(Duration.ofMillis(2001)));
        write(last, BEGIN);
        serve();
        assertThat(answer(last)).isEqualTo(ANSWER.records(7));
    }
}
