package org.procmon.web;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.control.protocol.OnBehalf;

/**
 * The connections to the monitor, kept open from one call to the next. Thread-safe.
 *
 * <p>A connection that was kept may have died with its monitor, which is only seen when it is used.
 * So a question that is lost on one is asked again on a new one. A change is not, since it may have
 * been done: it gets a new connection from the start.
 */
final class Connections implements AutoCloseable {
    private static final int MOST_KEPT = 8;

    /** Changes wait for their outcome, and must leave the monitor room for other clients. */
    private static final int MOST_CHANGES = 32;

    /** What is done with a connection. */
    @FunctionalInterface
    interface Use<T> {
        T with(ControlClient client) throws ControlException;
    }

    /** The monitor is there and did not answer within the limit. */
    static final class Overdue extends Exception {
        private static final long serialVersionUID = 1;
    }

    private final Supplier<Path> socket;
    private final CallLimit limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<ControlClient> kept = new ArrayDeque<>();
    private final Semaphore changes = new Semaphore(MOST_CHANGES);
    private final long limitNanos;
    private boolean closed;

    /**
     * @param socket the monitor's socket, asked for each time that a connection is made
     * @param limit how long a call may take
     */
    Connections(Supplier<Path> socket, Duration limit) {
        this.socket = socket;
        this.limit = new CallLimit(limit);
        this.limitNanos = limit.toNanos();
    }

    /**
     * Asks something that may be asked twice.
     *
     * @param whom for whom
     */
    <T> T ask(OnBehalf whom, Use<T> question) throws ControlException, Overdue {
        ControlClient client = take();
        if (client != null) {
            try {
                return use(client, whom, question);
            } catch (MonitorAway e) {
                // The monitor that the others led to is gone as well.
                drop();
            }
        }
        return use(ControlClient.connect(socket.get()), whom, question);
    }

    /**
     * Asks for something that must not be done twice.
     *
     * @param whom for whom
     */
    <T> T change(OnBehalf whom, Use<T> change) throws ControlException, Overdue {
        try {
            if (!changes.tryAcquire(limitNanos, TimeUnit.NANOSECONDS)) {
                throw new Overdue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Overdue();
        }
        try {
            return use(ControlClient.connect(socket.get()), whom, change);
        } finally {
            changes.release();
        }
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
        limit.close();
    }

    private <T> T use(ControlClient client, OnBehalf whom, Use<T> use)
            throws ControlException, Overdue {
        boolean good = false;
        client.actFor(Optional.of(whom));
        CallLimit.Pending call = limit.begin(client);
        try {
            T result = use.with(client);
            good = true;
            return result;
        } catch (MonitorAway e) {
            if (call.overdue()) {
                throw new Overdue();
            }
            throw e;
        } catch (ControlException e) {
            good = true;
            throw e;
        } finally {
            limit.end(call);
            if (!good || call.overdue() || !keep(client)) {
                client.close();
            }
        }
    }

    private @Nullable ControlClient take() {
        lock.lock();
        try {
            return kept.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is room for it. */
    private boolean keep(ControlClient client) {
        lock.lock();
        try {
            if (closed || kept.size() == MOST_KEPT) {
                return false;
            }
            kept.addFirst(client);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void drop() {
        for (ControlClient client = take(); client != null; client = take()) {
            client.close();
        }
    }
}
