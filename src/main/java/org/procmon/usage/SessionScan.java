package org.procmon.usage;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Processes;

/** The sessions of all processes of this pid namespace. Any thread. Source: proc(5). */
final class SessionScan {
    private SessionScan() {}

    /**
     * The total usage of the processes of a session.
     *
     * @param bytes their resident memory; shared memory counts for each
     * @param processorTime including exited children that were waited for
     */
    public record Usage(long bytes, Duration processorTime) {
        private Usage plus(Usage other) {
            return new Usage(bytes + other.bytes, processorTime.plus(other.processorTime));
        }
    }

    /** The usage of each session, by the pid of the process that created it. */
    static Map<Integer, Usage> usage() {
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

    /** The memory of each session in bytes; shared memory counts for each process. */
    static Map<Integer, Long> memory() {
        Map<Integer, Long> memory = new HashMap<>();
        usage().forEach((session, usage) -> memory.put(session, usage.bytes()));
        return memory;
    }
}
