package org.procmon.posix.socket;

import java.util.List;
import java.util.Optional;
import org.procmon.posix.ProcFile;

/**
 * What one thread of a process is doing: the system call that it is blocked in. Any thread. Source:
 * proc(5), {@code /proc/PID/task/TID/syscall}, which needs the right to trace the process.
 *
 * @param call the number of the system call; {@link #NO_CALL} if it is in none
 * @param first its first argument
 * @param second its second argument
 */
public record ThreadActivity(Kind kind, int call, long first, long second) {
    public static final int NO_CALL = -1;

    private static final int LONGEST = 256;

    private static final ThreadActivity RUNNING = new ThreadActivity(Kind.RUNNING, NO_CALL, 0, 0);
    private static final ThreadActivity HIDDEN = new ThreadActivity(Kind.HIDDEN, NO_CALL, 0, 0);

    /** What the system call waits for. */
    public enum Kind {
        /** A client: accept(2). */
        ACCEPTS,
        /** Any of the descriptors in an array of its memory: poll(2). */
        POLLS,
        /** Any of several descriptors: select(2), epoll(7). */
        AWAITS_EVENTS,
        /** What arrives on one descriptor. */
        READS,
        /** Another thread, a child, a signal, or the clock. */
        PARKED,
        /** Something else. */
        IN_CALL,
        /** It runs, or wants to, or is blocked outside of a system call. */
        RUNNING,
        /** This process may not look into it. */
        HIDDEN
    }

    /** Empty if there is no such thread any more. */
    static Optional<ThreadActivity> of(int pid, int thread) {
        String folder = "/proc/" + pid + "/task/" + thread;
        Optional<String> line = ProcFile.recordText(folder + "/syscall", LONGEST);
        if (line.isPresent() && !line.get().isEmpty()) {
            return Optional.of(parse(line.get()));
        }
        return ProcFile.text(folder + "/comm", LONGEST).map(_ -> HIDDEN);
    }

    static ThreadActivity parse(String line) {
        List<String> words = List.of(line.strip().split(" ", -1));
        if (words.size() < 3 || words.getFirst().startsWith("-")) {
            return RUNNING;
        }
        int call = Integer.parseInt(words.getFirst());
        return new ThreadActivity(kind(call), call, hex(words.get(1)), hex(words.get(2)));
    }

    private static long hex(String word) {
        return Long.parseUnsignedLong(word.substring(2), 16);
    }

    private static Kind kind(int call) {
        return switch (SystemCalls.name(call)) {
            case "accept", "accept4" -> Kind.ACCEPTS;
            case "poll", "ppoll" -> Kind.POLLS;
            case "select", "pselect6", "epoll_wait", "epoll_pwait", "epoll_pwait2" ->
                    Kind.AWAITS_EVENTS;
            case "read", "readv", "recvfrom", "recvmsg" -> Kind.READS;
            case "futex",
                    "futex_waitv",
                    "nanosleep",
                    "clock_nanosleep",
                    "pause",
                    "rt_sigsuspend",
                    "rt_sigtimedwait",
                    "wait4",
                    "waitid",
                    // Only calls with a timeout are continued by this one, never accept(2).
                    "restart_syscall" ->
                    Kind.PARKED;
            default -> Kind.IN_CALL;
        };
    }

    /** The descriptor that it accepts from or reads. */
    int descriptor() {
        return (int) first;
    }

    /** The name of the system call, or its number if that is unusual; empty if it is in none. */
    public Optional<String> callName() {
        return call == NO_CALL ? Optional.empty() : Optional.of(SystemCalls.name(call));
    }
}
