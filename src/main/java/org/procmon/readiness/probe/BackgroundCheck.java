package org.procmon.readiness.probe;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Something that goes on, on a virtual thread, until it is done or ended from outside. */
public final class BackgroundCheck {
    /** What goes on. */
    @FunctionalInterface
    public interface Task {
        /** An interrupt ends it. */
        void run(BackgroundCheck backgroundCheck) throws InterruptedException;
    }

    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;

    private BackgroundCheck(Task task, Thread.UncaughtExceptionHandler bugs) {
        thread =
                Thread.ofVirtual()
                        .uncaughtExceptionHandler(bugs)
                        .unstarted(() -> {
                            try {
                                task.run(this);
                            } catch (InterruptedException _) {
                                // It was ended.
                            }
                        });
    }

    /**
     * Starts a task on a virtual thread of its own.
     *
     * @param bugs hears of the thread's end if it fails, which is a bug
     */
    public static BackgroundCheck begin(Task task, Thread.UncaughtExceptionHandler bugs) {
        BackgroundCheck backgroundCheck = new BackgroundCheck(task, bugs);
        backgroundCheck.thread.start();
        return backgroundCheck;
    }

    /** Waits, unless it is ended meanwhile; on its own thread. */
    public void pause(Duration duration) throws InterruptedException {
        if (over.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new InterruptedException("the check was ended");
        }
    }

    /** Ends it soon. Any thread; returns at once. */
    public void end() {
        over.countDown();
        thread.interrupt();
    }
}
