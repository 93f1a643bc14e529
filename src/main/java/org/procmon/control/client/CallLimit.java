package org.procmon.control.client;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends calls that a monitor does not answer, by closing their connections. Thread-safe.
 *
 * <p>One timer runs while there are calls, for any number of them; most calls finish long before it
 * fires.
 */
final class CallLimit implements AutoCloseable {
    /** A call in progress. */
    static final class Pending {
        private final MonitorApi client;
        private final long deadline;
        private volatile boolean overdue;

        private Pending(MonitorApi client, long deadline) {
            this.client = client;
            this.deadline = deadline;
        }

        /** Whether its connection was closed because of the time limit. */
        boolean overdue() {
            return overdue;
        }
    }

    private final long limitNanos;
    private final Thread.UncaughtExceptionHandler bugs;
    private final Set<Pending> calls = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean armed = new AtomicBoolean();
    private final ScheduledExecutorService timer =
            new ScheduledThreadPoolExecutor(
                    1,
                    Thread.ofPlatform().daemon().name("call-limit").factory(),
                    new ThreadPoolExecutor.DiscardPolicy());

    /**
     * @param bugs is notified if the timer fails, after which calls would wait without end
     */
    CallLimit(Duration limit, Thread.UncaughtExceptionHandler bugs) {
        limitNanos = limit.toNanos();
        this.bugs = bugs;
    }

    Pending begin(MonitorApi client) {
        Pending call = new Pending(client, System.nanoTime() + limitNanos);
        calls.add(call);
        arm(limitNanos);
        return call;
    }

    void end(Pending call) {
        calls.remove(call);
    }

    /** Ends all calls in progress. */
    @Override
    public void close() {
        timer.shutdownNow();
        calls.forEach(call -> call.client.close());
    }

    private void arm(long nanos) {
        if (!armed.get() && armed.compareAndSet(false, true)) {
            // Discarded after the shutdown, when no call waits any more.
            Future<?> _ = timer.schedule(this::sweepOrReport, nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** An executor would swallow exceptions. */
    private void sweepOrReport() {
        try {
            sweep();
        } catch (RuntimeException | Error e) {
            bugs.uncaughtException(Thread.currentThread(), e);
        }
    }

    private void sweep() {
        armed.set(false);
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        for (Pending call : calls) {
            long left = call.deadline - now;
            if (left <= 0) {
                call.overdue = true;
                call.client.close();
            } else {
                next = Math.min(next, left);
            }
        }
        if (next < Long.MAX_VALUE) {
            arm(next);
        }
    }
}
