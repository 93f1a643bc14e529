package org.procmon.fastcgi;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.fastcgi.wire.BadVariables;
import org.procmon.fastcgi.wire.ByteBudget;
import org.procmon.fastcgi.wire.FastCgiException;
import org.procmon.fastcgi.wire.NameValues;
import org.procmon.fastcgi.wire.RecordParser;
import org.procmon.fastcgi.wire.Records;

/**
 * Reads the requests of one connection, one after the other, and answers itself what needs no
 * handler: management records, refused requests, requests aborted early. It reads from the channel
 * only what {@link #next} and the input of the request need. For one thread.
 */
final class RequestReader {
    private static final int NO_REQUEST = 0;
    private static final int MAX_MANAGEMENT_PAIRS = 100;
    private static final int MAX_MANAGEMENT_BYTES = 4096;

    /** Is notified when the reader waits for the input of a request, and when no longer. */
    interface InputWait {
        InputWait UNBOUNDED =
                new InputWait() {
                    @Override
                    public void begins() {
                        // No limit.
                    }

                    @Override
                    public void ends() {
                        // Nothing to undo.
                    }
                };

        void begins();

        void ends();
    }

    /** Which records of the active request may come. */
    private enum Stage {
        NONE,
        PARAMS,
        STDIN,
        COMPLETE
    }

    private final ByteChannel channel;
    private final ByteBuffer in;
    private final ResponderLimits responderLimits;
    private final ByteBudget.Lease variables;
    private final InputWait inputWait;
    private final Thread.UncaughtExceptionHandler bugs;
    private final RecordParser parser = new RecordParser();
    private final byte[] body = new byte[Records.BODY_BYTES];
    private Stage stage = Stage.NONE;
    private int active = NO_REQUEST;
    private boolean keepOpen = true;
    private volatile boolean aborted;
    private boolean inStdin;
    private @Nullable NameValues params;
    private @Nullable IOException failure;

    /**
     * Reads in place of the connection's own thread, once a caller has asked to be notified of its
     * end.
     */
    private @Nullable Thread watcher;

    /**
     * @param in empty; what is read passes through it
     * @param variables the memory for the CGI variables of a request, until the next one
     * @param bugs is notified if the watcher fails
     */
    RequestReader(
            ByteChannel channel,
            ByteBuffer in,
            ResponderLimits responderLimits,
            ByteBudget.Lease variables,
            InputWait inputWait,
            Thread.UncaughtExceptionHandler bugs) {
        this.channel = channel;
        this.in = in.limit(0);
        this.responderLimits = responderLimits;
        this.variables = variables;
        this.inputWait = inputWait;
        this.bugs = bugs;
    }

    /** Waits for bytes; false if the peer has closed the connection. */
    boolean awaitBytes() throws IOException {
        return in.hasRemaining() || read() >= 0;
    }

    /** Whether bytes of a later request were received. */
    boolean hasBytes() {
        return in.hasRemaining();
    }

    /**
     * Reads up to the end of a request's variables.
     *
     * @return the request; null if all received records were handled and no request was started, or
     *     if the connection must be closed
     * @throws BadVariables if the request must be answered, and then the connection be closed
     */
    @Nullable ResponderRequest next() throws IOException {
        variables.end();
        active = NO_REQUEST;
        stage = Stage.NONE;
        aborted = false;
        while (keepOpen || active != NO_REQUEST) {
            if (!parser.nextHeader(in)) {
                if (active == NO_REQUEST && !parser.midRecord()) {
                    return null;
                }
                fill();
                continue;
            }
            Map<String, String> complete = record();
            if (complete != null) {
                complete.remove("HTTP_PROXY");
                return new ResponderRequest(complete, new Input(), this::watch);
            }
            if (aborted) {
                endRequest(active, Records.REQUEST_COMPLETE);
                variables.end();
                active = NO_REQUEST;
                stage = Stage.NONE;
                aborted = false;
            }
        }
        return null;
    }

    /** Whether the web server keeps the connection for more requests. */
    boolean keepOpen() {
        return keepOpen;
    }

    /** The id of the last returned request. */
    int requestId() {
        return active;
    }

    boolean aborted() {
        return aborted;
    }

    /** Why the input of the present request broke off, if it did. */
    @Nullable IOException failure() {
        return failure;
    }

    /**
     * Whether all of the request was received, as far as is known without waiting. If not, the rest
     * must be read before the socket is closed, or the kernel may drop the answer.
     */
    boolean receivedInFull() throws IOException {
        if (isWatched() || aborted) {
            return true;
        }
        while (stage == Stage.STDIN && parser.nextHeader(in)) {
            record();
        }
        return stage == Stage.COMPLETE || (stage == Stage.NONE && keepOpen);
    }

    /** Reads and discards the rest, until the peer closes. */
    void drain() throws IOException {
        do {
            in.limit(in.position());
        } while (read() >= 0);
    }

    /** Whether only the watcher may still read. */
    boolean isWatched() {
        return watcher != null;
    }

