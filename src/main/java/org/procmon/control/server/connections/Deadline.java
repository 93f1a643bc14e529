package org.procmon.control.server.connections;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A time limit that is set and removed often and rarely missed: a timer for an earlier limit is
 * kept, and checks again when it fires. Thread-safe.
 */
final class Deadline {
    private final ScheduledThreadPoolExecutor timers;
    private final Runnable missed;
    private @Nullable ScheduledFuture<?> timer;
    private long timerDue;
    private long due;
    private boolean isSet;

    /**
     * @param missed what to do on timeout; it must not block
     */
    Deadline(ScheduledThreadPoolExecutor timers, Runnable missed) {
        this.timers = timers;
        this.missed = missed;
    }

    synchronized void set(Duration limit) {
        due = System.nanoTime() + limit.toNanos();
        isSet = true;
        if (timer == null || timerDue - due > 0) {
            cancelTimer();
            startTimer();
        }
    }

    synchronized void lift() {
        isSet = false;
    }

    /** Removes the limit for good. */
    synchronized void end() {
        isSet = false;
        cancelTimer();
    }

    private void startTimer() {
        timerDue = due;
        timer = timers.schedule(this::look, due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void look() {
        synchronized (this) {
            timer = null;
            if (!isSet) {
                return;
            }
            if (due - System.nanoTime() > 0) {
                startTimer();
                return;
            }
        }
        missed.run();
    }
}
