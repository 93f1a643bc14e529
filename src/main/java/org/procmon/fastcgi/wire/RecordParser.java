package org.procmon.fastcgi.wire;

import java.nio.ByteBuffer;

/**
 * An incremental parser for a stream of records. It accepts buffers split anywhere, down to one
 * byte each, keeps no content and allocates nothing. Uses no sockets; for one thread.
 */
public final class RecordParser {
    private long word;
    private int headerBytes;
    private int contentLeft;
    private int paddingLeft;
    private int type;
    private int requestId;

    /**
     * Moves to the next record, skipping the rest of the previous one.
     *
     * @return whether its header is complete; if not, all of {@code in} was consumed
     * @throws FastCgiException if the version is not 1
     */
    public boolean nextHeader(ByteBuffer in) throws FastCgiException {
        if (contentLeft + paddingLeft > 0 && !skipRest(in)) {
            return false;
        }
        if (headerBytes == 0 && in.remaining() >= Records.HEADER_BYTES) {
            word = in.getLong();
        } else {
            while (headerBytes < Records.HEADER_BYTES) {
                if (!in.hasRemaining()) {
                    return false;
                }
                word = (word << 8) | (in.get() & 0xff);
                headerBytes++;
            }
        }
        headerBytes = 0;
        int version = (int) (word >>> 56);
        if (version != Records.VERSION) {
            throw new FastCgiException("a record has version " + version + ", not 1");
        }
        type = (int) (word >>> 48) & 0xff;
        requestId = (int) (word >>> 32) & 0xffff;
        contentLeft = (int) (word >>> 16) & 0xffff;
        paddingLeft = (int) (word >>> 8) & 0xff;
        return true;
    }

    /** Copies the available content of the record, at most {@code length} bytes, into an array. */
    public int take(ByteBuffer in, byte[] into, int offset, int length) {
        int count = Math.min(Math.min(length, contentLeft), in.remaining());
        in.get(into, offset, count);
        contentLeft -= count;
        return count;
    }

    /**
     * Skips the rest of the record, with its padding.
     *
     * @return whether all of it was skipped; if not, all of {@code in} was consumed
     */
    public boolean skipRest(ByteBuffer in) {
        int content = Math.min(contentLeft, in.remaining());
        in.position(in.position() + content);
        contentLeft -= content;
        int padding = Math.min(paddingLeft, in.remaining());
        in.position(in.position() + padding);
        paddingLeft -= padding;
        return contentLeft + paddingLeft == 0;
    }

    public int type() {
        return type;
    }

    public int requestId() {
        return requestId;
    }

    /** The remaining bytes of the present record's content. */
    public int contentLeft() {
        return contentLeft;
    }

    /** Whether the stream is inside a record. */
    public boolean midRecord() {
        return headerBytes + contentLeft + paddingLeft > 0;
    }
}
