package org.procmon.trigger.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.procmon.config.MonitorSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Inotify;
import org.procmon.posix.Poller;
import org.procmon.supervise.port.Ticker;
import org.procmon.supervise.port.TriggerListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports changes of watched files, on a thread of its own, which blocks in epoll. A change counts
 * once there was no event for a while, and no file being written is still open. {@link #follow} and
 * {@link #close} are for any thread.
 */
final class FileWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("watch");

    private final Ticker ticker;
    private final TriggerListener listener;
    private final Poller poller;
    private final Inotify inotify;
    private final WatchedFolders watchedFolders;
    private final AtomicReference<@Nullable MonitorSpec> wanted = new AtomicReference<>();
    private volatile boolean closed;

    /** The fields below are for the thread alone. */
    private List<PathWatch> pathWatches = List.of();

    private Map<String, String> reported = Map.of();

    private FileWatcher(Inotify inotify, Ticker ticker, TriggerListener listener) {
        this.ticker = ticker;
        this.listener = listener;
        this.inotify = inotify;
        this.watchedFolders = new WatchedFolders(inotify);
        this.poller = Poller.open();
        poller.add(inotify.descriptor(), 0);
    }

    /**
     * Starts watching, on a new thread; empty, after a log message, if the kernel refuses.
     *
     * @param bugs handles an exception that ends the thread, which is a bug
     */
    static Optional<FileWatcher> start(
            Ticker ticker, TriggerListener listener, Thread.UncaughtExceptionHandler bugs) {
        switch (Inotify.open()) {
            case Inotify.Result.Opened opened -> {
                FileWatcher fileWatcher;
                try {
                    fileWatcher = new FileWatcher(opened.inotify(), ticker, listener);
                } catch (IllegalStateException e) {
                    opened.inotify().close();
                    LOG.atWarn().addKeyValue("reason", e.getMessage()).log("cannot watch files");
                    return Optional.empty();
                }
                Thread.ofPlatform()
                        .daemon()
                        .name("watch")
                        .uncaughtExceptionHandler(bugs)
                        .start(fileWatcher::run);
                return Optional.of(fileWatcher);
            }
            case Inotify.Result.NotOpened not -> {
                LOG.atWarn()
                        .addKeyValue("reason", PathWatch.words(not.errno()))
                        .log("cannot watch files");
                return Optional.empty();
            }
        }
    }

    /** Watches the files of this configuration, and no others, from now on. */
    void follow(MonitorSpec spec) {
        wanted.set(spec);
        poller.wakeUp();
    }

    private void run() {
        int[] keys = new int[1];
        while (!closed) {
            @Nullable MonitorSpec spec = wanted.getAndSet(null);
            if (spec != null) {
                change(spec.processes());
            }
            Ticks now = ticker.now();
            for (WatchedFolders.Change change : watchedFolders.read(now)) {
                pathWatches.forEach(pathWatch -> pathWatch.hear(change, now));
            }
            look();
            Optional<Duration> pause = pause();
            int _ = pause.isEmpty() ? poller.await(keys) : poller.await(keys, pause.get());
        }
        poller.close();
        inotify.close();
    }

    private void change(List<ProcessSpec> processes) {
        List<PathWatch> next = new ArrayList<>();
        for (ProcessSpec process : processes) {
            process.triggers()
                    .watch()
                    .ifPresent(watch ->
                            next.add(
                                    pathWatches.stream()
                                            .filter(l -> l.name().equals(process.id()))
                                            .filter(l -> l.watch().equals(watch))
                                            .findFirst()
                                            .orElseGet(() ->
                                                    started(new PathWatch(process.id(), watch)))));
        }
        pathWatches = next;
        update();
    }

    private PathWatch started(PathWatch pathWatch) {
        pathWatch.begin(watchedFolders);
        return pathWatch;
    }

    private void look() {
        Ticks now = ticker.now();
        List<PathWatch> due =
                pathWatches.stream()
                        .filter(l -> l.due().filter(now::hasReached).isPresent())
                        .toList();
        for (PathWatch pathWatch : due) {
            if (pathWatch.hasChanged(watchedFolders, now)) {
                listener.filesChanged(pathWatch.name());
            }
        }
        if (!due.isEmpty()) {
            update();
        }
    }

    private void update() {
        Set<Path> used = new HashSet<>();
        Map<String, String> remarks = new HashMap<>();
        for (PathWatch pathWatch : pathWatches) {
            used.addAll(pathWatch.folders());
            pathWatch.remark().ifPresent(remark -> remarks.put(pathWatch.name(), remark));
        }
        watchedFolders.keepOnly(used);
        if (!remarks.equals(reported)) {
            reported = remarks;
            remarks.forEach((name, remark) ->
                    LOG.atWarn()
                            .addKeyValue("process", name)
                            .addKeyValue("reason", remark)
                            .log("{process} cannot watch all files"));
            listener.remarked(remarks);
        }
    }

    private Optional<Duration> pause() {
        Ticks now = ticker.now();
        return pathWatches.stream()
                .flatMap(pathWatch -> pathWatch.due().stream())
                .min(Ticks::compareTo)
                .map(due -> now.hasReached(due) ? Duration.ZERO : due.since(now));
    }

    @Override
    public void close() {
        closed = true;
        poller.wakeUp();
    }
}
