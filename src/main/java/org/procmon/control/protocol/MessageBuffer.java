package org.procmon.control.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects one outgoing message and sends it in a single write; reused for the next one. A buffer
 * created with a channel sends a long message in pieces, and holds one piece at most. For one
 * thread at a time.
 */
public final class MessageBuffer extends OutputStream {
    private static final int USUAL_SIZE = 4096;
    private static final int KEPT_SIZE = 256 << 10;

    /**
     * The size of replies in a burst of events: allocating it for each reply would cause most of
     * the garbage.
     */
    private static final int WAITING_SIZE = 16 << 10;

    private final @Nullable WritableByteChannel channel;
    private byte[] bytes = new byte[USUAL_SIZE];
    private int size;

    /** For messages of any length, which it holds as a whole. */
    public MessageBuffer() {
        this.channel = null;
    }

    /**
     * For messages of any length, of which it holds 16 KiB.
     *
     * @param channel the destination; writing throws {@link UncheckedIOException} when it is closed
     */
    public MessageBuffer(WritableByteChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(int b) {
        reserve(1);
        bytes[size++] = (byte) b;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        if (channel != null && length > WAITING_SIZE) {
            drain(channel);
            send(ByteBuffer.wrap(from, offset, length), channel);
            return;
        }
        reserve(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    /** How many bytes it holds. */
    public int size() {
        return size;
    }

    /** A copy of what it holds. */
    public byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** What it holds, as text. */
    public String text() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    /** Clears the content, and frees the memory that only an unusually long message needs. */
    void clear() {
        size = 0;
        if (bytes.length > KEPT_SIZE) {
            bytes = new byte[USUAL_SIZE];
        }
    }

    /** Frees most of its memory before a possibly long idle time; the buffer must be empty. */
    public void shrink() {
        if (bytes.length > WAITING_SIZE) {
            bytes = new byte[USUAL_SIZE];
        }
    }

    /**
     * Ends the message with its NUL byte, sends it and clears the buffer.
     *
     * @throws IOException if the connection is closed
     */
    public void sendTo(WritableByteChannel channel) throws IOException {
        write(0);
        ByteBuffer out = ByteBuffer.wrap(bytes, 0, size);
        while (out.hasRemaining()) {
            channel.write(out);
        }
        clear();
    }

    private void drain(WritableByteChannel to) {
        send(ByteBuffer.wrap(bytes, 0, size), to);
        size = 0;
    }

    private static void send(ByteBuffer out, WritableByteChannel to) {
        try {
            while (out.hasRemaining()) {
                to.write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void reserve(int more) {
        if (channel != null && size + more > WAITING_SIZE) {
            drain(channel);
        }
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
        }
    }
}
