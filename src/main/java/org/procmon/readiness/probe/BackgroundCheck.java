package org.procmon.readiness.probe;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A task on a virtual thread, which runs until it is done or stopped. */
public final class BackgroundCheck {
    /** The task. */
    @FunctionalInterface
    public interface Task {
        /** An interrupt stops it. */
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
                                // The task was stopped.
                            }
                        });
    }

    /**
     * Starts a task on a virtual thread of its own.
     *
     * @param bugs is called if the thread dies, which is a bug
     */
    public static BackgroundCheck begin(Task task, Thread.UncaughtExceptionHandler bugs) {
        BackgroundCheck backgroundCheck = new BackgroundCheck(task, bugs);
        backgroundCheck.thread.start();
        return backgroundCheck;
    }

    /** Sleeps, unless the task is stopped meanwhile; on its own thread. */
    public void pause(Duration duration) throws InterruptedException {
        if (over.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new InterruptedException("the check was ended");
        }
    }

    /** Stops the task soon. Any thread; returns at once. */
    public void end() {
        over.countDown();
        thread.interrupt();
    }
}
