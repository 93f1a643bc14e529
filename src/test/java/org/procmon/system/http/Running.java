package org.procmon.system.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A program that was started and goes on; what it writes goes to a file. */
final class Running {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final Path log;

    Running(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** All that it wrote, to either stream. */
    String log() throws IOException {
        return Files.readString(log);
    }

    /** Waits for it to end by itself. */
    int exitCode() throws IOException {
        assertThat(ends()).as("it ends: %s", log()).isTrue();
        return process.exitValue();
    }

    /** Asks it to end, and waits until it has. */
    int stop() throws IOException {
        process.destroy();
        return exitCode();
    }

    /** Ends it in a way that it cannot notice. */
    void kill() throws IOException {
        process.destroyForcibly();
        exitCode();
    }

    private boolean ends() {
        try {
            return process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
