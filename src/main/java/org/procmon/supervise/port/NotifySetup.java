package org.procmon.supervise.port;

import java.util.Map;
import java.util.Optional;

/** The means of a run to report its state. */
public sealed interface NotifySetup {
    /**
     * It is available.
     *
     * @param variables for the run's environment
     * @param line a fifo that the run is to have open
     */
    record Granted(Map<String, String> variables, Optional<Line> line) implements NotifySetup {
        static final Granted NOTHING = new Granted(Map.of(), Optional.empty());

        public Granted {
            variables = Map.copyOf(variables);
        }
    }

    /**
     * It is not available, so the run cannot be started.
     *
     * @param reason in words, naming what was tried
     */
    record Refused(String reason) implements NotifySetup {}

    /**
     * A fifo that the child opens for reading and writing.
     *
     * @param number its descriptor in the child, 3 or above
     * @param path where it is
     */
    record Line(int number, String path) {}
}
