package org.procmon.app;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;
import org.procmon.launch.DescriptorNeeds;
import org.procmon.posix.WriterCheck;

/**
 * The configuration, read by a thread of its own while the C library is linked and the records of
 * an earlier monitor are read. Nothing is shared until it is awaited. Then the thread makes room
 * for all the descriptors that are needed, and exits.
 */
final class ConfigPreload {
    private final FutureTask<SpecResult> result;

    private ConfigPreload(FutureTask<SpecResult> result) {
        this.result = result;
    }

    /** Starts to read a file. */
    static ConfigPreload of(Path file, Map<String, String> environment) {
        FutureTask<SpecResult> task =
                new FutureTask<>(
                        () -> SpecReader.start(file, environment, WriterCheck::isBeingWritten));
        Thread.ofPlatform()
                .daemon()
                .name("configuration")
                .start(() -> {
                    task.run();
                    if (task.state() == Future.State.SUCCESS
                            && task.resultNow() instanceof SpecResult.Valid valid) {
                        DescriptorNeeds.makeRoomFor(valid.spec());
                    }
                });
        return new ConfigPreload(task);
    }

    /**
     * Waits until it has been read.
     *
     * @throws IOException if this thread is interrupted
     */
    SpecResult await() throws IOException {
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading the configuration");
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot read the configuration", e.getCause());
        }
    }
}
