package org.procmon.http;

import org.jspecify.annotations.Nullable;

/** The errors after which a process must exit, in whatever thread they occur. */
public final class FatalErrors {
    /** Causes beyond this depth are ignored; a chain may be circular. */
    private static final int DEEPEST = 10;

    private FatalErrors() {}

    /**
     * Whether it is, or was caused by, an error of the virtual machine such as {@link
     * OutOfMemoryError}. A stack overflow is not fatal: it is the bug of one request.
     */
    public static boolean isFatal(@Nullable Throwable thrown) {
        Throwable next = thrown;
        for (int depth = 0; next != null && depth < DEEPEST; depth++) {
            if (next instanceof VirtualMachineError && !(next instanceof StackOverflowError)) {
                return true;
            }
            next = next.getCause();
        }
        return false;
    }
}
