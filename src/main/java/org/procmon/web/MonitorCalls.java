package org.procmon.web;

import java.time.Duration;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.ConnectionPool;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorApi;
import org.procmon.control.client.NoAnswer;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.OnBehalf;
import org.procmon.control.protocol.Wait;
import org.procmon.http.RemoteAddress;

/**
 * The calls to the monitor, whose number is limited and shared among remote addresses. Thread-safe.
 */
final class MonitorCalls implements AutoCloseable {
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

    /** A call for a change, with how long to wait for the outcome. */
    @FunctionalInterface
    interface Change<T> {
        T with(MonitorApi monitor, Wait wait) throws ControlException;
    }

    /** One remote address has more requests in progress than it may; nothing was done. */
    static final class Crowded extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** A change was started, but the wait for it was cut short because others wait too. */
    static final class Unfinished extends Exception {
        private static final long serialVersionUID = 1;
    }

    private final ConnectionPool connections;
    private final Duration limit;
    private final FairShare questions = new FairShare(MOST_QUESTIONS, SHARE_FACTOR);
    private final FairShare changes = new FairShare(MOST_CHANGES, SHARE_FACTOR);
    private final FairShare briefChanges = new FairShare(MAX_BRIEF, SHARE_FACTOR);

    /**
     * @param limit how long a call may take
     * @param bugs is notified if calls can no longer be ended
     */
    MonitorCalls(
            MonitorApi.Connector connector, Duration limit, Thread.UncaughtExceptionHandler bugs) {
        this.connections = new ConnectionPool(connector, limit, bugs);
        this.limit = limit;
    }

    /**
     * Sends a query, which may be repeated.
     *
     * @param sender the sender that the call is for
     */
    <T> T ask(OnBehalf sender, ConnectionPool.Use<T> question) throws ControlException {
        String address = RemoteAddress.key(sender.address());
        if (!takeInTime(questions, address, limit)) {
            throw new NoAnswer(limit);
        }
        try {
            return askAtOnce(sender, question);
        } finally {
            questions.give(address, 1);
        }
    }

    /** As {@link #ask}, for callers that limit the number of calls themselves. */
    <T> T askAtOnce(OnBehalf sender, ConnectionPool.Use<T> question) throws ControlException {
        return connections.ask(sender, question);
    }

    /**
     * Sends a change, which must not be repeated. If too many changes of one address already wait
     * for their outcome, this one waits only briefly, so that it does not delay the others.
     *
     * @param sender the sender that the call is for
     * @param time how long to wait for the outcome; zero for not at all
     */
    <T> T change(OnBehalf sender, Duration time, Change<T> change)
            throws ControlException, Crowded, Unfinished {
        String address = RemoteAddress.key(sender.address());
        if (time.isPositive() && changes.take(address, 1)) {
            try {
                return change(sender, Wait.atMost(time), change);
            } finally {
                changes.give(address, 1);
            }
        }
        if (!takeInTime(briefChanges, address, QUEUE_TIME)) {
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
                throw new Unfinished();
            }
            throw e;
        } finally {
            briefChanges.give(address, 1);
        }
    }

    private <T> T change(OnBehalf sender, Wait wait, Change<T> change) throws ControlException {
        return connections.change(sender, monitor -> change.with(monitor, wait));
    }

    private boolean takeInTime(FairShare places, String address, Duration time) throws NoAnswer {
        try {
            return places.takeWithin(address, 1, time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswer(limit);
        }
    }

    /** Ends all calls and connections. */
    @Override
    public void close() {
        connections.close();
    }
}
