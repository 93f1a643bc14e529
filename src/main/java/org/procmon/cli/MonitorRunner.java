package org.procmon.cli;

import java.nio.file.Path;

/** Runs a monitor in this program; given by whoever wires the program together. */
@FunctionalInterface
public interface MonitorRunner {
    /**
     * Returns once the monitor has ended.
     *
     * @param file its configuration
     * @return the exit code of the program
     */
    int run(Path file, RunOptions options);
}
