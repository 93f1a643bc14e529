package org.procmon.fastcgi.wire;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One thread for the timers of all responders; it starts with the first one. A failed action is
 * reported to the handler that it was set with, since an executor would swallow the exception.
 */
public final class TimerThread {
    private static final ScheduledThreadPoolExecutor EXECUTOR = executor();

    private TimerThread() {}

    public static ScheduledFuture<?> schedule(
            long nanos, Runnable action, Thread.UncaughtExceptionHandler bugs) {
        return EXECUTOR.schedule(() -> run(action, bugs), nanos, TimeUnit.NANOSECONDS);
    }

    private static void run(Runnable action, Thread.UncaughtExceptionHandler bugs) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            bugs.uncaughtException(Thread.currentThread(), e);
        }
    }

    private static ScheduledThreadPoolExecutor executor() {
        var executor =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("fastcgi-timers").factory());
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }
}
