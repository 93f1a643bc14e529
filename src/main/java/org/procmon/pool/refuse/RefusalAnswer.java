package org.procmon.pool.refuse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.procmon.fastcgi.wire.RecordOutput;
import org.procmon.fastcgi.wire.Records;

/**
 * What a refused client reads.
 *
 * @param retryAfter when to try again
 * @param reason a sentence for people
 */
public record RefusalAnswer(Duration retryAfter, String reason) {
    private static final int BUFFER = 1024;

    /** As the records of a response; source: FastCGI specification, section 6.2. */
    byte[] records(int requestId) {
        String body = reason + "\n";
        String text =
                "Status: 503 Service Unavailable\r\n"
                        + "Retry-After: "
                        + Math.max(1, retryAfter.toSeconds())
                        + "\r\nCache-Control: no-store\r\nContent-Type: text/plain\r\nContent-Length: "
                        + body.getBytes(StandardCharsets.UTF_8).length
                        + "\r\n\r\n"
                        + body;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Collected collected = new Collected();
        try {
            RecordOutput out = new RecordOutput(collected, ByteBuffer.allocate(BUFFER));
            out.content(Records.STDOUT, requestId, bytes, 0, bytes.length);
            out.empty(Records.STDOUT, requestId);
            out.endRequest(requestId, 0, Records.REQUEST_COMPLETE);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("cannot write to memory", e);
        }
        return collected.bytes();
    }

    /** A channel to memory. */
    private static final class Collected implements WritableByteChannel {
        private final ByteBuffer all = ByteBuffer.allocate(BUFFER);

        byte[] bytes() {
            byte[] bytes = new byte[all.position()];
            all.get(0, bytes);
            return bytes;
        }

        @Override
        public int write(ByteBuffer source) {
            int count = source.remaining();
            all.put(source);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
