package org.procmon.fastcgi.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Map;
import org.procmon.fastcgi.wire.BadVariables;
import org.procmon.fastcgi.wire.FastCgiException;
import org.procmon.fastcgi.wire.NameValues;
import org.procmon.fastcgi.wire.RecordParser;
import org.procmon.fastcgi.wire.Records;

/**
 * Reads the records of responses, one response after the other, from one connection. It holds no
 * more than its buffer and a bounded part of STDERR. For one thread.
 */
final class ResponseReader {
    private static final int MAX_MANAGEMENT_PAIRS = 100;
    private static final int MAX_MANAGEMENT_BYTES = 4096;

    private final ReadableByteChannel channel;
    private final ByteBuffer in;
    private final int errorBytes;
    private final RecordParser parser = new RecordParser();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final byte[] body = new byte[Records.BODY_BYTES];
    private final byte[] piece = new byte[1024];
    private int active;
    private boolean received;
    private boolean inOutput;
    private boolean outputEnded;
    private boolean errorsEnded;
    private boolean ended;
    private int appStatus;
    private int protocolStatus;

    /**
     * @param in empty; what is read passes through it
     * @param errorBytes the most bytes of STDERR to keep
     */
    ResponseReader(ReadableByteChannel channel, ByteBuffer in, int errorBytes) {
        this.channel = channel;
        this.in = in.limit(0);
        this.errorBytes = errorBytes;
    }

    /** The next response is that to this request. */
    void begin(int requestId) {
        active = requestId;
        received = false;
        inOutput = false;
        outputEnded = false;
        errorsEnded = false;
        ended = false;
    }

    /**
     * Reads from STDOUT.
     *
     * @return the number of bytes, at least one; -1 when the request has ended
     */
    int read(byte[] into, int offset, int length) throws IOException {
        while (!ended) {
            if (inOutput && parser.contentLeft() > 0) {
                int count = parser.take(in, into, offset, length);
                if (count > 0) {
                    return count;
                }
                fill();
            } else if (parser.nextHeader(in)) {
                record();
            } else {
                fill();
            }
        }
        return -1;
    }

    /** The exit status of an equivalent CGI program, once the request has ended. */
    int appStatus() {
        return appStatus;
    }

    /** Whether the application has worked on the request, once it has ended. */
    int protocolStatus() {
        return protocolStatus;
    }

    /** Whether more was received than the response. */
    boolean hasBytes() {
        return in.hasRemaining() || parser.midRecord();
    }

    /** Whether bytes wait that {@link #read} has not used yet. */
    boolean hasReceived() {
        return in.hasRemaining();
    }

    /** What was written to STDERR since the last call. */
    byte[] takeErrors() {
        byte[] all = errors.toByteArray();
        errors.reset();
        return all;
    }

    /** Reads the answer to GET_VALUES; empty if the application does not know it. */
    Map<String, String> values() throws IOException {
        active = Records.MANAGEMENT;
        received = false;
        while (!parser.nextHeader(in)) {
            fill();
        }
        if (parser.requestId() != Records.MANAGEMENT) {
            throw new FastCgiException(
                    "a record of request " + parser.requestId() + ", although there is none");
        }
        if (parser.type() == Records.UNKNOWN_TYPE) {
            readBody("UNKNOWN_TYPE");
            skipPadding();
            return Map.of();
        }
        if (parser.type() != Records.GET_VALUES_RESULT) {
            throw unexpected();
        }
        NameValues pairs = new NameValues(MAX_MANAGEMENT_BYTES, MAX_MANAGEMENT_PAIRS);
        try {
            pairs.gather(parser, in);
            while (parser.contentLeft() > 0) {
                fill();
                pairs.gather(parser, in);
            }
            Map<String, String> values = pairs.read();
            skipPadding();
            return values;
        } catch (BadVariables e) {
            throw new FastCgiException("GET_VALUES_RESULT: " + e.getMessage());
        }
    }

    /** Handles a new record. */
    private void record() throws IOException {
        inOutput = false;
        if (parser.requestId() == Records.MANAGEMENT) {
            throw new FastCgiException(
                    "a management record of type " + parser.type() + " that nothing asked for");
        }
        if (parser.requestId() != active) {
            throw new FastCgiException(
                    "a record of request "
                            + parser.requestId()
                            + " in the response to request "
                            + active);
        }
        switch (parser.type()) {
            case Records.STDOUT -> {
                outputEnded = next("STDOUT", outputEnded);
                inOutput = !outputEnded;
            }
            case Records.STDERR -> {
                errorsEnded = next("STDERR", errorsEnded);
                gatherErrors();
            }
            case Records.END_REQUEST -> {
                readBody("END_REQUEST");
                appStatus = ByteBuffer.wrap(body).getInt();
                protocolStatus = body[4] & 0xff;
                skipPadding();
                ended = true;
            }
            default -> throw unexpected();
        }
    }

    /** Whether the present record ends its stream. */
    private boolean next(String stream, boolean over) throws FastCgiException {
        if (over) {
            throw new FastCgiException("a record of " + stream + " after the end of that stream");
        }
        return parser.contentLeft() == 0;
    }

    private FastCgiException unexpected() {
        boolean ofWebServers =
                parser.type() == Records.BEGIN_REQUEST
                        || parser.type() == Records.ABORT_REQUEST
                        || parser.type() == Records.PARAMS
                        || parser.type() == Records.STDIN
                        || parser.type() == Records.DATA
                        || parser.type() == Records.GET_VALUES;
        return new FastCgiException(
                "a record of type "
                        + parser.type()
                        + (ofWebServers ? ", which only web servers send" : ""));
    }

    private void gatherErrors() throws IOException {
        while (parser.contentLeft() > 0) {
            int count = parser.take(in, piece, 0, piece.length);
            if (errors.size() + count > errorBytes) {
                throw new FastCgiException(
                        "the application wrote more than " + errorBytes + " bytes to STDERR");
            }
            errors.write(piece, 0, count);
            if (count == 0) {
                fill();
            }
        }
    }

    private void readBody(String record) throws IOException {
        if (parser.contentLeft() != Records.BODY_BYTES) {
            throw new FastCgiException(
                    record + " has a body of " + parser.contentLeft() + " bytes, not 8");
        }
        int done = parser.take(in, body, 0, body.length);
        while (done < body.length) {
            fill();
            done += parser.take(in, body, done, body.length - done);
        }
    }

    /** So that nothing is left of the record. */
    private void skipPadding() throws IOException {
        while (!parser.skipRest(in)) {
            fill();
        }
    }

    /** Reads more; {@code in} must be consumed. */
    private void fill() throws IOException {
        in.clear();
        int count = 0;
        try {
            count = channel.read(in);
        } finally {
            in.flip();
        }
        if (count < 0) {
            throw new FastCgiException(
                    parser.midRecord()
                            ? "the application closed the connection in the middle of a record"
                            : received
                                    ? "the application closed the connection before the response"
                                            + " was complete"
                                    : "the application closed the connection without an answer");
        }
        received |= count > 0;
    }
}
