package org.procmon.web;

import java.io.PrintStream;
import java.util.function.IntConsumer;
import org.procmon.fastcgi.LogText;

/**
 * Ends the program when a thread fails that it needs, or memory is used up, so that whatever
 * supervises it starts another: one that goes on without that thread would look alive and serve
 * nobody. Thread-safe.
 */
public final class FatalErrorHandler implements Thread.UncaughtExceptionHandler {
    /** {@code EX_SOFTWARE} of sysexits.h. */
    public static final int EXIT_CODE = 70;

    private static final int LONGEST_REASON = 500;

    private final PrintStream err;
    private final IntConsumer halt;

    /**
     * @param err where the reason is told
     * @param halt ends the program at once, with an exit code
     */
    public FatalErrorHandler(PrintStream err, IntConsumer halt) {
        this.err = err;
        this.halt = halt;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        try {
            String reason = LogText.of(thrown.toString(), LONGEST_REASON);
            err.println(
                    "fcgi_proc: cannot go on: the thread "
                            + thread.getName()
                            + " failed: "
                            + reason);
            for (StackTraceElement frame : thrown.getStackTrace()) {
                err.println("\tat " + frame);
            }
            err.flush();
        } finally {
            // Also if there is no memory left to tell it.
            halt.accept(EXIT_CODE);
        }
    }
}
