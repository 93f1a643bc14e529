package org.procmon.web;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.OnBehalf;
import org.procmon.control.protocol.Wait;

/**
 * The connections to the monitor, kept open between calls. Thread-safe.
 *
 * <p>A kept connection may have died with its monitor, which shows only in use. So a query that
 * fails on one is repeated on a new one. A change is not repeated, since it may have been executed:
 * it always gets a new connection.
 */
final class MonitorConnections implements AutoCloseable {
    private static final int MOST_KEPT = 8;

    /**
     * Changes that wait for their outcome. With the other places here, and those of streams, they
     * are fewer connections than the monitor allows one user.
     */
    private static final int MOST_CHANGES = 48;

    /** Changes beyond these, which wait only briefly. */
    private static final int MAX_BRIEF = 16;

    private static final Duration BRIEF_WAIT = Duration.ofSeconds(1);

    /** How long a change may wait before it is sent. */
    private static final Duration QUEUE_TIME = Duration.ofSeconds(5);

    private static final int MOST_QUESTIONS = 12;

    /** A single remote address gets three quarters. */
    private static final int SHARE_FACTOR = 3;

    /** The use of a connection. */
    @FunctionalInterface
    interface Use<T> {
        T with(ControlClient client) throws ControlException;
    }

    /** The use of a connection, with how long to wait for the outcome. */
    @FunctionalInterface
    interface Change<T> {
        T with(ControlClient client, Wait wait) throws ControlException;
    }

    /** One remote address has more requests in progress than it may; nothing was done. */
    static final class Crowded extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** A change was started, but the wait for it was cut short because others wait too. */
    static final class Unfinished extends Exception {
        private static final long serialVersionUID = 1;

        private final String reason;

        private Unfinished(String reason) {
            super(reason);
            this.reason = reason;
        }

        /** What it waits for. */
        String reason() {
            return reason;
        }
    }

    /** The monitor is there but did not answer within the limit. */
    static final class Overdue extends Exception {
        private static final long serialVersionUID = 1;
    }

    private final Supplier<Path> socket;
    private final CallLimit limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<ControlClient> kept = new ArrayDeque<>();
    private final FairShare questions = new FairShare(MOST_QUESTIONS, SHARE_FACTOR);
    private final FairShare changes = new FairShare(MOST_CHANGES, SHARE_FACTOR);
    private final FairShare briefChanges = new FairShare(MAX_BRIEF, SHARE_FACTOR);
    private final long limitNanos;
    private boolean closed;

    /**
     * @param socket the monitor's socket, looked up for each new connection
     * @param limit how long a call may take
     * @param bugs is notified if calls can no longer be ended
     */
    MonitorConnections(
            Supplier<Path> socket, Duration limit, Thread.UncaughtExceptionHandler bugs) {
        this.socket = socket;
        this.limit = new CallLimit(limit, bugs);
        this.limitNanos = limit.toNanos();
    }

    /**
     * Sends a query, which may be repeated.
     *
     * @param sender the sender that the call is for
     */
    <T> T ask(OnBehalf sender, Use<T> question) throws ControlException, Overdue {
        String address = RemoteAddress.key(sender.address());
        take(questions, address, limitNanos);
        try {
            return askAtOnce(sender, question);
        } finally {
            questions.give(address, 1);
        }
    }

    /** As {@link #ask}, for callers that limit the number of calls themselves. */
    <T> T askAtOnce(OnBehalf sender, Use<T> question) throws ControlException, Overdue {
        ControlClient client = take();
        if (client != null) {
            try {
                return use(client, sender, question);
            } catch (MonitorAway e) {
                // The monitor of the other kept connections is gone as well.
                drop();
            }
        }
        return use(ControlClient.connect(socket.get()), sender, question);
    }

    /**
     * Sends a change, which must not be repeated. If too many changes of one address already wait
     * for their outcome, this one waits only briefly, so that it does not delay the others.
     *
     * @param sender the sender that the call is for
     * @param time how long to wait for the outcome; zero for not at all
     */
    <T> T change(OnBehalf sender, Duration time, Change<T> change)
            throws ControlException, Overdue, Crowded, Unfinished {
        String address = RemoteAddress.key(sender.address());
        if (time.isPositive() && changes.take(address, 1)) {
            try {
                return change(sender, Wait.atMost(time), change);
            } finally {
                changes.give(address, 1);
            }
        }
        if (!takeInTime(briefChanges, address, QUEUE_TIME.toNanos())) {
            throw new Crowded();
        }
        try {
            if (!time.isPositive()) {
                return change(sender, Wait.NOT, change);
            }
            return change(
                    sender,
                    Wait.atMost(time.compareTo(BRIEF_WAIT) < 0 ? time : BRIEF_WAIT),
                    change);
        } catch (CallFailed e) {
            if (e.error() == ErrorName.TIMED_OUT) {
                throw new Unfinished(e.reason());
            }
            throw e;
        } finally {
            briefChanges.give(address, 1);
        }
    }

    private <T> T change(OnBehalf sender, Wait wait, Change<T> change)
            throws ControlException, Overdue {
        return use(
                ControlClient.connect(socket.get()), sender, client -> change.with(client, wait));
    }

    private static void take(FairShare places, String address, long nanos) throws Overdue {
        if (!takeInTime(places, address, nanos)) {
            throw new Overdue();
        }
    }

    private static boolean takeInTime(FairShare places, String address, long nanos) throws Overdue {
        try {
            return places.takeWithin(address, 1, nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Overdue();
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

    private <T> T use(ControlClient client, OnBehalf sender, Use<T> use)
            throws ControlException, Overdue {
        boolean good = false;
        client.actFor(Optional.of(sender));
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

    /** Whether there is room to keep it. */
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
