package org.procmon.control.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The time limit of a command, which the client itself keeps: a monitor that is stopped still has
 * its socket, and the kernel accepts connections to it. When the time is over, the connection is
 * closed, which ends whatever the caller waits for: to connect, to send, or to be answered. By the
 * monotonic clock. Without a limit it has no thread. Any thread.
 */
public final class CallTimeout implements AutoCloseable {
    /** Something whose waits end when it is closed. */
    @FunctionalInterface
    interface Guarded {
        void close() throws Exception;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Optional<Duration> limit = Optional.empty();
    private long end;
    private boolean hasThread;
    private boolean closed;
    private volatile @Nullable Guarded guarded;
    private volatile boolean over;

    /**
     * @param limit from now on; empty for none
     */
    public CallTimeout(Optional<Duration> limit) {
        become(limit);
    }

    /**
     * Replaces the limit, unless it has passed.
     *
     * @param next from now on; empty for none
     */
    public void become(Optional<Duration> next) {
        lock.lock();
        try {
            limit = next;
            next.ifPresent(duration -> end = System.nanoTime() + duration.toNanos());
            if (next.isPresent() && !hasThread) {
                hasThread = true;
                Thread.ofPlatform().daemon().name("call-timeout").start(this::watch);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Gives more time, without being another limit in what is told of it. */
    public void extend(Duration more) {
        lock.lock();
        try {
            end += more.toNanos();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What is left of it; empty without a limit. */
    public Optional<Duration> left() {
        lock.lock();
        try {
            return limit.map(_ -> Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        } finally {
            lock.unlock();
        }
    }

    /** What is closed when the time is over: this, and nothing that was guarded before. */
    void guard(Guarded what) {
        guarded = what;
        if (over) {
            end();
        }
    }

    /** Whether the time is over. */
    public boolean isOver() {
        return over;
    }

    /** The error of a call that was not answered in time. */
    NoAnswer noAnswer() {
        lock.lock();
        try {
            return new NoAnswer(limit.orElse(Duration.ZERO));
        } finally {
            lock.unlock();
        }
    }

    /** Lifts the limit for good. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void watch() {
        if (passes()) {
            end();
        }
    }

    /** Waits until the time is over; false if the limit is lifted before. */
    private boolean passes() {
        lock.lock();
        try {
            while (!closed) {
                long left = end - System.nanoTime();
                if (limit.isEmpty()) {
                    changed.await();
                } else if (left > 0) {
                    boolean _ = changed.await(left, TimeUnit.NANOSECONDS);
                } else {
                    over = true;
                    return true;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return false;
    }

    private void end() {
        Guarded what = guarded;
        try {
            if (what != null) {
                what.close();
            }
        } catch (Exception _) {
            // What cannot be closed cannot be waited on either.
        }
    }
}
