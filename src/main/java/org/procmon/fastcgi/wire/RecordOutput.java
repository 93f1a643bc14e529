package org.procmon.fastcgi.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Map;

/**
 * Writes records, of a web server or of an application, to a blocking channel. They are collected
 * in a buffer, which is sent when it is full or flushed. For one thread at a time.
 */
public final class RecordOutput {
    /** The size of every record without a stream, and the least room for a piece of a stream. */
    private static final int SMALLEST_BUFFER = Records.HEADER_BYTES + Records.BODY_BYTES;

    private final WritableByteChannel channel;
    private final ByteBuffer buffer;

    /**
     * @param buffer empty, of at least 16 bytes; its size decides how much is collected
     */
    public RecordOutput(WritableByteChannel channel, ByteBuffer buffer) {
        if (buffer.capacity() < SMALLEST_BUFFER) {
            throw new IllegalArgumentException("a buffer of " + buffer.capacity() + " bytes");
        }
        this.channel = channel;
        this.buffer = buffer;
    }

    /**
     * Starts a request.
     *
     * @param role {@link Records#ROLE_RESPONDER}, for example
     */
    public void beginRequest(int requestId, int role, boolean keepConnection) throws IOException {
        makeRoom(SMALLEST_BUFFER);
        Records.beginRequest(buffer, requestId, role, keepConnection ? Records.KEEP_CONN : 0);
    }

    /** Ends a request. */
    public void endRequest(int requestId, int appStatus, int protocolStatus) throws IOException {
        makeRoom(SMALLEST_BUFFER);
        Records.endRequest(buffer, requestId, appStatus, protocolStatus);
    }

    /** Writes a record without content: the end of a stream, or ABORT_REQUEST. */
    public void empty(int type, int requestId) throws IOException {
        makeRoom(Records.HEADER_BYTES);
        Records.header(buffer, type, requestId, 0, 0);
    }

    /** Writes a part of a stream, in as many records as it needs. */
    public void content(int type, int requestId, byte[] bytes, int offset, int length)
            throws IOException {
        int done = 0;
        while (done < length) {
            makeRoom(SMALLEST_BUFFER);
            int room = buffer.remaining() - Records.HEADER_BYTES;
            int count = Math.min(Math.min(room, Records.MAX_CONTENT_BYTES & ~7), length - done);
            Records.header(buffer, type, requestId, count, 0);
            buffer.put(bytes, offset + done, count);
            done += count;
        }
    }

    /** Writes name-value pairs as a part of a stream. */
    public void pairs(int type, int requestId, Map<String, String> pairs) throws IOException {
        int most = 0;
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            int text = Math.addExact(pair.getKey().length(), pair.getValue().length());
            most = Math.addExact(most, Math.addExact(text, 2 * Integer.BYTES));
        }
        ByteBuffer all = ByteBuffer.allocate(most);
        pairs.forEach((name, value) -> NameValues.write(all, name, value));
        content(type, requestId, all.array(), 0, all.position());
    }

    /** Sends what was collected. */
    public void flush() throws IOException {
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } finally {
            buffer.clear();
        }
    }

    private void makeRoom(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
    }
}
