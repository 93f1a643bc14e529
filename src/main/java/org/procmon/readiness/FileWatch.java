package org.procmon.readiness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import org.procmon.readiness.probe.BackgroundCheck;
import org.procmon.supervise.port.RunReporter;

/** Waits for a file to be made, or written anew if there is an old one. */
final class FileWatch implements BackgroundCheck.Task {
    private final Path file;
    private final Optional<String> old;
    private final Duration interval;
    private final RunReporter runReporter;

    /**
     * @param old what {@link #stamp} said before the run was started
     */
    FileWatch(Path file, Optional<String> old, Duration interval, RunReporter runReporter) {
        this.file = file;
        this.old = old;
        this.interval = interval;
        this.runReporter = runReporter;
    }

    /** By which a file can be told from any other, and from itself as it was; empty for none. */
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
