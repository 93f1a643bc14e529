package org.procmon.pair;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.procmon.posix.Malloc;

/**
 * Gives back the memory that only the beginning has needed, or a rehearsal: that of objects which
 * are gone, and what the compiler has worked with. The JVM returns the latter to the C library,
 * every five seconds, and the C library keeps it.
 */
public final class StartupTrimmer {
    /** By then the JVM has returned what it took for the start of a thousand processes. */
    private static final Duration AFTER_THE_BEGINNING = Duration.ofSeconds(5);

    /** The same for a backup that has rehearsed two seconds after its beginning. */
    static final Duration AFTER_A_REHEARSAL = Duration.ofSeconds(3);

    private StartupTrimmer() {}

    /** Uses it once, when the beginning is over. */
    public static void awaitAndUse(Thread.UncaughtExceptionHandler bugs) {
        Thread.ofPlatform()
                .daemon()
                .name("leisure")
                .uncaughtExceptionHandler(bugs)
                .start(() -> {
                    LockSupport.parkNanos(AFTER_THE_BEGINNING.toNanos());
                    use();
                });
    }

    /** All else waits for some ten milliseconds. */
    static void use() {
        System.gc();
        Malloc.trim();
    }
}
