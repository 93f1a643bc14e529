package org.procmon.readiness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import org.procmon.readiness.probe.BackgroundCheck;
import org.procmon.supervise.port.RunReporter;

/** Waits until a file is created, or rewritten if it already exists. */
final class FileWatch implements BackgroundCheck.Task {
    private final Path file;
    private final Optional<String> old;
    private final Duration interval;
    private final RunReporter runReporter;

    /**
     * @param old the {@link #stamp} from before the run started
     */
    FileWatch(Path file, Optional<String> old, Duration interval, RunReporter runReporter) {
        this.file = file;
        this.old = old;
        this.interval = interval;
        this.runReporter = runReporter;
    }

    /** Identifies a file and its current state; empty if there is none. */
    static Optional<String> stamp(Path file) {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(is.fileKey() + " " + is.lastModifiedTime() + " " + is.size());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    @Override
    public void run(BackgroundCheck backgroundCheck) throws InterruptedException {
        while (true) {
            Optional<String> now = stamp(file);
            if (now.isPresent() && !now.equals(old)) {
                runReporter.ready();
                return;
            }
            backgroundCheck.pause(interval);
        }
    }
}
