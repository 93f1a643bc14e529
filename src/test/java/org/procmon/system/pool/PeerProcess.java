package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A program that a test has started; what it writes goes to a file. */
final class PeerProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;

    PeerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    int pid() {
        return (int) process.pid();
    }

    /** All that it wrote, to either stream. */
    String log() throws IOException {
        return Files.readString(log);
    }

    void mustLive() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("it ended: " + log());
        }
    }

    /** Asks it to end, and waits until it has. */
    void stop() throws IOException {
        process.destroy();
        try {
            assertThat(process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .as("it ends: %s", log())
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("cannot wait for " + pid(), e);
        } finally {
            process.destroyForcibly();
        }
    }
}
