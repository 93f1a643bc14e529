package org.procmon.httpproc;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/**
 * Notices that a file was replaced or written, from the moment that it is made, and calls an action
 * once it is started. On a thread of its own, which sleeps while nothing changes.
 */
final class ConfigFollower implements AutoCloseable {
    private final Path file;
    private final WatchService watches;

    private ConfigFollower(Path file, WatchService watches) {
        this.file = file;
        this.watches = watches;
    }

    /** Follows a file in a directory that exists. */
    static ConfigFollower of(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null) {
            throw new IOException(file + " is no file");
        }
        WatchService watches = absolute.getFileSystem().newWatchService();
        folder.register(
                watches,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY);
        return new ConfigFollower(absolute, watches);
    }

    /**
     * Calls an action for each change, also for those since it was made.
     *
     * @param bugs is notified if the thread fails
     */
    void start(Runnable changed, Thread.UncaughtExceptionHandler bugs) {
        Thread.ofPlatform()
                .daemon()
                .name("config")
                .uncaughtExceptionHandler(bugs)
                .start(() -> run(changed));
    }

    private void run(Runnable changed) {
        try {
            while (true) {
                WatchKey key = watches.take();
                boolean isIt =
                        key.pollEvents().stream()
                                .anyMatch(event ->
                                        event.kind().equals(StandardWatchEventKinds.OVERFLOW)
                                                || file.getFileName().equals(event.context()));
                if (isIt) {
                    changed.run();
                }
                key.reset();
            }
        } catch (InterruptedException | ClosedWatchServiceException _) {
            // It is closed.
        }
    }

    @Override
    public void close() throws IOException {
        watches.close();
    }
}
