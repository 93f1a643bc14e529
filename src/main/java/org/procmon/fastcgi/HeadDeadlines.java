package org.procmon.fastcgi;

import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections whose request head is overdue. All wait equally long, so one timer at a time is
 * enough: a connection only notes its deadline and arms the timer if nobody has; when it fires, all
 * connections are looked at, and it is set again for the earliest deadline that is left, if any.
 */
final class HeadDeadlines {
    /** One thread for all responders; it starts with the first timer. */
    private static final class Timer {
        static final ScheduledThreadPoolExecutor EXECUTOR = executor();

        private static ScheduledThreadPoolExecutor executor() {
            var executor =
                    new ScheduledThreadPoolExecutor(
                            1, Thread.ofPlatform().daemon().name("fastcgi-deadlines").factory());
            executor.setRemoveOnCancelPolicy(true);
            return executor;
        }
    }

    private final Set<Connection> connections;
    private final long headNanos;
    private final AtomicBoolean armed = new AtomicBoolean();
    private volatile @Nullable ScheduledFuture<?> next;

    HeadDeadlines(Set<Connection> connections, long headNanos) {
        this.connections = connections;
        this.headNanos = headNanos;
    }

    /** To be called after a connection has noted its deadline. */
    void arm() {
        if (!armed.get() && armed.compareAndSet(false, true)) {
            schedule(headNanos);
        }
    }

    void cancel() {
        ScheduledFuture<?> pending = next;
        if (pending != null) {
            pending.cancel(false);
        }
    }

    private void schedule(long nanos) {
        next = Timer.EXECUTOR.schedule(this::sweep, nanos, TimeUnit.NANOSECONDS);
    }

    private void sweep() {
        long earliest = expireOverdue();
        if (earliest == Long.MAX_VALUE) {
            armed.set(false);
            // Whoever noted a deadline before that saw the timer armed, and relied on it.
            earliest = expireOverdue();
            if (earliest == Long.MAX_VALUE || !armed.compareAndSet(false, true)) {
                return;
            }
        }
        schedule(earliest);
    }

    private long expireOverdue() {
        long now = System.nanoTime();
        long earliest = Long.MAX_VALUE;
        for (Connection connection : connections) {
            long dueIn = connection.headDueIn(now);
            if (dueIn <= 0) {
                connection.expire();
            } else {
                earliest = Math.min(earliest, dueIn);
            }
        }
        return earliest;
    }
}
