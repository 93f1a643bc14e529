package org.procmon.posix;

import java.lang.foreign.MemorySegment;

/** Sends signals. Source: kill(2). Any thread. */
public final class Signals {
    private static final int SIGCHLD = 17;
    private static final long SIG_DFL = 0;

    private static final MemorySegment KILL = Native.function("kill");

    private Signals() {}

    /** Sends a signal to every process of a group; false if there is none that may be signalled. */
    public static boolean sendToGroup(int group, int signal) {
        return Native.call(KILL, -(long) requireReal(group), signal) == 0;
    }

    /** Sends a signal to a process; false if there is none or it may not be signalled. */
    public static boolean send(int pid, int signal) {
        return Native.call(KILL, requireReal(pid), signal) == 0;
    }

    /** Whether any process, zombies included, is in this group. */
    public static boolean groupExists(int group) {
        return exists(-(long) requireReal(group));
    }

    /** Whether a process, zombies included, has this pid. */
    public static boolean processExists(int pid) {
        return exists(requireReal(pid));
    }

    /**
     * Makes children that exit become zombies until they are reaped, even if this process was
     * started with SIGCHLD ignored; otherwise exit statuses would be lost.
     */
    public static void keepEndedChildren() {
        Native.call(Native.function("signal"), SIGCHLD, SIG_DFL);
    }

    private static boolean exists(long target) {
        return Native.call(KILL, target, 0) == 0 || Native.errno() != Errno.ESRCH;
    }

    /** kill(2) takes 0, 1 and -1 for whole sets of processes, never meant here. */
    private static int requireReal(int pid) {
        if (pid <= 1) {
            throw new IllegalArgumentException("cannot signal pid " + pid + ": not a child's");
        }
        return pid;
    }
}
