package org.procmon.fastcgi.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.procmon.fastcgi.wire.FastCgiException;
import org.procmon.fastcgi.wire.RecordOutput;
import org.procmon.fastcgi.wire.Records;
import org.procmon.http.ResponseHeader;

/**
 * A connection to an application, for one request at a time. For one thread; any thread may abort
 * the request or close the connection. After an exception it is closed, unless {@link #isReusable}.
 */
public final class ClientConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 * 1024;

    /** Requests alternate between these, so that a record of an earlier one is noticed. */
    private static final int FIRST_ID = 1;

    private static final int SECOND_ID = 2;

    private final FastCgiClient client;
    private final TimedChannel channel;
    private final FastCgiClientLimits limits;
    private final RecordOutput writer;
    private final ResponseReader reader;
    private final byte[] pending = new byte[1024];
    private int pendingAt;
    private int pendingEnd;
    private int id;
    private boolean keep;
    private boolean ended = true;
    private boolean reusable = true;
    private volatile @Nullable RequestSender sender;

    ClientConnection(FastCgiClient client, TimedChannel channel) {
        this.client = client;
        this.channel = channel;
        this.limits = client.limits();
        this.writer = new RecordOutput(channel, ByteBuffer.allocate(BUFFER_BYTES));
        this.reader =
                new ResponseReader(
                        channel, ByteBuffer.allocate(BUFFER_BYTES).limit(0), limits.errorBytes());
    }

    /**
     * Asks for values such as {@code FCGI_MAX_CONNS}. Some applications close the connection after
     * their answer.
     *
     * @return those that the application knows
     */
    Map<String, String> values(Set<String> names) throws IOException {
        requireReusable();
        boolean good = false;
        try {
            writer.pairs(
                    Records.GET_VALUES,
                    Records.MANAGEMENT,
                    names.stream().collect(Collectors.toMap(name -> name, _ -> "")));
            writer.flush();
            channel.await("values", limits.headerTime());
            Map<String, String> values = reader.values();
            good = true;
            return values;
        } finally {
            if (!good) {
                close();
            }
        }
    }

    /**
     * Sends a request, and waits for the header of its response.
     *
     * @throws RequestRejectedException if the application did not take it
     * @throws FastCgiException with what went wrong
     */
    public ClientResponse send(ClientRequest request) throws IOException {
        requireReusable();
        reusable = false;
        ended = false;
        keep = request.keepConnection();
        id = id == FIRST_ID ? SECOND_ID : FIRST_ID;
        RequestSender sending = new RequestSender(writer, channel, id, request);
        sender = sending;
        reader.begin(id);
        boolean good = false;
        try {
            channel.await("header of a response", limits.headerTime());
            sending.begin();
            if (sending.hasBody()) {
                client.newThread(sending).start();
            }
            ResponseHeader header = readHeader();
            channel.await("more of the response", limits.silence());
            good = true;
            return new ClientResponse(this, header);
        } finally {
            if (!good && !reusable) {
                close();
            }
        }
    }

    /**
     * Asks the application to give up the present request, if there is one; from any thread. It may
     * still answer, and ends the request.
     */
    public void abort() {
        RequestSender present = sender;
        if (present != null) {
            present.abort();
        }
    }

    /** What was written to standard error since the last call. */
    public byte[] takeErrors() {
        return reader.takeErrors();
    }

    /** Whether another request may be sent: the last one has ended as it should. */
    public boolean isReusable() {
        return reusable && channel.isOpen();
    }

    @Override
    public void close() {
        reusable = false;
        channel.close();
    }

    /** Reads from the body of the response; -1 at its end. */
    int read(byte[] into, int offset, int length) throws IOException {
        if (pendingAt < pendingEnd) {
            int count = Math.min(length, pendingEnd - pendingAt);
            System.arraycopy(pending, pendingAt, into, offset, count);
            pendingAt += count;
            return count;
        }
        boolean good = false;
        try {
            int count = reader.read(into, offset, length);
            if (count < 0) {
                finish();
            } else {
                channel.progress();
            }
            good = true;
            return count;
        } finally {
            if (!good) {
                close();
            }
        }
    }

    /** Whether something was received that {@link #read} has not used yet. */
    boolean hasReceived() {
        return pendingAt < pendingEnd || reader.hasReceived();
    }

    int appStatus() {
        if (!ended) {
            throw new IllegalStateException("the response has not ended");
        }
        return reader.appStatus();
    }

    private ResponseHeader readHeader() throws IOException {
        CgiHeaderParser parser = new CgiHeaderParser(limits.headerBytes(), limits.headerFields());
        pendingAt = 0;
        pendingEnd = 0;
        while (!parser.isComplete()) {
            pendingEnd = reader.read(pending, 0, pending.length);
            if (pendingEnd < 0) {
                pendingEnd = 0;
                finish();
                throw new FastCgiException(
                        "the request ended with status "
                                + reader.appStatus()
                                + " before the header of its response was complete");
            }
            pendingAt = parser.take(pending, pendingEnd);
        }
        return parser.header();
    }

    /** The application has ended the request. */
    private void finish() throws IOException {
        RequestSender sending = sender;
        boolean sent = sending != null && sending.end();
        String broken = sending == null ? null : sending.failure();
        sender = null;
        ended = true;
        reusable = keep && sent && !reader.hasBytes();
        if (!reusable) {
            channel.close();
        }
        if (broken != null) {
            throw new FastCgiException(broken);
        }
        if (reader.protocolStatus() != Records.REQUEST_COMPLETE) {
            throw new RequestRejectedException(reader.protocolStatus());
        }
    }

    private void requireReusable() {
        if (!isReusable()) {
            throw new IllegalStateException("cannot send a request: the connection is used up");
        }
    }
}
