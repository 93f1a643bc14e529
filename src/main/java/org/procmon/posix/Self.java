package org.procmon.posix;

import java.lang.foreign.MemorySegment;

/** This process. Source: getpid(2), getppid(2), getuid(2), prctl(2). Any thread. */
public final class Self {
    private static final int PR_SET_CHILD_SUBREAPER = 36;

    private Self() {}

    public static int pid() {
        return Native.call(Native.function("getpid"));
    }

    /** The parent; 0 if it is outside of this process's pid namespace. */
    public static int parent() {
        return Native.call(Native.function("getppid"));
    }

    public static int uid() {
        return Native.call(Native.function("geteuid"));
    }

    /** Makes this process the parent of descendants whose own parent ends. */
    public static void becomeSubreaper() {
        MemorySegment prctl = Native.function("prctl");
        if (Native.call(prctl, PR_SET_CHILD_SUBREAPER, 1) != 0) {
            throw new IllegalStateException(
                    "cannot become a child subreaper: " + Native.describe(Native.errno()));
        }
    }
}
