package org.procmon.posix;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The kernel's status of a process, zombies included. Any thread. Source: proc(5), {@code
 * /proc/PID/stat}.
 *
 * @param state a letter, such as S, T or Z
 * @param parent its parent's pid; 0 if that is outside of this pid namespace
 * @param flags see {@code PF_*} in the kernel's {@code sched.h}
 * @param userTicks processor time in user mode, with that of its waited-for children
 * @param systemTicks the same, in the kernel
 * @param threads its number of threads
 * @param born when the kernel started it, in clock ticks since boot
 * @param residentPages its resident memory, in pages
 * @param environmentEnd the address after the variables that its program started with; 0 while the
 *     program is being loaded, after the process has exited, and also if this process may not read
 *     it
 * @param status how it ended, see wait(2); 0 also if this process may not read it
 */
public record ProcessStat(
        int pid,
        char state,
        int parent,
        int group,
        int session,
        long flags,
        long userTicks,
        long systemTicks,
        int threads,
        long born,
        long residentPages,
        long environmentEnd,
        int status) {
    private static final int ENOENT = 2;

    /** It is forked, and has not executed a program of its own yet. */
    private static final long PF_FORKNOEXEC = 0x40;

    /** USER_HZ, the same on all supported machines. */
    private static final long NANOS_PER_TICK = 10_000_000;

    /** The name has 64 bytes at most, and each of the fifty numbers has 21. */
    private static final int LONGEST = 2048;

    /** The numbers of the fields, counted from 1 as the manual does; the state is the third. */
    private static final int PARENT = 4;

    private static final int GROUP = 5;
    private static final int SESSION = 6;
    private static final int FLAGS = 9;
    private static final int USER = 14;
    private static final int SYSTEM = 15;
    private static final int CHILDREN_USER = 16;
    private static final int CHILDREN_SYSTEM = 17;
    private static final int THREADS = 20;
    private static final int BORN = 22;
    private static final int RESIDENT = 24;
    private static final int ENVIRONMENT_END = 51;
    private static final int STATUS = 52;

    /**
     * Empty if there is no such process, or if it is hidden from this one.
     *
     * @throws IllegalStateException if it is unknown whether it exists
     */
    public static Optional<ProcessStat> of(int pid) {
        byte[] text = new byte[LONGEST];
        int length = ProcFile.record("/proc/" + pid + "/stat", text);
        if (length > 0) {
            return Optional.of(parse(pid, text, length));
        }
        return switch (-length) {
            case 0, ENOENT, Errno.ESRCH, Errno.EACCES, Errno.EPERM -> Optional.empty();
            default ->
                    throw new IllegalStateException(
                            "cannot look at process " + pid + ": " + Native.describe(-length));
        };
    }

    /** Package-private for tests. */
    static ProcessStat parse(int pid, byte[] text, int length) {
        // The program's name, in parentheses, may hold anything.
        int at = length - 1;
        while (text[at] != ')') {
            at--;
        }
        char state = (char) text[at + 2];
        at += 4;
        long[] fields = new long[STATUS + 1];
        for (int field = PARENT; field <= STATUS && at < length; field++) {
            boolean negative = text[at] == '-';
            if (negative) {
                at++;
            }
            long number = 0;
            while (at < length && text[at] >= '0') {
                number = number * 10 + (text[at++] - '0');
            }
            fields[field] = negative ? -number : number;
            at++;
        }
        return new ProcessStat(
                pid,
                state,
                (int) fields[PARENT],
                (int) fields[GROUP],
                (int) fields[SESSION],
                fields[FLAGS],
                fields[USER] + fields[CHILDREN_USER],
                fields[SYSTEM] + fields[CHILDREN_SYSTEM],
                (int) fields[THREADS],
                fields[BORN],
                fields[RESIDENT],
                fields[ENVIRONMENT_END],
                (int) fields[STATUS]);
    }

    /**
     * Whether nothing of it runs any more. The first thread of a process may be gone, and shown as
     * a zombie, while others run.
     */
    public boolean hasEnded() {
        return (state == 'Z' || state == 'X') && threads <= 1;
    }

    public boolean leadsSession() {
        return pid == group && pid == session;
    }

    /** Whether it is a copy of its parent that has not executed a program of its own. */
    public boolean isBareFork() {
        return (flags & PF_FORKNOEXEC) != 0;
    }

    /** How it ended; empty while it runs, or if this process may not read it. */
    public OptionalInt exitStatus() {
        if (!hasEnded()) {
            return OptionalInt.empty();
        }
        return status != 0 || isOpenToUs() ? OptionalInt.of(status) : OptionalInt.empty();
    }

    public Duration userTime() {
        return Duration.ofNanos(userTicks * NANOS_PER_TICK);
    }

    public Duration systemTime() {
        return Duration.ofNanos(systemTicks * NANOS_PER_TICK);
    }

    /**
     * The kernel shows the status 0 to processes that may not look into a process. The same right
     * decides whether they may see its program, of which a zombie has none.
     */
    private boolean isOpenToUs() {
        return ProcFile.link("/proc/" + pid + "/exe").isPresent() || Native.errno() != Errno.EACCES;
    }
}
