package org.procmon.control.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.procmon.control.protocol.OnBehalf;

/**
 * Connections to the monitor, kept open between calls, each of which has the same time limit. For
 * programs that make calls for others all the time; a command needs one connection only.
 * Thread-safe.
 *
 * <p>A kept connection may have died with its monitor, which shows only in use. So a query that
 * fails on one is repeated on a new one. A change is not repeated, since it may have been executed:
 * it always gets a new connection.
 */
public final class ConnectionPool implements AutoCloseable {
    private static final int MOST_KEPT = 8;

    /** The use of a connection. */
    @FunctionalInterface
    public interface Use<T> {
        T with(MonitorApi monitor) throws ControlException;
    }

    private final MonitorApi.Connector connector;
    private final Duration limit;
    private final CallLimit calls;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<MonitorApi> kept = new ArrayDeque<>();
    private boolean closed;

    /**
     * @param limit how long a call may take
     * @param bugs is notified if calls can no longer be ended
     */
    public ConnectionPool(
            MonitorApi.Connector connector, Duration limit, Thread.UncaughtExceptionHandler bugs) {
        this.connector = connector;
        this.limit = limit;
        this.calls = new CallLimit(limit, bugs);
    }

    /**
     * Sends a query, which may be repeated.
     *
     * @param sender the sender that the call is for
     * @throws NoAnswer if the monitor is there but did not answer within the limit
     */
    public <T> T ask(OnBehalf sender, Use<T> question) throws ControlException {
        MonitorApi monitor = take();
        if (monitor != null) {
            try {
                return use(monitor, sender, question);
            } catch (MonitorAway e) {
                // The monitor of the other kept connections is gone as well.
                drop();
            }
        }
        return use(connector.connect(), sender, question);
    }

    /**
     * Sends a change, which must not be repeated.
     *
     * @param sender the sender that the call is for
     * @throws NoAnswer if the monitor is there but did not answer within the limit
     */
    public <T> T change(OnBehalf sender, Use<T> change) throws ControlException {
        return use(connector.connect(), sender, change);
    }

    /** Ends all calls and connections. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        drop();
        calls.close();
    }

    private <T> T use(MonitorApi monitor, OnBehalf sender, Use<T> use) throws ControlException {
        boolean good = false;
        monitor.actFor(Optional.of(sender));
        CallLimit.Pending call = calls.begin(monitor);
        try {
            T result = use.with(monitor);
            good = true;
            return result;
        } catch (MonitorAway e) {
            if (call.overdue()) {
                throw new NoAnswer(limit);
            }
            throw e;
        } catch (ControlException e) {
            good = true;
            throw e;
        } finally {
            calls.end(call);
            if (!good || call.overdue() || !keep(monitor)) {
                monitor.close();
            }
        }
    }

    private @Nullable MonitorApi take() {
        lock.lock();
        try {
            return kept.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is room to keep it. */
    private boolean keep(MonitorApi monitor) {
        lock.lock();
        try {
            if (closed || kept.size() == MOST_KEPT) {
                return false;
            }
            kept.addFirst(monitor);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void drop() {
        for (MonitorApi monitor = take(); monitor != null; monitor = take()) {
            monitor.close();
        }
    }
}
