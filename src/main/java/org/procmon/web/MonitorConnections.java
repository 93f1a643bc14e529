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
 * The connections to the monitor, kept open from one call to the next. Thread-safe.
 *
 * <p>A connection that was kept may have died with its monitor, which is only seen when it is used.
 * So a question that is lost on one is asked again on a new one. A change is not, since it may have
 * been done: it gets a new connection from the start.
 */
final class MonitorConnections implements AutoCloseable {
    private static final int MOST_KEPT = 8;

    /**
     * Changes that wait for their outcome. With the other places here, and those of streams, they
     * are fewer connections than the monitor has for one user.
     */
    private static final int MOST_CHANGES = 48;

    /** Changes beyond these, which wait for a moment only. */
    private static final int MOST_BRIEF = 16;

    private static final Duration BRIEFLY = Duration.ofSeconds(1);

    /** How long a change may wait to be asked for. */
    private static final Duration QUEUE_TIME = Duration.ofSeconds(5);

    private static final int MOST_QUESTIONS = 12;

    /** One remote address gets three quarters, if it is alone. */
    private static final int GREED = 3;

    /** What is done with a connection. */
    @FunctionalInterface
    interface Use<T> {
        T with(ControlClient client) throws ControlException;
    }

    /** What is done with a connection, waiting for the outcome as long as it may. */
    @FunctionalInterface
    interface Change<T> {
        T with(ControlClient client, Wait wait) throws ControlException;
    }

    /** One remote address asks for more at a time than it may; nothing was done. */
    static final class Crowded extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** A change was begun and could be waited for only briefly, as others wait too. */
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

    /** The monitor is there and did not answer within the limit. */
    static final class Overdue extends Exception {
        private static final long serialVersionUID = 1;
    }

    private final Supplier<Path> socket;
    private final CallLimit limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<ControlClient> kept = new ArrayDeque<>();
    private final FairShare questions = new FairShare(MOST_QUESTIONS, GREED);
    private final FairShare changes = new FairShare(MOST_CHANGES, GREED);
    private final FairShare briefChanges = new FairShare(MOST_BRIEF, GREED);
    private final long limitNanos;
    private boolean closed;

    /**
     * @param socket the monitor's socket, asked for each time that a connection is made
     * @param limit how long a call may take
     * @param bugs hears if calls cannot be ended any more
     */
    MonitorConnections(
            Supplier<Path> socket, Duration limit, Thread.UncaughtExceptionHandler bugs) {
        this.socket = socket;
        this.limit = new CallLimit(limit, bugs);
        this.limitNanos = limit.toNanos();
    }

    /**
     * Asks something that may be asked twice.
     *
     * @param whom for whom
     */
    <T> T ask(OnBehalf whom, Use<T> question) throws ControlException, Overdue {
        String address = RemoteAddress.key(whom.address());
        take(questions, address, limitNanos);
        try {
            return askAtOnce(whom, question);
        } finally {
            questions.give(address, 1);
        }
    }

    /** As {@link #ask}, for callers who see to it themselves that there are few at a time. */
    <T> T askAtOnce(OnBehalf whom, Use<T> question) throws ControlException, Overdue {
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
     * Asks for something that must not be done twice. If too many changes of one address wait for
     * their outcome already, this one waits for a moment only, so that it is not the wait for the
     * others.
     *
     * @param whom for whom
     * @param time how long to wait for the outcome; zero for not at all
     */
    <T> T change(OnBehalf whom, Duration time, Change<T> change)
            throws ControlException, Overdue, Crowded, Unfinished {
        String address = RemoteAddress.key(whom.address());
        if (time.isPositive() && changes.take(address, 1)) {
            try {
                return change(whom, Wait.atMost(time), change);
            } finally {
                changes.give(address, 1);
            }
        }
        if (!takeInTime(briefChanges, address, QUEUE_TIME.toNanos())) {
            throw new Crowded();
        }
        try {
            if (!time.isPositive()) {
                return change(whom, Wait.NOT, change);
            }
            return change(whom, Wait.atMost(time.compareTo(BRIEFLY) < 0 ? time : BRIEFLY), change);
        } catch (CallFailed e) {
            if (e.error() == ErrorName.TIMED_OUT) {
                throw new Unfinished(e.reason());
            }
            throw e;
        } finally {
            briefChanges.give(address, 1);
        }
    }

    private <T> T change(OnBehalf whom, Wait wait, Change<T> change)
            throws ControlException, Overdue {
        return use(ControlClient.connect(socket.get()), whom, client -> change.with(client, wait));
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
