package org.procmon.pair;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.procmon.posix.Malloc;

/**
 * Returns the memory that only the start or a warm-up has needed: that of dead objects, and that of
 * the compiler. The JVM returns the latter to the C library, every five seconds, and the C library
 * keeps it.
 */
public final class StartupTrimmer {
    /** By then the JVM has returned what the start of a thousand processes took. */
    private static final Duration AFTER_START = Duration.ofSeconds(5);

    /** The same for a backup that has warmed up two seconds after its start. */
    static final Duration AFTER_WARMUP = Duration.ofSeconds(3);

    private StartupTrimmer() {}

    /** Runs once, when the start is over. */
    public static void awaitAndUse(Thread.UncaughtExceptionHandler bugs) {
        Thread.ofPlatform()
                .daemon()
                .name("startup-trimmer")
                .uncaughtExceptionHandler(bugs)
                .start(() -> {
                    LockSupport.parkNanos(AFTER_START.toNanos());
                    use();
                });
    }

    /** Everything else waits for some ten milliseconds. */
    static void use() {
        System.gc();
        Malloc.trim();
    }
}
