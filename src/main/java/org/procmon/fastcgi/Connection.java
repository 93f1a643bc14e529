package org.procmon.fastcgi;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One accepted connection: runs on its virtual thread, serves one request after the other and says
 * in at most one line of the log what went wrong. Other threads only close it.
 */
final class Connection implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Connection.class);
    private static final byte[] INTERNAL_ERROR =
            """
            Status: 500 Internal Server Error\r
            Content-Type: text/plain; charset=utf-8\r
            Cache-Control: no-store\r
            \r
            500 Internal Server Error
            """
                    .getBytes(StandardCharsets.US_ASCII);

    /** What a stop may interrupt: the first is closed after a short chance, the second at once. */
    enum Phase {
        /** The peer is about to act: to begin its first request, or to close after the last. */
        EXPECTED,
        /** Between two requests. */
        IDLE,
        /** In a request. */
        BUSY,
        CLOSED
    }

    private final SocketChannel channel;
    private final SocketAddress remote;
    private final Responder responder;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.EXPECTED);
    private volatile long headDeadline;
    private volatile boolean headAwaited;
    private volatile boolean overdue;
    private volatile @Nullable Thread thread;
    private boolean served;

    Connection(SocketChannel channel, SocketAddress remote, Responder responder) {
        this.channel = channel;
        this.remote = remote;
        this.responder = responder;
        headDeadline = System.nanoTime() + responder.limits().headTime().toNanos();
        headAwaited = true;
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        responder.headDeadlines().arm();
        ByteBuffer in = responder.inputBuffers().take();
        RequestReader reader = new RequestReader(channel, in, responder.limits());
        try (channel) {
            if (!responder.unix()) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            serve(reader);
        } catch (FastCgiException e) {
            log.warn("cannot go on with the connection of {}: {}", peer(), e.getMessage());
        } catch (IOException e) {
            if (overdue) {
                log.warn(
                        "cannot go on with the connection of {}: no request within {}",
                        peer(),
                        responder.limits().headTime());
            } else {
                log.debug("the connection of {} ended: {}", peer(), e.toString());
            }
        } catch (RuntimeException | Error e) {
            log.error("cannot go on with the connection of {}: {}", peer(), e.toString());
            log.debug("where it went wrong:", e);
        } finally {
            reader.endVigil();
            responder.inputBuffers().giveBack(in);
            responder.ended(this);
        }
    }

    private void serve(RequestReader reader) throws IOException {
        while (reader.awaitBytes()) {
            if (!phase.compareAndSet(served ? Phase.IDLE : Phase.EXPECTED, Phase.BUSY)) {
                return;
            }
            if (served) {
                awaitHead();
            }
            Request request = reader.next();
            headAwaited = false;
            boolean keepOpen = reader.keepOpen();
            if (request != null) {
                served = true;
                keepOpen &= answer(request, reader);
            }
            boolean receivedInFull = reader.receivedInFull();
            if (keepOpen) {
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

    /** Calls the handler; false if the connection is of no more use. */
    private boolean answer(Request request, RequestReader reader) throws IOException {
        ByteBuffer buffer = responder.outputBuffers().take();
        try {
            Response response = new Response(channel, buffer, reader.requestId());
            Throwable thrown = handle(request, response);
            if (reader.failure() != null) {
                throw reader.failure();
            } else if (response.failure() != null) {
                throw response.failure();
            } else if (reader.aborted()) {
                response.discard();
            } else if (thrown != null) {
                log.error("cannot answer a request of {}: {}", peer(), thrown.toString());
                log.debug("where it went wrong:", thrown);
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

    private @Nullable Throwable handle(Request request, Response response) {
        try {
            responder.handler().handle(request, response);
            return null;
        } catch (IOException | RuntimeException | Error e) {
            // An error, too: an assertion or a stack overflow in one request is not another's end.
            return e;
        }
    }

    /** Lets the peer read the answer although it is still sending what nobody wants. */
    private void linger(RequestReader reader) {
        try {
            channel.shutdownOutput();
            awaitHead();
            phase.set(Phase.EXPECTED);
            if (!responder.hurried()) {
                reader.drain();
            }
        } catch (IOException e) {
            log.debug("{} goes on after its answer: {}", peer(), e.toString());
        }
    }

    private void awaitHead() {
        headDeadline = System.nanoTime() + responder.limits().headTime().toNanos();
        headAwaited = true;
        responder.headDeadlines().arm();
    }

    /**
     * Nanoseconds from {@code now} until the peer must have sent its head; never if none is due.
     */
    long headDueIn(long now) {
        return headAwaited ? headDeadline - now : Long.MAX_VALUE;
    }

    void expire() {
        overdue = true;
        close();
    }

    /** Closes the connection if it is in that phase. */
    void closeIf(Phase expected) {
        if (phase.compareAndSet(expected, Phase.CLOSED)) {
            close();
        }
    }

    /** Closes the connection, and the handler learns it by an interrupt. */
    void abandon() {
        log.debug("the connection of {} is closed, the grace is over", peer());
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
            log.debug("cannot close the connection of {}: {}", peer(), e.toString());
        }
    }

    private String peer() {
        // The peer of a Unix socket has no name.
        return responder.unix() ? "a peer on " + responder.address() : remote.toString();
    }
}
