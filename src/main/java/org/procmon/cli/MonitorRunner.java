package org.procmon.cli;

import java.nio.file.Path;

/** Runs a monitor in this program. The program's main class supplies it. */
@FunctionalInterface
public interface MonitorRunner {
    /**
     * Returns when the monitor has stopped.
     *
     * @param file its configuration
     * @return the exit code of the program
     */
    int run(Path file, RunOptions options);
}
