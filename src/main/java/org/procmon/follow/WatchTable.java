package org.procmon.follow;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.bytes.BytePath;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.Inotify;
import org.procmon.posix.Inotify.Watching;

/** The folders that the kernel watches, by path and by number. One thread. */
final class WatchTable implements AutoCloseable {
    private final Inotify.Result kernel;
    private final Map<Path, Integer> numbers = new HashMap<>();

    /** Several paths may lead to one folder, which has one number. */
    private final Map<Integer, Set<Path>> paths = new HashMap<>();

    /**
     * @param kernel if it refuses, nothing can be watched
     */
    WatchTable(Inotify.Result kernel) {
        this.kernel = kernel;
    }

    /** Readable when something has changed; empty if nothing can be watched. */
    Optional<Descriptor> descriptor() {
        return switch (kernel) {
            case Inotify.Result.Opened(Inotify inotify) -> Optional.of(inotify.descriptor());
            case Inotify.Result.NotOpened _ -> Optional.empty();
        };
    }

    /** Watches the folder that is at a path now; empty on success. */
    Optional<Errno> watch(Path folder, Inotify.Scope scope) {
        return switch (kernel) {
            case Inotify.Result.Opened(Inotify inotify) ->
                    switch (inotify.watch(BytePath.text(folder), scope)) {
                        case Watching.Watched(int number) -> {
                            put(folder, number);
                            yield Optional.empty();
                        }
                        case Watching.NotWatched(Errno errno) -> {
                            drop(folder);
                            yield Optional.of(errno);
                        }
                    };
            case Inotify.Result.NotOpened(Errno errno) -> Optional.of(errno);
        };
    }

    /** Whether a folder cannot be watched only since the kernel watches no more of them. */
    boolean hasNoRoom(Errno errno) {
        return kernel instanceof Inotify.Result.NotOpened
                || errno.isLimit()
                || errno.number() == Errno.ENOMEM;
    }

    private void put(Path folder, int number) {
        Integer before = numbers.get(folder);
        if (before == null || before != number) {
            drop(folder);
            numbers.put(folder, number);
            paths.computeIfAbsent(number, _ -> new HashSet<>()).add(folder);
        }
    }

    /** Stops watching a folder. */
    void drop(Path folder) {
        Integer number = numbers.remove(folder);
        if (number == null) {
            return;
        }
        Set<Path> left = paths.getOrDefault(number, Set.of());
        left.remove(folder);
        if (left.isEmpty()) {
            paths.remove(number);
            forget(number);
        }
    }

    private void forget(int number) {
        if (kernel instanceof Inotify.Result.Opened(Inotify inotify)) {
            inotify.forget(number);
        }
    }

    /** Stops watching all other folders. */
    void keepOnly(Set<Path> folders) {
        List.copyOf(numbers.keySet()).stream()
                .filter(folder -> !folders.contains(folder))
                .forEach(this::drop);
    }

    /** The events since the last call, as many as there is room for; never waits. */
    List<Inotify.Event> read() {
        return switch (kernel) {
            case Inotify.Result.Opened(Inotify inotify) -> inotify.read();
            case Inotify.Result.NotOpened _ -> List.of();
        };
    }

    /** The paths that lead to the folder of this number. */
    Set<Path> paths(int number) {
        return Set.copyOf(paths.getOrDefault(number, Set.of()));
    }

    @Override
    public void close() {
        if (kernel instanceof Inotify.Result.Opened(Inotify inotify)) {
            inotify.close();
        }
    }
}
