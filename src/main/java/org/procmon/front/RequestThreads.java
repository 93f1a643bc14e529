package org.procmon.front;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which requests are answered: a few platform threads, which wait for a worker in
 * the kernel itself, and virtual ones when these are busy. A platform thread answers a short
 * request at twice the rate, since a virtual one is handed on for each wait; but it needs its
 * stack, and most of a thousand requests at a time wait for something slow.
 */
final class RequestThreads implements Executor {
    private static final int MOST_PLATFORM = 32;
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor platform;

    RequestThreads() {
        var virtual = Thread.ofVirtual().name("request-v", 0).factory();
        platform =
                new ThreadPoolExecutor(
                        0,
                        MOST_PLATFORM,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        Thread.ofPlatform().daemon().name("request-", 0).factory(),
                        (task, _) -> virtual.newThread(task).start());
    }

    @Override
    public void execute(Runnable task) {
        platform.execute(task);
    }
}
