package org.procmon.output;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.posix.Processes;

/**
 * Processes that may have fifos open: the writers, and keepers that only hold copies of all fifos.
 * A fifo that has lost its name can still be opened through one of them.
 *
 * @param runs the pids of processes, by process name
 * @param keepers the pids of processes that hold all fifos
 */
record FifoHolders(Map<String, Integer> runs, List<Integer> keepers) {
    static final FifoHolders NONE = new FifoHolders(Map.of(), List.of());

    FifoHolders {
        runs = Map.copyOf(runs);
        keepers = List.copyOf(keepers);
    }

    /** The path through which a stream's fifo can be opened; empty if the process does not run. */
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
