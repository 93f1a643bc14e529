package org.procmon.output;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.posix.Processes;

/**
 * Processes that may have fifos open: whoever writes to one, and those that only hold them all. A
 * fifo that somebody has removed can still be opened through one of these.
 *
 * @param runs the pids of processes, by their names
 * @param keepers the pids of those that hold all
 */
record FifoHolders(Map<String, Integer> runs, List<Integer> keepers) {
    static final FifoHolders NONE = new FifoHolders(Map.of(), List.of());

    FifoHolders {
        runs = Map.copyOf(runs);
        keepers = List.copyOf(keepers);
    }

    /** Where the fifo of a stream can be opened; empty if the process does not run. */
    Optional<String> find(String process, String stream) {
        Integer run = runs.get(process);
        if (run == null) {
            return Optional.empty();
        }
        Optional<String> held = Processes.descriptorOf(run, stream);
        for (int i = 0; held.isEmpty() && i < keepers.size(); i++) {
            held = Processes.descriptorOf(keepers.get(i), stream);
        }
        return held;
    }
}
