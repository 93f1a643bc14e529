package org.procmon.front.application;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;
import org.procmon.fastcgi.client.ClientConnection;

/**
 * Connections to one socket of workers that have served a request and may serve another one. A
 * connection occupies its worker, so it is kept for a moment only, and serves so many requests at
 * most: then the clients of other web servers have their turn. Any thread.
 *
 * <p>While nothing is kept, nothing runs here.
 */
final class IdleConnections {
    private static final long KEPT_NANOS = 50_000_000;
    private static final int MOST_REQUESTS = 64;

    /** More than these are closed at once. */
    private static final int MOST_KEPT = 256;

    /** A connection that is not in use. */
    record Kept(ClientConnection connection, int requests, long since) {}

    private final Scheduler scheduler;
    private final Deque<Kept> idle = new ArrayDeque<>();
    private boolean sweeping;
    private boolean closed;

    IdleConnections(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Takes the one that was used last. */
    synchronized Optional<Kept> take() {
        return Optional.ofNullable(idle.pollLast());
    }

    /**
     * Gives a connection back, or closes it.
     *
     * @param requests how many it has served
     */
    void give(ClientConnection connection, int requests) {
        if (!connection.isReusable() || requests >= MOST_REQUESTS || !keep(connection, requests)) {
            connection.close();
        }
    }

    private synchronized boolean keep(ClientConnection connection, int requests) {
        if (closed || idle.size() >= MOST_KEPT) {
            return false;
        }
        idle.addLast(new Kept(connection, requests, System.nanoTime()));
        if (!sweeping) {
            sweeping = true;
            sweepLater();
        }
        return true;
    }

    private void sweepLater() {
        var _ = scheduler.schedule(this::sweep, KEPT_NANOS, TimeUnit.NANOSECONDS);
    }

    private void sweep() {
        List<Kept> old = new ArrayList<>();
        synchronized (this) {
            long now = System.nanoTime();
            while (!idle.isEmpty() && now - idle.getFirst().since() >= KEPT_NANOS) {
                old.add(idle.removeFirst());
            }
            sweeping = !idle.isEmpty();
            if (sweeping) {
                sweepLater();
            }
        }
        old.forEach(kept -> kept.connection().close());
    }

    /** Closes all, and keeps no more. */
    void close() {
        List<Kept> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(idle);
            idle.clear();
        }
        all.forEach(kept -> kept.connection().close());
    }
}
