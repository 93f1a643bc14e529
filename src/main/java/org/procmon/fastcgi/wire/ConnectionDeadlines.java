package org.procmon.fastcgi.wire;

import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections that miss a deadline. A connection only records its deadline and ensures that
 * a timer fires by then; mostly one that fires earlier is already set. When it fires, it checks all
 * connections, and is set again for the earliest remaining deadline, if any.
 */
public final class ConnectionDeadlines {
    /** The value for no deadline. */
    public static final long NEVER = Long.MAX_VALUE;

    /** An object with a deadline. Called from any thread. */
    public interface Holder {
        /** When it expires, on the clock of {@link ConnectionDeadlines#now}. */
        long dueAt();

        void expire();
    }

    private final Set<? extends Holder> holders;
    private final Thread.UncaughtExceptionHandler bugs;
    private final long start = System.nanoTime();
    private final AtomicLong next = new AtomicLong(NEVER);
    private volatile boolean cancelled;
    private volatile @Nullable ScheduledFuture<?> timer;

    public ConnectionDeadlines(
            Set<? extends Holder> holders, Thread.UncaughtExceptionHandler bugs) {
        this.holders = holders;
        this.bugs = bugs;
    }

    /** Nanoseconds on the monotonic clock since this object was created. */
    public long now() {
        return System.nanoTime() - start;
    }

    /** Call it after recording a deadline. */
    public void arm(long at) {
        long planned = next.get();
        while (at < planned && !cancelled) {
            if (next.compareAndSet(planned, at)) {
                timer = TimerThread.schedule(Math.max(at - now(), 0), this::sweep, bugs);
                return;
            }
            planned = next.get();
        }
    }

    /** No deadline expires from here on. */
    public void cancel() {
        cancelled = true;
        ScheduledFuture<?> pending = timer;
        if (pending != null) {
            pending.cancel(false);
        }
    }

    private void sweep() {
        // A deadline recorded after this arms the timer; one recorded before is seen below.
        next.set(NEVER);
        long now = now();
        long earliest = NEVER;
        for (Holder holder : holders) {
            long dueAt = holder.dueAt();
            if (dueAt <= now) {
                holder.expire();
            } else {
                earliest = Math.min(earliest, dueAt);
            }
        }
        if (earliest < NEVER) {
            arm(earliest);
        }
    }
}
