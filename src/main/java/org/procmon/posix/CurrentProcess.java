package org.procmon.posix;

import java.lang.foreign.MemorySegment;

/**
 * This process. Source: getpid(2), getppid(2), getuid(2), getgid(2), getpriority(2),
 * getpagesize(2), proc(5), prctl(2). Any thread.
 */
public final class CurrentProcess {
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int PRIO_PROCESS = 0;
    private static final int LARGEST_STATUS = 16 * 1024;
    private static final String EFFECTIVE = "\nCapEff:\t";

    private static final int PID = Native.call(Native.function("getpid"));

    private CurrentProcess() {}

    public static int pid() {
        return PID;
    }

    /** The parent; 0 if it is outside of this process's pid namespace. */
    public static int parent() {
        return Native.call(Native.function("getppid"));
    }

    public static int uid() {
        return Native.call(Native.function("geteuid"));
    }

    public static int gid() {
        return Native.call(Native.function("getegid"));
    }

    /** The niceness of this thread, and of the programs that are started on it. */
    public static int niceness() {
        return Native.call(Native.function("getpriority"), PRIO_PROCESS, 0);
    }

    /** The capabilities of this process, as bits; none if the kernel does not report them. */
    public static long capabilities() {
        String status = ProcFile.text("/proc/self/status", LARGEST_STATUS).orElse("");
        int at = status.indexOf(EFFECTIVE);
        if (at < 0) {
            return 0;
        }
        int from = at + EFFECTIVE.length();
        return Long.parseUnsignedLong(status.substring(from, status.indexOf('\n', from)), 16);
    }

    /** The size of a page of memory, in bytes. */
    public static int pageSize() {
        return Native.call(Native.function("getpagesize"));
    }

    /** Makes this process the parent of descendants whose own parent exits. */
    public static void becomeSubreaper() {
        MemorySegment prctl = Native.function("prctl");
        if (Native.call(prctl, PR_SET_CHILD_SUBREAPER, 1) != 0) {
            throw new IllegalStateException(
                    "cannot become a child subreaper: " + Native.describe(Native.errno()));
        }
    }
}
