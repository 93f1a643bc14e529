package org.procmon.fastcgi;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.procmon.fastcgi.wire.BadVariables;
import org.procmon.fastcgi.wire.ByteBudget;
import org.procmon.fastcgi.wire.ConnectionDeadlines;
import org.procmon.fastcgi.wire.FastCgiException;
import org.procmon.http.FatalErrors;
import org.procmon.http.RequestRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One accepted connection: runs on its virtual thread, serves one request after the other and
 * reports errors in at most one log line. Other threads only close it. Every step of the peer has a
 * deadline.
 */
final class FastCgiConnection
        implements Runnable, ConnectionDeadlines.Holder, RequestReader.InputWait {
    private static final Logger log = LoggerFactory.getLogger(FastCgiConnection.class);
    private static final byte[] INTERNAL_ERROR =
            """
            Status: 500 Internal Server Error\r
            Content-Type: text/plain; charset=utf-8\r
            Cache-Control: no-store\r
            \r
            500 Internal Server Error
            """
                    .getBytes(StandardCharsets.US_ASCII);

    /** What a stop interrupts: EXPECTED is closed after a short delay, IDLE at once. */
    enum Phase {
        /** The peer is about to act: to start its first request, or to close after the last. */
        EXPECTED,
        /** Between two requests. */
        IDLE,
        /** In a request. */
        BUSY,
        CLOSED
    }

    /** What the peer must send next. */
    private enum Awaited {
        NOTHING,
        HEAD,
        BODY,
        NEXT_REQUEST
    }

    private final SocketChannel channel;
    private final SocketAddress remote;
    private final Responder responder;
    private final ConnectionDeadlines deadlines;
    private final ResponderLimits responderLimits;
    private final ByteChannel wire = new Wire();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.EXPECTED);
    private volatile Awaited awaited = Awaited.HEAD;
    private volatile long receiveBy;
    private volatile long sendBy = ConnectionDeadlines.NEVER;
    private volatile @Nullable String overdue;
    private volatile @Nullable Thread thread;
    private long bodyBy = ConnectionDeadlines.NEVER;
    private boolean served;

    FastCgiConnection(SocketChannel channel, SocketAddress remote, Responder responder) {
        this.channel = channel;
        this.remote = remote;
        this.responder = responder;
        this.deadlines = responder.deadlines();
        this.responderLimits = responder.limits();
        this.receiveBy = deadlines.now() + responderLimits.headTime().toNanos();
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        deadlines.arm(receiveBy);
        ByteBuffer in = responder.inputBuffers().take();
        ByteBudget.Lease variables = responder.variables().lease();
        RequestReader reader =
                new RequestReader(wire, in, responderLimits, variables, this, responder.bugs());
        try (channel) {
            if (!responder.unix()) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            serve(reader);
        } catch (FastCgiException e) {
            complain(Level.WARN, "cannot continue a connection", e.getMessage());
        } catch (IOException e) {
            String reason = overdue;
            if (reason != null) {
                complain(Level.WARN, "cannot continue a connection", reason);
            } else {
                debug("a connection ended", e.toString());
            }
        } catch (RuntimeException | Error e) {
            if (FatalErrors.isFatal(e)) {
                responder.bugs().uncaughtException(Thread.currentThread(), e);
            }
            failed("cannot continue a connection", e);
        } finally {
            reader.endWatch();
            variables.end();
            responder.inputBuffers().giveBack(in);
            responder.ended(this);
        }
    }

    private void serve(RequestReader reader) throws IOException {
        while (reader.awaitBytes()) {
            if (!phase.compareAndSet(served ? Phase.IDLE : Phase.EXPECTED, Phase.BUSY)) {
                return;
            }
            if (awaited != Awaited.HEAD) {
                await(Awaited.HEAD, responderLimits.headTime());
            }
            ResponderRequest request;
            try {
                request = reader.next();
            } catch (BadVariables e) {
                refuse(e, reader);
                return;
            }
            boolean keepOpen = reader.keepOpen();
            if (request != null) {
                served = true;
                awaitNothing();
                keepOpen &= answer(request, reader);
                await(Awaited.HEAD, responderLimits.headTime());
            }
            // The next request, if there may be one, skips the rest of the body.
            boolean receivedInFull = keepOpen || reader.receivedInFull();
            if (keepOpen) {
                // Records that are no request do not extend the deadline for one.
                if (request != null) {
                    await(Awaited.NEXT_REQUEST, responderLimits.idleTime());
                }
                phase.set(served ? Phase.IDLE : Phase.EXPECTED);
                keepOpen = reader.hasBytes() || !responder.closesIdle(served);
            }
            if (!keepOpen) {
                if (!receivedInFull) {
                    linger(reader);
                }
                return;
            }
        }
    }

    private void refuse(BadVariables bad, RequestReader reader) throws IOException {
        complain(Level.WARN, "cannot serve a request", bad.getMessage());
        ByteBuffer buffer = responder.outputBuffers().take();
        try {
            ResponderResponse response = new ResponderResponse(wire, buffer, reader.requestId());
            responder.handler().refuse(bad.refusal(), String.valueOf(bad.getMessage()), response);
            response.finish();
        } finally {
            responder.outputBuffers().giveBack(buffer);
        }
        linger(reader);
    }

    /** Calls the handler; false if the connection is unusable. */
    private boolean answer(ResponderRequest request, RequestReader reader) throws IOException {
        ByteBuffer buffer = responder.outputBuffers().take();
        try {
            ResponderResponse response = new ResponderResponse(wire, buffer, reader.requestId());
            bodyBy = ConnectionDeadlines.NEVER;
            Throwable thrown = handle(request, response);
            String late = overdue;
            if (reader.failure() != null && late != null && !response.sent()) {
                tooSlow(late, response);
                return false;
            } else if (reader.failure() != null) {
                throw reader.failure();
            } else if (response.failure() != null) {
                throw response.failure();
            } else if (reader.aborted()) {
                response.discard();
            } else if (thrown != null) {
                failed("cannot answer a request", thrown);
                if (response.sent()) {
                    return false;
                }
                response.discard();
                response.write(INTERNAL_ERROR);
            }
            response.finish();
            return !reader.isWatched();
        } finally {
            responder.outputBuffers().giveBack(buffer);
        }
    }

    /** Nothing more can be read, but the peer can still get an answer. */
    private void tooSlow(String reason, ResponderResponse response) throws IOException {
        complain(Level.WARN, "cannot serve a request", reason);
        response.discard();
        responder.handler().refuse(RequestRefused.TOO_SLOW, reason, response);
        response.finish();
    }

    private @Nullable Throwable handle(ResponderRequest request, ResponderResponse response) {
        try {
            responder.handler().handle(request, response);
            return null;
        } catch (IOException | RuntimeException | Error e) {
            // Errors too: an assertion or a stack overflow in one request must not affect others.
            if (FatalErrors.isFatal(e)) {
                responder.bugs().uncaughtException(Thread.currentThread(), e);
            }
            return e;
        }
    }

    /** Lets the peer read the answer while it still sends data that is discarded. */
    private void linger(RequestReader reader) {
        try {
            channel.shutdownOutput();
            await(Awaited.HEAD, responderLimits.headTime());
            phase.set(Phase.EXPECTED);
            if (!responder.hurried()) {
                reader.drain();
            }
        } catch (IOException e) {
            debug("a peer still sends after its answer", e.toString());
        }
    }

    private void await(Awaited what, Duration time) {
        await(what, deadlines.now() + time.toNanos());
    }

    private void await(Awaited what, long at) {
        awaited = what;
        receiveBy = at;
        deadlines.arm(at);
    }

    private void awaitNothing() {
        receiveBy = ConnectionDeadlines.NEVER;
        awaited = Awaited.NOTHING;
    }

    @Override
    public void begins() {
        if (bodyBy == ConnectionDeadlines.NEVER) {
            bodyBy = deadlines.now() + responderLimits.bodyTime().toNanos();
        }
        await(Awaited.BODY, bodyBy);
    }

    @Override
    public void ends() {
        awaitNothing();
    }

    @Override
    public long dueAt() {
        return Math.min(receiveBy, sendBy);
    }

    @Override
    public void expire() {
        if (sendBy <= deadlines.now()) {
            expire("what was sent was not read within " + responderLimits.sendTime());
            return;
        }
        switch (awaited) {
            case HEAD -> expire("no request within " + responderLimits.headTime());
            case BODY -> expireBody();
            case NEXT_REQUEST -> closeIf(Phase.IDLE);
            case NOTHING -> {
                // The request came at the last moment.
            }
        }
    }

    /**
     * Ends the wait for the body with an error in the handler's thread, and leaves time for an
     * answer.
     */
    private void expireBody() {
        overdue =
                "the body did not come within "
                        + responderLimits.bodyTime().toMillis() / 1000.0
                        + " s";
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            close();
        }
    }

    private void expire(String reason) {
        overdue = reason;
        close();
    }

    /** Closes the connection if it is in this phase. */
    void closeIf(Phase expected) {
        if (phase.compareAndSet(expected, Phase.CLOSED)) {
            close();
        }
    }

    /** Closes the connection, and interrupts the handler. */
    void abandon() {
        debug("closed a connection", "the time to finish is over");
        close();
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            debug("cannot close a connection", e.toString());
        }
    }

    private void failed(String event, Throwable thrown) {
        complain(Level.ERROR, event, thrown.toString());
        log.atDebug().setCause(thrown).log("the stack of the error before");
    }

    private void complain(Level level, String event, @Nullable String reason) {
        responder.complaints().log(level, event, "peer", peer(), "reason", String.valueOf(reason));
    }

    private void debug(String event, String reason) {
        log.atDebug().addKeyValue("peer", peer()).addKeyValue("reason", reason).log(event);
    }

    private String peer() {
        // The peer of a Unix socket has no name.
        return String.valueOf(responder.unix() ? responder.address() : remote);
    }

    /** The channel, with a deadline for each write: the peer must have read all of it by then. */
    private final class Wire implements ByteChannel {
        @Override
        public int read(ByteBuffer into) throws IOException {
            return channel.read(into);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            int count = from.remaining();
            long at = deadlines.now() + responderLimits.sendTime().toNanos();
            sendBy = at;
            deadlines.arm(at);
            try {
                while (from.hasRemaining()) {
                    channel.write(from);
                }
            } finally {
                sendBy = ConnectionDeadlines.NEVER;
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
