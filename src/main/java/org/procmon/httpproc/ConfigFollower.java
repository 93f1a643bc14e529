package org.procmon.httpproc;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/**
 * Calls an action whenever a file was replaced or written. On a thread of its own, which sleeps
 * while nothing changes.
 */
final class ConfigFollower implements AutoCloseable {
    private final Path file;
    private final Runnable changed;
    private final WatchService watches;

    private ConfigFollower(Path file, Runnable changed, WatchService watches) {
        this.file = file;
        this.changed = changed;
        this.watches = watches;
    }

    /**
     * Follows a file from now on.
     *
     * @param bugs is notified if the thread fails
     */
    static ConfigFollower follow(Path file, Runnable changed, Thread.UncaughtExceptionHandler bugs)
            throws IOException {
        Path absolute = file.toAbsolutePath();
        WatchService watches = absolute.getFileSystem().newWatchService();
        Path folder = absolute.getParent();
        if (folder == null) {
            throw new IOException(file + " is no file");
        }
        folder.register(
                watches,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY);
        ConfigFollower follower = new ConfigFollower(absolute, changed, watches);
        Thread.ofPlatform()
                .daemon()
                .name("config")
                .uncaughtExceptionHandler(bugs)
                .start(follower::run);
        return follower;
    }

    private void run() {
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
