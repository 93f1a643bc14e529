package org.procmon.posix.socket;

import java.time.Duration;
import java.util.Optional;
import org.procmon.posix.ProcFile;
import org.procmon.posix.Processes;

/**
 * What helps to explain what a process does. Each is empty, or false, if the process has exited or
 * may not be looked into. Any thread. Source: proc(5).
 */
public final class ProcessDetails {
    private static final int LONGEST_LINE = 256;

    private ProcessDetails() {}

    /**
     * What the scheduler has given to a process: all its threads that exist now.
     *
     * @param slices how often a thread was put on a processor; if it is the same later, no thread
     *     has run meanwhile
     */
    public record RunTime(Duration onProcessor, long slices) {}

    /** Of all its threads. Source: {@code /proc/PID/task/TID/schedstat}. */
    public static Optional<RunTime> runTime(int pid) {
        try {
            return runTime(pid, Processes.numbers("/proc/" + pid + "/task"));
        } catch (IllegalStateException _) {
            return Optional.empty();
        }
    }

    private static Optional<RunTime> runTime(int pid, int[] threads) {
        String folder = "/proc/" + pid + "/task/";
        long nanos = 0;
        long slices = 0;
        boolean isKnown = false;
        for (int thread : threads) {
            String text = ProcFile.text(folder + thread + "/schedstat", LONGEST_LINE).orElse("");
            String[] words = text.strip().split(" ", -1);
            if (words.length >= 3) {
                nanos += Long.parseLong(words[0]);
                slices += Long.parseLong(words[2]);
                isKnown = true;
            }
        }
        return isKnown
                ? Optional.of(new RunTime(Duration.ofNanos(nanos), slices))
                : Optional.empty();
    }

    /** The function of the kernel that the main thread is blocked in; empty if in none. */
    public static Optional<String> waitChannel(int pid) {
        return ProcFile.text("/proc/" + pid + "/wchan", LONGEST_LINE)
                .filter(channel -> !channel.isEmpty() && !channel.equals("0"));
    }
}
