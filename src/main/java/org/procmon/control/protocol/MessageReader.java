package org.procmon.control.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * Splits a stream of bytes into messages: each ends with a NUL byte. The bytes of the current
 * message stay in place until the next one is requested. For one thread at a time.
 */
public final class MessageReader implements AutoCloseable {
    private static final int USUAL_SIZE = 4096;
    private static final int KEPT_SIZE = 64 << 10;

    private final int limit;
    private final int keptSize;
    private final MessageBudget.Share share;
    private byte[] bytes = new byte[USUAL_SIZE];
    private int messageStart;
    private int start;
    private int length;
    private int scanned;
    private int end;

    /**
     * @param limit the size of the longest message, in bytes without its NUL
     */
    public MessageReader(int limit) {
        this.limit = limit;
        this.keptSize = KEPT_SIZE;
        this.share = MessageBudget.unlimited().share();
    }

    /**
     * For one of many connections; must be closed.
     *
     * @param limit the size of the longest message, in bytes without its NUL
     * @param budget limits the bytes of their long messages together
     */
    public MessageReader(int limit, MessageBudget budget) {
        this.limit = limit;
        this.keptSize = USUAL_SIZE;
        this.share = budget.share();
    }

    /**
     * Moves to the next message, if it is already complete here.
     *
     * @throws MessageTooLong if it is longer than the limit, complete or not
     */
    public boolean next() throws MessageTooLong {
        for (; scanned < end; scanned++) {
            if (bytes[scanned] == 0) {
                length = scanned - start;
                checkLength();
                messageStart = start;
                start = ++scanned;
                return true;
            }
        }
        length = end - start;
        checkLength();
        return false;
    }

    /** Whether a message has started that is not complete. */
    public boolean hasPart() {
        return end > start;
    }

    /**
     * Waits for bytes; call it after {@link #next} returned false.
     *
     * @return whether there are any; {@code false} at the end of the stream
     * @throws NoRoom if the message is long and other connections have used up the budget
     */
    public boolean fill(ReadableByteChannel channel) throws IOException {
        makeRoom();
        int count = channel.read(ByteBuffer.wrap(bytes, end, bytes.length - end));
        end += Math.max(count, 0);
        return count >= 0;
    }

    /** The array that holds the message. */
    public byte[] bytes() {
        return bytes;
    }

    /** The index in the array where the message starts. */
    public int offset() {
        return messageStart;
    }

    /** The length of the message, in bytes without its NUL. */
    public int length() {
        return length;
    }

    /** Gives its bytes back to the budget. From any thread. */
    @Override
    public void close() {
        share.close();
    }

    private void makeRoom() throws NoRoom {
        int part = end - start;
        boolean shrinks = part == 0 && bytes.length > keptSize;
        boolean grows = part == bytes.length;
        if (shrinks || grows || start > 0) {
            byte[] room = bytes;
            if (shrinks) {
                room = new byte[USUAL_SIZE];
                share.give();
            }
            if (grows) {
                int size = (int) Math.min(2L * part, limit + 1L);
                if (!share.take(size - part)) {
                    throw new NoRoom();
                }
                room = Arrays.copyOf(bytes, size);
            } else {
                System.arraycopy(bytes, start, room, 0, part);
            }
            bytes = room;
            scanned -= start;
            end = part;
            start = 0;
        }
    }

    private void checkLength() throws MessageTooLong {
        if (length > limit) {
            throw new MessageTooLong(limit);
        }
    }

    /** The budget has no room for a long message; the stream cannot be read any further. */
    public static final class NoRoom extends IOException {
        private static final long serialVersionUID = 1;

        NoRoom() {
            super("no memory is left for a long message beside those of others");
        }
    }

    /** A message exceeded the limit; the stream cannot be read any further. */
    public static final class MessageTooLong extends IOException {
        private static final long serialVersionUID = 1;

        MessageTooLong(int limit) {
            super("a message is longer than " + limit + " bytes");
        }
    }
}
