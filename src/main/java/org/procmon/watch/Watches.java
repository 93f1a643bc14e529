package org.procmon.watch;

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
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Inotify;
import org.procmon.posix.Poller;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.ProcessSpec;
import org.procmon.supervise.Ticker;
import org.procmon.supervise.TriggerListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when watched files have changed, on a thread of its own, which blocks in epoll. A change
 * counts once nothing has happened for a while, and no file that was written is still open. {@link
 * #follow} and {@link #close} are for any thread.
 */
public final class Watches implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("procmon");

    private final Ticker ticker;
    private final TriggerListener listener;
    private final Poller poller;
    private final Inotify inotify;
    private final Folders folders;
    private final AtomicReference<@Nullable MonitorSpec> wanted = new AtomicReference<>();
    private volatile boolean closed;

    /** The rest is for the thread alone. */
    private List<Lookout> lookouts = List.of();

    private Map<String, String> told = Map.of();

    private Watches(Inotify inotify, Ticker ticker, TriggerListener listener) {
        this.ticker = ticker;
        this.listener = listener;
        this.inotify = inotify;
        this.folders = new Folders(inotify);
        this.poller = Poller.open();
        poller.add(inotify.descriptor(), 0);
    }

    /**
     * Begins to listen, on a new thread; empty, after a message, if the kernel does not let it.
     *
     * @param bugs hears of the thread's end if it fails, which is a bug
     */
    public static Optional<Watches> start(
            Ticker ticker, TriggerListener listener, Thread.UncaughtExceptionHandler bugs) {
        switch (Inotify.open()) {
            case Inotify.Result.Opened opened -> {
                Watches watches;
                try {
                    watches = new Watches(opened.inotify(), ticker, listener);
                } catch (IllegalStateException e) {
                    opened.inotify().close();
                    LOG.warn("cannot watch files: {}", e.getMessage());
                    return Optional.empty();
                }
                Thread.ofPlatform()
                        .daemon()
                        .name("watch")
                        .uncaughtExceptionHandler(bugs)
                        .start(watches::run);
                return Optional.of(watches);
            }
            case Inotify.Result.NotOpened not -> {
                LOG.warn("cannot watch files: {}", Lookout.words(not.errno()));
                return Optional.empty();
            }
        }
    }

    /** Watches what this configuration says, and nothing else, from now on. */
    public void follow(MonitorSpec spec) {
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
            for (Folders.Change change : folders.read(now)) {
                lookouts.forEach(lookout -> lookout.hear(change, now));
            }
            look();
            Optional<Duration> pause = pause();
            int _ = pause.isEmpty() ? poller.await(keys) : poller.await(keys, pause.get());
        }
        poller.close();
        inotify.close();
    }

    private void change(List<ProcessSpec> processes) {
        List<Lookout> next = new ArrayList<>();
        for (ProcessSpec process : processes) {
            process.triggers()
                    .watch()
                    .ifPresent(watch ->
                            next.add(
                                    lookouts.stream()
                                            .filter(l -> l.name().equals(process.id()))
                                            .filter(l -> l.watch().equals(watch))
                                            .findFirst()
                                            .orElseGet(() ->
                                                    begun(new Lookout(process.id(), watch)))));
        }
        lookouts = next;
        keepInStep();
    }

    private Lookout begun(Lookout lookout) {
        lookout.begin(folders);
        return lookout;
    }

    private void look() {
        Ticks now = ticker.now();
        List<Lookout> due =
                lookouts.stream().filter(l -> l.due().filter(now::hasReached).isPresent()).toList();
        for (Lookout lookout : due) {
            if (lookout.hasChanged(folders, now)) {
                listener.filesChanged(lookout.name());
            }
        }
        if (!due.isEmpty()) {
            keepInStep();
        }
    }

    private void keepInStep() {
        Set<Path> used = new HashSet<>();
        Map<String, String> remarks = new HashMap<>();
        for (Lookout lookout : lookouts) {
            used.addAll(lookout.folders());
            lookout.remark().ifPresent(remark -> remarks.put(lookout.name(), remark));
        }
        folders.keepOnly(used);
        if (!remarks.equals(told)) {
            told = remarks;
            remarks.forEach((name, remark) -> LOG.warn("{} {}", name, remark));
            listener.remarked(remarks);
        }
    }

    private Optional<Duration> pause() {
        Ticks now = ticker.now();
        return lookouts.stream()
                .flatMap(lookout -> lookout.due().stream())
                .min(Ticks::compareTo)
                .map(due -> now.hasReached(due) ? Duration.ZERO : due.since(now));
    }

    @Override
    public void close() {
        closed = true;
        poller.wakeUp();
    }
}
