package org.procmon.control.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The time limit of a command, which the client itself enforces: a monitor that is stopped still
 * has its socket, and the kernel accepts connections to it. On timeout the connection is closed,
 * which ends any wait of the caller: to connect, to send, or for an answer. Uses the monotonic
 * clock. Has no thread while there is no limit. Thread-safe.
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

    /** Gives more time without changing the limit that messages report. */
    public void extend(Duration more) {
        lock.lock();
        try {
            end += more.toNanos();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The time left; empty without a limit. */
    public Optional<Duration> left() {
        lock.lock();
        try {
            return limit.map(_ -> Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        } finally {
            lock.unlock();
        }
    }

    /** Sets what to close on timeout; replaces what was set before. */
    void guard(Guarded what) {
        guarded = what;
        if (over) {
            end();
        }
    }

    /** Whether the time is over. */
    boolean isOver() {
        return over;
    }

    /** The error of a call that timed out. */
    NoAnswer noAnswer() {
        lock.lock();
        try {
            return new NoAnswer(limit.orElse(Duration.ZERO));
        } finally {
            lock.unlock();
        }
    }

    /** Removes the limit for good. */
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

    /** Waits for the timeout; false if the limit is removed before. */
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
            // A failed close changes nothing for the caller.
        }
    }
}
