package org.procmon.supervise.port;

import java.util.Map;
import java.util.Optional;

/** What a run gets beside its own. */
public sealed interface NotifySetup {
    /**
     * It is there.
     *
     * @param variables for its environment
     * @param line a fifo that it is to have open
     */
    record Granted(Map<String, String> variables, Optional<Line> line) implements NotifySetup {
        public static final Granted NOTHING = new Granted(Map.of(), Optional.empty());

        public Granted {
            variables = Map.copyOf(variables);
        }
    }

    /**
     * It cannot be had, so the run cannot be started.
     *
     * @param reason in words, naming what was tried
     */
    record Refused(String reason) implements NotifySetup {}

    /**
     * A fifo that the child opens for reading and writing.
     *
     * @param number the descriptor that it has it as, 3 or above
     * @param path where it is
     */
    record Line(int number, String path) {}
}
