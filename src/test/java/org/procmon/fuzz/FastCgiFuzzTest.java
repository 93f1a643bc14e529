package org.procmon.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.fastcgi.AllowedPeers;
import org.procmon.fastcgi.RecordedFailures;
import org.procmon.fastcgi.Responder;
import org.procmon.fastcgi.ResponderLimits;
import org.procmon.fastcgi.ResponderRequest;
import org.procmon.fastcgi.ResponderResponse;

/** Streams of FastCGI records, as the protocol permits them and as it does not. */
class FastCgiFuzzTest {
    private static final ResponderLimits LIMITS =
            new ResponderLimits(
                    64,
                    2000,
                    20,
                    1 << 20,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60));

    @TempDir Path folder;
    private final RecordedFailures bugs = new RecordedFailures();
    private PrintStream before = System.err;

    @BeforeEach
    void dropTheLog() {
        before = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, UTF_8));
    }

    @AfterEach
    void releaseTheLog() {
        System.setErr(before);
    }

    private static void answer(ResponderRequest request, ResponderResponse response)
            throws IOException {
        int length = request.input().readAllBytes().length;
        String answer = "\r\n" + request.params().size() + " " + length;
        response.write(answer.getBytes(ISO_8859_1));
    }

    @Test
    void eachWellFramedRequestIsEndedOnceAndNothingElseDoesHarm() throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("f.sock"));
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(address, 64);
        try (Responder responder =
                Responder.start(
                        listener, FastCgiFuzzTest::answer, LIMITS, AllowedPeers.any(), bugs)) {
            FuzzRun.run(random -> {
                FastCgiStream stream = new FastCgiStream(random);
                if (random.nextBoolean()) {
                    assertThat(ends(exchange(address, stream.bytes(), random, false)))
                            .isEqualTo(stream.ends());
                } else {
                    byte[] input = FastCgiStream.mutated(stream.bytes(), random);
                    Map<Integer, Integer> begun = FastCgiStream.begun(input);
                    for (FastCgiStream.End end : ends(exchange(address, input, random, true))) {
                        assertThat(begun.merge(end.id(), -1, Integer::sum))
                                .as("the ends of request %s", end.id())
                                .isNotNegative();
                    }
                }
                assertThat(bugs.seen()).isEmpty();
            });
            assertThat(responder).isNotNull();
        }
        assertThat(bugs.seen()).isEmpty();
    }

    /**
     * Sends all of it, and takes what comes until the responder closes.
     *
     * @param mayBreak whether the responder may close before it has read everything
     */
    private static byte[] exchange(
            UnixDomainSocketAddress address, byte[] input, Random random, boolean mayBreak)
            throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try (SocketChannel channel = SocketChannel.open(address)) {
            ByteBuffer bytes = ByteBuffer.wrap(input);
            boolean everyByte = input.length < 500 && random.nextInt(20) == 0;
            while (bytes.hasRemaining()) {
                int piece = everyByte ? 1 : 1 + random.nextInt(bytes.remaining());
                int end = bytes.limit();
                bytes.limit(bytes.position() + piece);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                bytes.limit(end);
            }
            channel.shutdownOutput();
            ByteBuffer in = ByteBuffer.allocate(4096);
            while (channel.read(in.clear()) >= 0) {
                received.write(in.array(), 0, in.position());
            }
        } catch (IOException e) {
            if (!mayBreak) {
                throw e;
            }
            // What was received before counts no less.
        }
        return received.toByteArray();
    }

    /** The END_REQUEST records of a stream, all of whose records must be complete. */
    private static List<FastCgiStream.End> ends(byte[] received) {
        List<FastCgiStream.End> ends = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(received);
        while (in.hasRemaining()) {
            assertThat(in.get()).as("version").isEqualTo((byte) 1);
            int type = in.get();
            int id = in.getShort() & 0xffff;
            int length = in.getShort() & 0xffff;
            int padding = in.getShort() >> 8 & 0xff;
            assertThat(type).isIn(3, 6, 7, 10, 11);
            if (type == 3) {
                assertThat(length).isEqualTo(8);
                ends.add(new FastCgiStream.End(id, in.get(in.position() + 4)));
            }
            in.position(in.position() + length + padding);
        }
        return ends;
    }
}
