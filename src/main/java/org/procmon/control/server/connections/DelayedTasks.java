package org.procmon.control.server.connections;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * One thread for delayed tasks, started on first use. An exception of a task does not vanish in its
 * future.
 */
public final class DelayedTasks extends ScheduledThreadPoolExecutor {
    private final Thread.UncaughtExceptionHandler bugs;

    /**
     * @param name the thread's name
     * @param bugs receives the exceptions of tasks
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
