package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Waits for children. Source: waitid(2), wait4(2), getrusage(2). */
public final class Children {
    private static final int P_ALL = 0;

    /** Linux 5.4. */
    private static final int P_PIDFD = 3;

    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int WALL = 0x40000000;

    /** The offset of a child's pid in siginfo_t (128 bytes). */
    private static final long SI_PID = 16;

    private static final long SIGINFO_SIZE = 128;

    /** Of struct rusage (144 bytes): two timevals, then the largest resident set in KiB. */
    private static final long RUSAGE_SIZE = 144;

    private static final long USER_TIME = 0;
    private static final long SYSTEM_TIME = 16;
    private static final long MAX_RSS = 32;

    private static final MemorySegment WAITID = Native.function("waitid");
    private static final int RUSAGE_SELF = 0;
    private static final MemorySegment GETRUSAGE = Native.function("getrusage");
    private static final MemorySegment WAIT4 = Native.function("wait4");

    /** The largest resident set of this process when last asked for, in KiB; it only grows. */
    private static volatile long ownPeak;

    private Children() {}

    /**
     * How a child ended.
     *
     * @param code the exit code; meaningful if {@code signal} is 0
     * @param signal the number of the signal that ended it, or 0
     * @param user processor time in user mode
     * @param system processor time in the kernel
     * @param maxRssBytes the largest resident set; 0 if that is not known, since the kernel counts
     *     from this process's own: a child borrows its memory until it executes its program
     */
    public record Exit(int code, int signal, Duration user, Duration system, long maxRssBytes) {}

    /**
     * Blocks until some child has exited, and leaves it unreaped, so that its pid stays taken.
     * Empty if there are no children. Platform threads only.
     */
    public static OptionalInt awaitAnyEnded() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(SIGINFO_SIZE, 8);
            while (true) {
                int result =
                        Native.call(WAITID, P_ALL, 0, info.address(), WEXITED | WNOWAIT | WALL);
                if (result == 0) {
                    return OptionalInt.of(info.get(JAVA_INT, SI_PID));
                }
                int errno = Native.errno();
                if (errno == Errno.ECHILD) {
                    return OptionalInt.empty();
                }
                if (errno != Errno.EINTR) {
                    throw new IllegalStateException(
                            "cannot wait for children: " + Native.describe(errno));
                }
            }
        }
    }

    /** Whether a process is a child that was not reaped, alive or not. Does not block. */
    public static boolean has(Pidfd process) {
        try (Arena arena = Arena.ofConfined()) {
            int result =
                    Native.call(
                            WAITID,
                            P_PIDFD,
                            process.number(),
                            arena.allocate(SIGINFO_SIZE, 8).address(),
                            WEXITED | WNOWAIT | WNOHANG | WALL);
            return result == 0;
        }
    }

    /** Reaps a child that has exited; empty if there is no such child. Does not block. */
    public static Optional<Exit> reap(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            MemorySegment usage = arena.allocate(RUSAGE_SIZE, 8);
            int result = Native.call(WAIT4, pid, status.address(), WNOHANG | WALL, usage.address());
            return result == pid
                    ? Optional.of(exit(status.get(JAVA_INT, 0), usage))
                    : Optional.empty();
        }
    }

    private static Exit exit(int status, MemorySegment usage) {
        int signal = status & 0x7f;
        int code = (status >> 8) & 0xff;
        return new Exit(
                signal == 0 ? code : 0,
                signal,
                time(usage, USER_TIME),
                time(usage, SYSTEM_TIME),
                ownPart(usage.get(JAVA_LONG, MAX_RSS)) * 1024);
    }

    private static long ownPart(long maxRss) {
        if (maxRss <= ownPeak) {
            return 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment own = arena.allocate(RUSAGE_SIZE, 8);
            Native.call(GETRUSAGE, RUSAGE_SELF, own.address());
            ownPeak = own.get(JAVA_LONG, MAX_RSS);
            return maxRss > ownPeak ? maxRss : 0;
        }
    }

    private static Duration time(MemorySegment usage, long offset) {
        return Duration.ofSeconds(
                usage.get(JAVA_LONG, offset), usage.get(JAVA_LONG, offset + 8) * 1000);
    }
}
