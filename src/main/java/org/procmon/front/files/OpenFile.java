package org.procmon.front.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Response;

/**
 * A regular file that is open. For one thread.
 *
 * @param size in bytes, when it was opened
 * @param modified when it was changed last
 */
record OpenFile(SeekableByteChannel channel, long size, Instant modified) implements Closeable {
    private static final int BUFFER_BYTES = 64 * 1024;

    /** The entity tag: it differs if size or time of change do. Source: RFC 9110, section 8.8.3. */
    String tag() {
        long nanos = modified.getEpochSecond() * 1_000_000_000 + modified.getNano();
        return '"' + Long.toHexString(nanos) + '-' + Long.toHexString(size) + '"';
    }

    /**
     * Sends a part of it.
     *
     * @param isLast whether the answer ends with it
     * @throws IOException if the client is gone, or the file has become shorter
     */
    void send(Response response, long from, long length, boolean isLast) throws IOException {
        if (length == 0) {
            Content.Sink.write(response, isLast, ByteBuffer.allocate(0));
            return;
        }
        ByteBufferPool pool = response.getRequest().getComponents().getByteBufferPool();
        RetainableByteBuffer pooled = pool.acquire((int) Math.min(BUFFER_BYTES, length), true);
        try {
            ByteBuffer buffer = pooled.getByteBuffer();
            long left = length;
            channel.position(from);
            while (left > 0) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), left));
                int count = channel.read(buffer);
                if (count < 0) {
                    throw new IOException("the file became shorter while it was sent");
                }
                left -= count;
                Content.Sink.write(response, isLast && left == 0, buffer.flip());
            }
        } finally {
            pooled.getByteBuffer().position(0).limit(0);
            pooled.release();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
