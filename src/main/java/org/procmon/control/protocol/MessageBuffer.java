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
 * Collects one outgoing message, so that it leaves in a single write, and is then used for the next
 * one. One that has a channel from the beginning sends what is long in pieces, and never holds more
 * than one of these. For one thread at a time.
 */
public final class MessageBuffer extends OutputStream {
    private static final int USUAL_SIZE = 4096;
    private static final int KEPT_SIZE = 256 << 10;

    /**
     * As long as replies in a burst of events are: room for each anew would be most of the garbage.
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
     * @param channel where they go; writing throws {@link UncheckedIOException} when it is gone
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

    /** Forgets what it holds, and the room that only an unusually long message needs. */
    public void clear() {
        size = 0;
        if (bytes.length > KEPT_SIZE) {
            bytes = new byte[USUAL_SIZE];
        }
    }

    /** Gives most of its room back, for one that may not be used for long; it must hold nothing. */
    public void shrink() {
        if (bytes.length > WAITING_SIZE) {
            bytes = new byte[USUAL_SIZE];
        }
    }

    /**
     * Ends the message with its NUL byte, sends it and forgets it.
     *
     * @throws IOException if the other side is gone
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
