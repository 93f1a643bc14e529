package org.procmon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.status.fields.ProcessRow;

/** The configuration file of a monitor that runs, as its own row says. */
final class RunningConfig {
    /** What the row has as the command of a monitor, before the absolute path of its file. */
    private static final String COMMAND = "procmon -F ";

    private RunningConfig() {}

    /**
     * The file that the monitor was started with; empty if it does not say so.
     *
     * @param monitor the row of {@code procmon1}
     */
    static Optional<Path> of(ProcessRow monitor) {
        String exec = monitor.exec();
        return exec.startsWith(COMMAND + "/")
                ? Optional.of(BytePath.named(exec.substring(COMMAND.length())))
                : Optional.empty();
    }

    /** Whether the monitor runs this file, by whatever path. */
    static boolean isOf(ProcessRow monitor, Path file) {
        Optional<Path> own = of(monitor);
        try {
            return own.isPresent() && (own.get().equals(file) || Files.isSameFile(own.get(), file));
        } catch (IOException _) {
            return false;
        }
    }
}
