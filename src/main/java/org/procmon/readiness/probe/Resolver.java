package org.procmon.readiness.probe;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that look up host names. The C library does that, and may block for as long as no
 * server answers. So they are platform threads: a virtual thread would block its carrier. There are
 * few, and none while nothing is looked up. Any thread.
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

    /** Runs a lookup soon, after those requested before. */
    static void execute(Runnable lookup) {
        THREADS.execute(lookup);
    }
}
