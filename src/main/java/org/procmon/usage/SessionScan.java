package org.procmon.usage;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Processes;

/** The sessions of all processes of this pid namespace. Any thread. Source: proc(5). */
public final class SessionScan {
    private SessionScan() {}

    /**
     * What the processes of a session use together.
     *
     * @param bytes how much of them is in memory; what several of them share counts for each
     * @param processorTime with that of those that have ended and were waited for
     */
    public record Usage(long bytes, Duration processorTime) {
        private Usage plus(Usage other) {
            return new Usage(bytes + other.bytes, processorTime.plus(other.processorTime));
        }
    }

    /** What each session uses, by the pid of the one that began it. */
    public static Map<Integer, Usage> usage() {
        long pageSize = CurrentProcess.pageSize();
        Map<Integer, Usage> sessions = new HashMap<>();
        for (int pid : Processes.pids()) {
            Optional<ProcessStat> found = ProcessStat.of(pid);
            if (found.isPresent()) {
                ProcessStat stat = found.get();
                Usage usage =
                        new Usage(
                                stat.residentPages() * pageSize,
                                stat.userTime().plus(stat.systemTime()));
                sessions.merge(stat.session(), usage, Usage::plus);
            }
        }
        return sessions;
    }

    /** How many bytes of memory each has; what its processes share counts for each of them. */
    static Map<Integer, Long> memory() {
        Map<Integer, Long> memory = new HashMap<>();
        usage().forEach((session, usage) -> memory.put(session, usage.bytes()));
        return memory;
    }
}
