package org.procmon.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Processes;
import org.procmon.posix.Self;

/** The sessions of all processes of this pid namespace. Any thread. */
final class Sessions {
    private Sessions() {}

    /**
     * How many bytes of memory the processes of each session have together, by the pid of the one
     * that began it. What several of them share counts for each. Source: proc(5), {@code rss}.
     */
    static Map<Integer, Long> memory() {
        long pageSize = Self.pageSize();
        Map<Integer, Long> memory = new HashMap<>();
        for (int pid : Processes.pids()) {
            Optional<ProcessStat> stat = ProcessStat.of(pid);
            if (stat.isPresent()) {
                long bytes = stat.get().residentPages() * pageSize;
                memory.merge(stat.get().session(), bytes, Long::sum);
            }
        }
        return memory;
    }
}
