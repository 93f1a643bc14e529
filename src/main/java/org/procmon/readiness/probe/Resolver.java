package org.procmon.readiness.probe;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which names of hosts are looked up. The C library does that, and may block for as
 * long as no server answers, so they are platform threads: a virtual one would keep the processor
 * from all others. There are few, and none while nothing is looked up. Any thread.
 */
final class Resolver {
    private static final int MOST = 4;

    private static final ThreadPoolExecutor THREADS =
            new ThreadPoolExecutor(
                    MOST,
                    MOST,
                    10,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    Thread.ofPlatform().daemon().name("resolver-", 0).factory());

    static {
        THREADS.allowCoreThreadTimeOut(true);
    }

    private Resolver() {}

    /** Does it soon, after what was asked for before. */
    static void execute(Runnable lookup) {
        THREADS.execute(lookup);
    }
}
