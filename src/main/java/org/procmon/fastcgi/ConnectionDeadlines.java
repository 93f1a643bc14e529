package org.procmon.fastcgi;

import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections that miss a deadline. A connection only notes its deadline and sees to it that a
 * timer goes off by then; mostly one is set already that goes off earlier. When it does, all
 * connections are looked at, and it is set again for the earliest deadline that is left, if any.
 */
final class ConnectionDeadlines {
    /** The moment of a deadline that there is not. */
    static final long NEVER = Long.MAX_VALUE;

    /** What has deadlines. Any thread may ask it. */
    interface Holder {
        /** When it is to be ended, as {@link ConnectionDeadlines#now} counts. */
        long dueAt();

        void expire();
    }

    private final Set<? extends Holder> holders;
    private final Thread.UncaughtExceptionHandler bugs;
    private final long begun = System.nanoTime();
    private final AtomicLong next = new AtomicLong(NEVER);
    private volatile boolean cancelled;
    private volatile @Nullable ScheduledFuture<?> timer;

    ConnectionDeadlines(Set<? extends Holder> holders, Thread.UncaughtExceptionHandler bugs) {
        this.holders = holders;
        this.bugs = bugs;
    }

    /** Nanoseconds on the monotonic clock since this was made. */
    long now() {
        return System.nanoTime() - begun;
    }

    /** To be called after a deadline was noted. */
    void arm(long at) {
        long planned = next.get();
        while (at < planned && !cancelled) {
            if (next.compareAndSet(planned, at)) {
                timer = TimerThread.schedule(Math.max(at - now(), 0), this::sweep, bugs);
                return;
            }
            planned = next.get();
        }
    }

    /** Ends nothing from here on. */
    void cancel() {
        cancelled = true;
        ScheduledFuture<?> pending = timer;
        if (pending != null) {
            pending.cancel(false);
        }
    }

    private void sweep() {
        // Whoever notes a deadline after this arms the timer; one noted before is seen below.
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
