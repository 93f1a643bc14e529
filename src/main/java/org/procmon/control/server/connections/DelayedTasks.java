package org.procmon.control.server.connections;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * One thread that does something later, started when it is first needed. What a task throws does
 * not vanish in its future.
 */
public final class DelayedTasks extends ScheduledThreadPoolExecutor {
    private final Thread.UncaughtExceptionHandler bugs;

    /**
     * @param name the thread's
     * @param bugs takes what a task throws
     */
    public DelayedTasks(String name, Thread.UncaughtExceptionHandler bugs) {
        super(1, Thread.ofPlatform().daemon().name(name).uncaughtExceptionHandler(bugs).factory());
        this.bugs = bugs;
        setRemoveOnCancelPolicy(true);
    }

    @Override
    protected void afterExecute(Runnable task, Throwable thrown) {
        if (task instanceof Future<?> future && future.state() == Future.State.FAILED) {
            bugs.uncaughtException(Thread.currentThread(), future.exceptionNow());
        }
    }
}