    /** Waits for the watcher to exit, if there is one; the channel must be closed. */
    void endWatch() {
        Thread watching = watcher;
        boolean interrupted = false;
        while (watching != null && watching.isAlive()) {
            try {
                watching.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch(Runnable action) {
        if (isWatched()) {
            throw new IllegalStateException("cannot watch a connection twice");
        }
        watcher =
                Thread.ofVirtual()
                        .name("fastcgi-watcher")
                        .uncaughtExceptionHandler(bugs)
                        .start(() -> {
                            awaitAbort();
                            action.run();
                        });
    }

    /** Discards all other records: to answer them would interfere with the response. */
    private void awaitAbort() {
        try {
            while (!aborted) {
                if (parser.nextHeader(in)) {
                    aborted =
                            parser.type() == Records.ABORT_REQUEST && parser.requestId() == active;
                } else if (read() < 0) {
                    return;
                }
            }
        } catch (IOException e) {
            // A broken connection counts as closed.
        }
    }

    /** Handles the present record; returns the variables if it ended them. */
    private @Nullable Map<String, String> record() throws IOException {
        inStdin = false;
        int id = parser.requestId();
        if (id == Records.MANAGEMENT) {
            management();
        } else if (parser.type() == Records.BEGIN_REQUEST) {
            begin(id);
        } else if (id == active) {
            return activeRecord();
        }
        return null;
    }

    private @Nullable Map<String, String> activeRecord() throws IOException {
        switch (parser.type()) {
            case Records.ABORT_REQUEST -> aborted = true;
            case Records.PARAMS -> {
                require(Stage.PARAMS, "PARAMS");
                return params();
            }
            case Records.STDIN -> {
                require(Stage.STDIN, "STDIN");
                inStdin = parser.contentLeft() > 0;
                if (!inStdin) {
                    stage = Stage.COMPLETE;
                }
            }
            default -> {
                // Not for a responder (DATA), or unknown: ignored (section 3.3).
            }
        }
        return null;
    }

    private void require(Stage needed, String stream) throws FastCgiException {
        if (stage != needed) {
            throw new FastCgiException("a record of " + stream + " is out of order");
        }
    }

    private void begin(int id) throws IOException {
        readBody("BEGIN_REQUEST");
        int role = ((body[0] & 0xff) << 8) | (body[1] & 0xff);
        if (id == active) {
            throw new FastCgiException("request " + id + " is started twice");
        } else if (active != NO_REQUEST) {
            endRequest(id, Records.CANT_MPX_CONN);
            return;
        }
        keepOpen = (body[2] & Records.KEEP_CONN) != 0;
        if (role == Records.ROLE_RESPONDER) {
            active = id;
            stage = Stage.PARAMS;
            params =
                    new NameValues(
                            responderLimits.paramsBytes(), responderLimits.params(), variables);
        } else {
            endRequest(id, Records.UNKNOWN_ROLE);
        }
    }

    private @Nullable Map<String, String> params() throws IOException {
        NameValues gathered = Objects.requireNonNull(params, "params is null");
        if (parser.contentLeft() == 0) {
            stage = Stage.STDIN;
            params = null;
            return gathered.read();
        }
        gather(gathered);
        return null;
    }

    private void gather(NameValues pairs) throws IOException {
        while (true) {
            pairs.gather(parser, in);
            if (parser.contentLeft() == 0) {
                return;
            }
            fill();
        }
    }

    private void management() throws IOException {
        if (parser.type() != Records.GET_VALUES) {
            ByteBuffer out = ByteBuffer.allocate(Records.HEADER_BYTES + Records.BODY_BYTES);
            Records.unknownType(out, parser.type());
            write(out);
            return;
        }
        ByteBuffer out = ByteBuffer.allocate(256).position(Records.HEADER_BYTES);
        for (String name : askedValues()) {
            switch (name) {
                case "FCGI_MAX_CONNS", "FCGI_MAX_REQS" ->
                        NameValues.write(
                                out, name, Integer.toString(responderLimits.connections()));
                case "FCGI_MPXS_CONNS" -> NameValues.write(out, name, "0");
                default -> {
                    // The answer leaves out unknown names (section 4.1).
                }
            }
        }
        int content = out.position() - Records.HEADER_BYTES;
        Records.headerAt(out, 0, Records.GET_VALUES_RESULT, Records.MANAGEMENT, content);
        write(out);
    }

    private Set<String> askedValues() throws IOException {
        NameValues asked = new NameValues(MAX_MANAGEMENT_BYTES, MAX_MANAGEMENT_PAIRS);
        try {
            gather(asked);
            return asked.read().keySet();
        } catch (BadVariables e) {
            throw new FastCgiException("GET_VALUES: " + e.getMessage());
        }
    }

    private void endRequest(int id, int protocolStatus) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(Records.HEADER_BYTES + Records.BODY_BYTES);
        Records.endRequest(out, id, 0, protocolStatus);
        write(out);
    }

    private void write(ByteBuffer out) throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            channel.write(out);
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

    /** Reads more; {@code in} must be consumed. */
    private void fill() throws IOException {
        int count;
        try {
            count = read();
        } catch (ClosedChannelException | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new FastCgiException("the stream breaks off: " + e.getMessage());
        }
        if (count < 0) {
            throw new FastCgiException("the stream ends early");
        }
    }

    private int read() throws IOException {
        in.clear();
        int count = 0;
        try {
            count = channel.read(in);
        } finally {
            in.flip();
        }
        return count;
    }

    private int readInput(byte[] into, int offset, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        inputWait.begins();
        try {
            while (stage == Stage.STDIN) {
                if (aborted) {
                    throw new RequestAbortedException();
                } else if (inStdin && parser.contentLeft() > 0) {
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
        } catch (RequestAbortedException e) {
            throw e;
        } catch (IOException e) {
            failure = e;
            throw e;
        } finally {
            inputWait.ends();
        }
    }

    /** The STDIN stream of the active request. */
    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            return length == 0 ? 0 : readInput(into, offset, length);
        }
    }
}
