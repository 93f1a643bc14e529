package org.procmon.fastcgi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;
import org.procmon.fastcgi.wire.Records;

/**
 * The answer to one request: the CGI header block, an empty line and the body, as bytes.
 *
 * <p>Written bytes are collected in one buffer as the content of a STDOUT record. The buffer is
 * sent when it is full or flushed; a response that fits in whole is sent in a single write, with
 * the records that end it. For the handler's thread, until the handler returns.
 */
public final class ResponderResponse extends OutputStream {
    /** What {@link #finish} appends: the ends of STDOUT and STDERR, and END_REQUEST. */
    private static final int TRAILER_BYTES = 2 * Records.HEADER_BYTES + 16;

    private final WritableByteChannel channel;
    private final ByteBuffer buffer;
    private final int requestId;
    private int recordAt;
    private int appStatus;
    private int protocolStatus = Records.REQUEST_COMPLETE;
    private boolean sent;
    private boolean wroteErr;
    private @Nullable IOException failure;

    /**
     * @param buffer empty; its size decides how much is collected before it is sent
     */
    ResponderResponse(WritableByteChannel channel, ByteBuffer buffer, int requestId) {
        this.channel = channel;
        this.buffer = buffer;
        this.requestId = requestId;
        openRecord();
    }

    @Override
    public void write(int b) throws IOException {
        if (room() == 0) {
            flush();
        }
        buffer.put((byte) b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (room() == 0) {
                flush();
            }
            int count = Math.min(room(), length - done);
            buffer.put(bytes, offset + done, count);
            done += count;
        }
    }

    /** Sends what was written so far. After that, no other response can replace it. */
    @Override
    public void flush() throws IOException {
        closeRecord();
        if (buffer.position() > 0) {
            send();
        } else {
            openRecord();
        }
    }

    /** Writes to the web server's error log, in UTF-8. */
    public void err(String message) throws IOException {
        byte[] bytes = message.getBytes(UTF_8);
        wroteErr |= bytes.length > 0;
        int done = 0;
        while (done < bytes.length) {
            closeRecord();
            if (errRoom() <= 0) {
                send();
                closeRecord();
            }
            int count = Math.min(errRoom(), bytes.length - done);
            Records.header(buffer, Records.STDERR, requestId, count, 0);
            buffer.put(bytes, done, count);
            done += count;
            openRecord();
        }
    }

    /** Sets the exit status of an equivalent CGI program; 0 by default. */
    void appStatus(int status) {
        appStatus = status;
    }

    /**
     * Reports to the web server that the application is overloaded, so that it may ask another one.
     * Drops what was written.
     *
     * @throws IllegalStateException if some of it was sent
     */
    void overloaded() {
        if (sent) {
            throw new IllegalStateException("cannot refuse a request: its answer was started");
        }
        discard();
        protocolStatus = Records.OVERLOADED;
    }

    /** Whether any part was sent. */
    boolean sent() {
        return sent;
    }

    /** The send error, if there was one: the web server disconnected. */
    @Nullable IOException failure() {
        return failure;
    }

    /** Drops what was written but not sent. */
    void discard() {
        buffer.clear();
        openRecord();
    }

    /** Sends the rest and the records that end the request, in one write. */
    void finish() throws IOException {
        closeRecord();
        if (protocolStatus == Records.REQUEST_COMPLETE) {
            Records.header(buffer, Records.STDOUT, requestId, 0, 0);
        }
        if (wroteErr) {
            Records.header(buffer, Records.STDERR, requestId, 0, 0);
        }
        Records.endRequest(buffer, requestId, appStatus, protocolStatus);
        send();
    }

    /** Bytes that fit before the buffer must be sent. */
    private int room() {
        return Math.min(
                buffer.capacity() - TRAILER_BYTES - buffer.position(),
                recordAt + Records.HEADER_BYTES + maxContent() - buffer.position());
    }

    /** Bytes of a STDERR record that fit, with the header of the STDOUT record to come. */
    private int errRoom() {
        int left = buffer.capacity() - TRAILER_BYTES - buffer.position();
        return Math.min(left - 2 * Records.HEADER_BYTES, maxContent());
    }

    /** A multiple of 8, so that the records of a long stream stay aligned. */
    private static int maxContent() {
        return Records.MAX_CONTENT_BYTES & ~7;
    }

    private void openRecord() {
        recordAt = buffer.position();
        buffer.position(recordAt + Records.HEADER_BYTES);
    }

    /** Ends the present STDOUT record; drops an empty one, since it would end the stream. */
    private void closeRecord() {
        int content = buffer.position() - recordAt - Records.HEADER_BYTES;
        if (content == 0) {
            buffer.position(recordAt);
        } else {
            Records.headerAt(buffer, recordAt, Records.STDOUT, requestId, content);
        }
    }

    private void send() throws IOException {
        sent = true;
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            failure = e;
            throw e;
        } finally {
            discard();
        }
    }
}
