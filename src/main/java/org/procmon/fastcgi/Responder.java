package org.procmon.fastcgi;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.procmon.fastcgi.wire.ByteBudget;
import org.procmon.fastcgi.wire.ConnectionDeadlines;
import org.procmon.http.FatalErrors;
import org.procmon.http.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A FastCGI application in the responder role, on a listening TCP or Unix socket. Each connection
 * has a virtual thread and serves one request at a time (FCGI_MPXS_CONNS is 0). Thread-safe.
 *
 * @see <a href="https://fastcgi-archives.github.io/FastCGI_Specification.html">FastCGI
 *     Specification</a>
 */
public final class Responder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Responder.class);

    /** Most requests are smaller, so that one read gets a whole one. */
    private static final int INPUT_BUFFER_BYTES = 16 * 1024;

    private static final int OUTPUT_BUFFER_BYTES = 32 * 1024;

    /** How long a peer that is about to act has when the responder stops. */
    private static final Duration EXPECTED_CHANCE = Duration.ofMillis(500);

    /** How long connections have to notice that they were closed. */
    private static final Duration LAST_MOMENT = Duration.ofSeconds(1);

    /** How long to wait after a failed accept if no connection closes meanwhile. */
    private static final long ACCEPT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** The most log lines that peers can cause in a period. */
    private static final int MOST_COMPLAINTS = 20;

    private static final Duration COMPLAINTS_PERIOD = Duration.ofSeconds(10);

    private final ServerSocketChannel listener;
    private final Selector selector;
    private final ResponderHandler handler;
    private final ResponderLimits responderLimits;
    private final AllowedPeers allowedPeers;
    private final SocketAddress address;
    private final BufferPool inputBuffers = new BufferPool(INPUT_BUFFER_BYTES);
    private final BufferPool outputBuffers = new BufferPool(OUTPUT_BUFFER_BYTES);
    private final Set<FastCgiConnection> connections = ConcurrentHashMap.newKeySet();
    private final ConnectionDeadlines deadlines;
    private final ByteBudget variables;
    private final LogRateLimit complaints;
    private final Thread.UncaughtExceptionHandler bugs;
    private final Semaphore slots;
    private final ThreadFactory threads;
    private final Thread acceptor;
    private volatile boolean stopping;
    private volatile boolean hurried;
    private volatile boolean acceptPaused;

    /** Whether the last accept failed; only for the acceptor's thread. */
    private boolean acceptFailed;

    private Responder(
            ServerSocketChannel listener,
            ResponderHandler handler,
            ResponderLimits responderLimits,
            AllowedPeers allowedPeers,
            Thread.UncaughtExceptionHandler bugs)
            throws IOException {
        this.listener = listener;
        this.handler = handler;
        this.responderLimits = responderLimits;
        this.allowedPeers = allowedPeers;
        this.address = listener.getLocalAddress();
        this.bugs = bugs;
        this.deadlines = new ConnectionDeadlines(connections, bugs);
        this.variables = new ByteBudget(responderLimits.allParamsBytes());
        this.complaints = new LogRateLimit(log, MOST_COMPLAINTS, COMPLAINTS_PERIOD, bugs);
        this.threads =
                Thread.ofVirtual().name("fastcgi-", 0).uncaughtExceptionHandler(bugs).factory();
        this.acceptor =
                Thread.ofVirtual()
                        .name("fastcgi-accept")
                        .uncaughtExceptionHandler(bugs)
                        .unstarted(this::accept);
        this.slots = new Semaphore(responderLimits.connections());
        listener.configureBlocking(false);
        this.selector = listener.provider().openSelector();
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** As {@link #start}, for a handler that knows HTTP and no FastCGI. */
    public static Responder serve(
            ServerSocketChannel listener,
            Handler handler,
            ResponderLimits responderLimits,
            AllowedPeers allowedPeers,
            Thread.UncaughtExceptionHandler bugs)
            throws IOException {
        return start(listener, new HttpAdapter(handler), responderLimits, allowedPeers, bugs);
    }

    /**
     * Starts to serve.
     *
     * @param listener bound; it becomes non-blocking, and is closed when the responder stops
     * @param bugs is notified when a thread ends that the responder needs, and of errors after
     *     which a program should exit ({@link FatalErrors}), in any thread
     * @throws IOException if the listener is closed or cannot be watched
     */
    public static Responder start(
            ServerSocketChannel listener,
            ResponderHandler handler,
            ResponderLimits responderLimits,
            AllowedPeers allowedPeers,
            Thread.UncaughtExceptionHandler bugs)
            throws IOException {
        Responder responder = new Responder(listener, handler, responderLimits, allowedPeers, bugs);
        responder.acceptor.start();
        return responder;
    }

    /**
     * Stops in order: accepts the connections in the listen queue, closes the listener, waits for
     * requests in progress, closes idle connections at once. After the grace time it closes all
     * other connections and interrupts their handlers. Returns when that is done; another call has
     * no effect.
     *
     * <p>A client that connects between the last accept and the close of the listener gets a reset,
     * unless another process holds the listener, too, or no client can reach it any more (the file
     * of a Unix socket was removed before).
     *
     * @param grace how long requests may take to finish
     */
    public void stop(Duration grace) {
        long deadline = System.nanoTime() + grace.toNanos();
        stopping = true;
        selector.wakeup();
        closeAll(FastCgiConnection.Phase.IDLE);
        boolean interrupted = !join(deadline);
        interrupted |= !awaitEnd(Math.min(deadline, System.nanoTime() + EXPECTED_CHANCE.toNanos()));
        hurried = true;
        closeAll(FastCgiConnection.Phase.EXPECTED);
        interrupted |= !awaitEnd(deadline);
        connections.forEach(FastCgiConnection::abandon);
        interrupted |= !awaitEnd(System.nanoTime() + LAST_MOMENT.toNanos());
        deadlines.cancel();
        complaints.flush();
        if (!connections.isEmpty()) {
            log.atWarn()
                    .addKeyValue("requests", connections.size())
                    .log("cannot end requests, their handlers still run");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops without grace time. */
    @Override
    public void close() {
        stop(Duration.ZERO);
    }

    /** Waits for the acceptor; false if interrupted meanwhile. */
    private boolean join(long deadline) {
        try {
            long left = deadline - System.nanoTime();
            if (left <= 0 || !acceptor.join(Duration.ofNanos(left))) {
                acceptor.interrupt();
                acceptor.join();
            }
            return true;
        } catch (InterruptedException e) {
            acceptor.interrupt();
            return false;
        }
    }

    /** Waits until all connections are closed; false if interrupted meanwhile. */
    private boolean awaitEnd(long deadline) {
        int all = responderLimits.connections();
        try {
            if (slots.tryAcquire(all, deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                slots.release(all);
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void closeAll(FastCgiConnection.Phase phase) {
        connections.forEach(fastCgiConnection -> fastCgiConnection.closeIf(phase));
    }

    private void accept() {
        try (selector;
                listener) {
            while (!stopping) {
                selector.select();
                selector.selectedKeys().clear();
                acceptWaiting();
            }
            acceptWaiting();
        } catch (IOException | InterruptedException e) {
            if (!stopping) {
                throw new IllegalStateException("cannot accept on " + address + " any more", e);
            }
            log.atDebug().addKeyValue("address", address).log("stopped accepting");
        }
    }

    /** Accepts waiting connections, up to the limit at a time, so that a stop makes progress. */
    private void acceptWaiting() throws IOException, InterruptedException {
        for (int count = 0; count < responderLimits.connections(); count++) {
            slots.acquire();
            SocketChannel channel = acceptOne();
            if (channel == null) {
                slots.release();
                return;
            }
            if (!serve(channel)) {
                slots.release();
            }
        }
    }

    /** The next connection of the listen queue; null if there is none or accept fails now. */
    private @Nullable SocketChannel acceptOne() throws IOException {
        try {
            SocketChannel channel = listener.accept();
            acceptFailed = false;
            return channel;
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            // Most likely there are no free descriptors; the connection waits in the queue.
            if (!acceptFailed) {
                complaints.log(
                        Level.WARN,
                        "cannot accept for now",
                        "address",
                        address,
                        "reason",
                        String.valueOf(e.getMessage()));
            }
            acceptFailed = true;
            acceptPaused = true;
            LockSupport.parkNanos(this, ACCEPT_PAUSE_NANOS);
            acceptPaused = false;
            return null;
        }
    }

    /** Starts a connection's thread; false if the connection is closed instead. */
    private boolean serve(SocketChannel channel) {
        try {
            SocketAddress remote = channel.getRemoteAddress();
            if (allowedPeers.include(remote)) {
                FastCgiConnection fastCgiConnection = new FastCgiConnection(channel, remote, this);
                connections.add(fastCgiConnection);
                threads.newThread(fastCgiConnection).start();
                return true;
            }
            complaints.log(Level.WARN, "refused a peer", "peer", remote);
            channel.close();
        } catch (IOException e) {
            log.atDebug()
                    .addKeyValue("address", address)
                    .addKeyValue("reason", e)
                    .log("a connection closed at once");
        }
        return false;
    }

    /** Makes the acceptor check the listener, as a connecting client does. */
    void wakeUp() {
        selector.wakeup();
    }

    /** Called by a connection as its last step. */
    void ended(FastCgiConnection fastCgiConnection) {
        connections.remove(fastCgiConnection);
        slots.release();
        if (acceptPaused) {
            LockSupport.unpark(acceptor);
        }
    }

    boolean unix() {
        return address instanceof UnixDomainSocketAddress;
    }

    /** Whether a connection between two requests, or before its first, must close. */
    boolean closesIdle(boolean served) {
        return served ? stopping : hurried;
    }

    /** Whether a stop now waits only for requests in progress. */
    boolean hurried() {
        return hurried;
    }

    ResponderHandler handler() {
        return handler;
    }

    ResponderLimits limits() {
        return responderLimits;
    }

    SocketAddress address() {
        return address;
    }

    BufferPool inputBuffers() {
        return inputBuffers;
    }

    BufferPool outputBuffers() {
        return outputBuffers;
    }

    ConnectionDeadlines deadlines() {
        return deadlines;
    }

    /** The memory for the CGI variables of all requests. */
    ByteBudget variables() {
        return variables;
    }

    /** The log for the errors of peers. */
    LogRateLimit complaints() {
        return complaints;
    }

    Thread.UncaughtExceptionHandler bugs() {
        return bugs;
    }
}
