package org.procmon.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.procmon.fastcgi.wire.RecordParser;
import org.procmon.fastcgi.wire.Records;

class ResponderResponseTest {
    private final CannedChannel channel = new CannedChannel(new byte[0], 1);

    private ResponderResponse response(int bufferBytes) {
        return new ResponderResponse(channel, ByteBuffer.allocateDirect(bufferBytes), 258);
    }

    private void assertWrites(byte[]... writes) {
        assertThat(channel.writes).hasSize(writes.length);
        for (int i = 0; i < writes.length; i++) {
            assertArrayEquals(writes[i], channel.writes.get(i), "write " + i);
        }
    }

    @Test
    void aSmallResponseLeavesInOneWriteWithItsEnd() throws IOException {
        ResponderResponse response = response(32_768);
        response.write(Bytes.text("Status: 200 OK\r\n\r\n"));
        response.write('h');
        response.write(Bytes.text("[ello]"), 1, 4);
        response.appStatus(7);
        response.finish();
        assertWrites(
                Bytes.join(
                        Bytes.record(6, 258, Bytes.text("Status: 200 OK\r\n\r\nhello")),
                        Bytes.record(6, 258),
                        Bytes.end(258, 7, 0)));
    }

    @Test
    void anEmptyResponseIsOnlyItsEnd() throws IOException {
        response(32_768).finish();
        assertWrites(Bytes.join(Bytes.record(6, 258), Bytes.end(258, 0, 0)));
    }

    @Test
    void flushSendsWhatThereIsAndNoEmptyRecord() throws IOException {
        ResponderResponse response = response(32_768);
        response.flush();
        assertThat(response.sent()).isFalse();
        response.write(Bytes.text("one"));
        response.flush();
        response.flush();
        assertThat(response.sent()).isTrue();
        response.write(Bytes.text("two"));
        response.finish();
        assertWrites(
                Bytes.record(6, 258, Bytes.text("one")),
                Bytes.join(
                        Bytes.record(6, 258, Bytes.text("two")),
                        Bytes.record(6, 258),
                        Bytes.end(258, 0, 0)));
    }

    @Test
    void errorsGoBetweenTheOutputAndTheirStreamIsEnded() throws IOException {
        ResponderResponse response = response(32_768);
        response.write(Bytes.text("a"));
        response.err("config \u00E4");
        response.err("");
        response.write(Bytes.text("b"));
        response.finish();
        assertWrites(
                Bytes.join(
                        Bytes.record(6, 258, Bytes.text("a")),
                        Bytes.record(7, 258, Bytes.text("config \u00C3\u00A4")),
                        Bytes.record(6, 258, Bytes.text("b")),
                        Bytes.record(6, 258),
                        Bytes.record(7, 258),
                        Bytes.end(258, 0, 0)));
    }

    @Test
    void overloadDropsWhatWasWrittenAndIsSaidInTheEnd() throws IOException {
        ResponderResponse response = response(32_768);
        response.write(Bytes.text("a"));
        response.overloaded();
        response.finish();
        assertWrites(Bytes.end(258, 0, 2));
        assertThatThrownBy(response::overloaded).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void everySizeArrivesWholeInBuffersOfAnySize() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int bufferBytes : new int[] {64, 65, 71, 100, 4096, 65_536 + 40, 200_000}) {
            for (int round = 0; round < 60; round++) {
                channel.writes.clear();
                ResponderResponse response = response(bufferBytes);
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                StringBuilder err = new StringBuilder();
                for (int piece = random.nextInt(6); piece > 0; piece--) {
                    byte[] bytes = new byte[random.nextInt(3 * Math.min(bufferBytes, 50_000))];
                    random.nextBytes(bytes);
                    switch (random.nextInt(4)) {
                        case 0 -> {
                            response.err("e".repeat(bytes.length));
                            err.repeat("e", bytes.length);
                        }
                        case 1 -> {
                            response.write(bytes);
                            response.flush();
                            out.writeBytes(bytes);
                        }
                        case 2 -> {
                            for (byte b : bytes) {
                                response.write(b);
                            }
                            out.writeBytes(bytes);
                        }
                        default -> {
                            response.write(bytes);
                            out.writeBytes(bytes);
                        }
                    }
                }
                response.finish();
                String told = "buffer " + bufferBytes + ", seed " + seed;
                assertStreams(told, out.toByteArray(), err.toString());
            }
        }
    }

    private void assertStreams(String told, byte[] out, String err) throws IOException {
        RecordParser parser = new RecordParser();
        ByteBuffer in = ByteBuffer.wrap(channel.written());
        ByteArrayOutputStream gotOut = new ByteArrayOutputStream();
        ByteArrayOutputStream gotErr = new ByteArrayOutputStream();
        int outEnds = 0;
        int ends = 0;
        while (parser.nextHeader(in)) {
            byte[] content = new byte[parser.contentLeft()];
            parser.take(in, content, 0, content.length);
            switch (parser.type()) {
                case Records.STDOUT -> {
                    assertThat(outEnds).as(told).isZero();
                    outEnds += content.length == 0 ? 1 : 0;
                    gotOut.writeBytes(content);
                }
                case Records.STDERR -> gotErr.writeBytes(content);
                default -> ends++;
            }
        }
        assertThat(in.hasRemaining()).as(told).isFalse();
        assertThat(outEnds).as(told).isEqualTo(1);
        assertThat(ends).as(told).isEqualTo(1);
        assertArrayEquals(out, gotOut.toByteArray(), told);
        assertThat(gotErr.toString(java.nio.charset.StandardCharsets.UTF_8))
                .as(told)
                .isEqualTo(err);
    }
}
