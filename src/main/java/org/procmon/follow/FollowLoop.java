package org.procmon.follow;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.procmon.config.FollowedFolder;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Inotify;
import org.procmon.posix.Poller;
import org.procmon.posix.WriterCheck;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Ticker;

/**
 * Follows folders, on a thread of its own, which blocks in epoll, without a timer while nothing
 * changes. {@link #follow} and {@link #close} are for any thread.
 */
final class FollowLoop implements AutoCloseable {
    private static final int EVENTS = 0;

    /** So that a stream of changes costs at most so many turns. */
    private static final Duration READ_PERIOD = Duration.ofMillis(20);

    private static final Duration END_LIMIT = Duration.ofMillis(500);

    private final Ticker ticker;
    private final WatchTable watches;
    private final FollowRequests requests;
    private final WriterCheck writerCheck = new WriterCheck();
    private final AtomicReference<@Nullable List<FollowedFolder>> wanted = new AtomicReference<>();
    private final AtomicLong turns = new AtomicLong();
    private final Thread thread;
    private volatile boolean isClosed;

    /** Guarded by this; closed when the thread ends. */
    private final Poller poller;

    private boolean isEnded;

    /** The fields below are for the thread alone. */
    private List<FollowEntry> entries = List.of();

    private Optional<Ticks> nextRead = Optional.empty();

    private FollowLoop(
            Poller poller,
            Inotify.Result kernel,
            Ticker ticker,
            Reloader reloader,
            Thread.UncaughtExceptionHandler bugs) {
        this.poller = poller;
        this.ticker = ticker;
        watches = new WatchTable(kernel);
        watches.descriptor().ifPresent(descriptor -> poller.addOnce(descriptor, EVENTS));
        requests = new FollowRequests(reloader, this::wakeUp);
        thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("folders")
                        .uncaughtExceptionHandler(bugs)
                        .unstarted(this::run);
    }

    /**
     * Starts the thread.
     *
     * @param kernel if it refuses, what is followed is looked at from time to time
     * @param bugs handles an exception that ends the thread, which is a bug
     * @throws IllegalStateException if this process may not open descriptors
     */
    static FollowLoop start(
            Inotify.Result kernel,
            Ticker ticker,
            Reloader reloader,
            Thread.UncaughtExceptionHandler bugs) {
        Poller poller;
        try {
            poller = Poller.open();
        } catch (IllegalStateException e) {
            new WatchTable(kernel).close();
            throw e;
        }
        FollowLoop made = new FollowLoop(poller, kernel, ticker, reloader, bugs);
        made.thread.start();
        return made;
    }

    /** Follows these folders, and no others, from now on. */
    void follow(List<FollowedFolder> folders) {
        wanted.set(folders);
        wakeUp();
    }

    private synchronized void wakeUp() {
        if (!isEnded) {
            poller.wakeUp();
        }
    }

    /** How often the thread was awake. */
    long turns() {
        return turns.get();
    }

    private void run() {
        int[] keys = new int[1];
        boolean isReadable = false;
        while (!isClosed) {
            turns.incrementAndGet();
            Ticks now = ticker.now();
            @Nullable List<FollowedFolder> next = wanted.getAndSet(null);
            if (next != null) {
                change(next, now);
            }
            if (isReadable || nextRead.filter(now::hasReached).isPresent()) {
                read(now);
            }
            look(now);
            isReadable = await(keys) > 0;
        }
        end();
    }

    private int await(int[] keys) {
        Optional<Ticks> due =
                Stream.of(
                                nextRead.stream(),
                                requests.due().stream(),
                                entries.stream().flatMap(entry -> entry.due().stream()))
                        .flatMap(times -> times)
                        .min(Ticks::compareTo);
        if (due.isEmpty()) {
            return poller.await(keys);
        }
        Ticks now = ticker.now();
        return now.hasReached(due.get())
                ? poller.look(keys)
                : poller.await(keys, due.get().since(now));
    }

    private void change(List<FollowedFolder> folders, Ticks now) {
        List<FollowEntry> next = new ArrayList<>();
        for (FollowedFolder folder : folders) {
            Optional<FollowEntry> known =
                    entries.stream()
                            .filter(entry -> entry.isOf(folder))
                            .filter(entry -> !next.contains(entry))
                            .findFirst();
            known.ifPresent(entry -> entry.retarget(folder.targets(), now));
            next.add(
                    known.orElseGet(() -> {
                        FollowEntry entry = new FollowEntry(folder, watches, writerCheck);
                        entry.begin(now);
                        return entry;
                    }));
        }
        entries = next;
        keepWatches();
    }

    private void keepWatches() {
        Set<Path> used = new HashSet<>();
        entries.forEach(entry -> used.addAll(entry.watched()));
        watches.keepOnly(used);
    }

    private void read(Ticks now) {
        List<Inotify.Event> events = watches.read();
        events.forEach(event -> hear(event, now));
        if (entries.stream().filter(entry -> entry.refresh(now)).count() > 0) {
            keepWatches();
        }
        if (!events.isEmpty()) {
            nextRead = Optional.of(now.plus(READ_PERIOD));
            return;
        }
        nextRead = Optional.empty();
        watches.descriptor()
                .ifPresent(descriptor -> {
                    boolean _ = poller.rearm(descriptor, EVENTS);
                });
    }

    private void hear(Inotify.Event event, Ticks now) {
        if (event.watch() < 0) {
            // What is watched may no longer be what the paths lead to.
            watches.keepOnly(Set.of());
            entries.forEach(entry -> entry.missed(now));
            return;
        }
        for (Path folder : watches.paths(event.watch())) {
            entries.forEach(entry -> entry.hear(folder, event, now));
        }
    }

    private void look(Ticks now) {
        if (entries.stream().filter(entry -> entry.lookIfDue(now)).count() > 0) {
            keepWatches();
        }
        if (entries.stream().filter(entry -> entry.isReady(now)).count() > 0) {
            requests.want();
        }
        requests.look(now);
    }

    private synchronized void end() {
        isEnded = true;
        requests.close();
        poller.close();
        watches.close();
    }

    /** Ends the thread, and waits for that, half a second at most. */
    @Override
    public void close() {
        isClosed = true;
        wakeUp();
        try {
            boolean _ = thread.join(END_LIMIT);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
