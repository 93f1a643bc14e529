package org.procmon.app;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.IntConsumer;
import org.procmon.pair.MonitorExit;

/**
 * Halts the process when any thread fails, by whatever error: children run without their monitor,
 * and the backup or a service manager replaces it; a program with a dead thread would only seem to
 * work. Installed as the default of all threads, virtual ones included. Any thread.
 */
final class FatalExceptionHandler implements Thread.UncaughtExceptionHandler {
    /** Standard error may be a pipe that no program reads. */
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(1);

    private final String program;
    private final PrintStream err;
    private final IntConsumer halt;

    /**
     * @param program the failing program, for the message
     */
    FatalExceptionHandler(String program, PrintStream err) {
        this(program, err, Runtime.getRuntime()::halt);
    }

    /**
     * @param program the failing program, for the message
     * @param halt halts the process immediately, with this exit code
     */
    FatalExceptionHandler(String program, PrintStream err, IntConsumer halt) {
        this.program = program;
        this.err = err;
        this.halt = halt;
    }

    /** Makes it the handler of every thread that has no other. */
    void install() {
        Thread.setDefaultUncaughtExceptionHandler(this);
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        try {
            Thread writer =
                    Thread.ofPlatform()
                            .daemon()
                            .name("last-words")
                            .uncaughtExceptionHandler((_, _) -> {})
                            .start(() -> tell(thread, failure));
            await(writer);
        } finally {
            // Also if there is no memory left for the message.
            halt.accept(MonitorExit.BUG);
        }
    }

    /** Also if the thread that failed was interrupted before. */
    private static void await(Thread writer) {
        boolean _ = Thread.interrupted();
        long end = System.nanoTime() + LONGEST_WRITE.toNanos();
        while (true) {
            try {
                boolean _ = writer.join(Duration.ofNanos(end - System.nanoTime()));
                return;
            } catch (InterruptedException _) {
                // Waits for the rest of the time.
            }
        }
    }

    private void tell(Thread thread, Throwable failure) {
        failure.printStackTrace(err);
        err.println(program + ": cannot continue: thread " + name(thread) + " failed");
    }

    private static String name(Thread thread) {
        return thread.getName().isEmpty() ? Long.toString(thread.threadId()) : thread.getName();
    }
}
