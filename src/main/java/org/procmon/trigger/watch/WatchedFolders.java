package org.procmon.trigger.watch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.bytes.BytePath;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Errno;
import org.procmon.posix.FileStatus;
import org.procmon.posix.Inotify;
import org.procmon.posix.Inotify.Kind;
import org.procmon.posix.Inotify.Watching;
import org.procmon.trigger.watch.SymlinkChain.Spot;

/** The watched folders, and the files in them that are being written. One thread. */
final class WatchedFolders {
    private final Inotify inotify;
    private final Map<Path, Integer> numbers = new HashMap<>();

    /** The folders watched with their entries, not only for being moved or removed. */
    private final Set<Path> whole = new HashSet<>();

    private final Set<Spot> writing = new HashSet<>();

    /** Files that are still empty, and when they were created. */
    private final Map<Spot, Ticks> empty = new HashMap<>();

    private final FileStatus status = new FileStatus();

    WatchedFolders(Inotify inotify) {
        this.inotify = inotify;
    }

    /**
     * An event in a folder.
     *
     * @param name empty if any entry may be affected
     */
    record Change(Path folder, String name) {}

    /** Watches a folder; empty on success. */
    Optional<Errno> watch(Path folder, Inotify.Scope scope) {
        boolean more = scope == Inotify.Scope.ENTRIES && !whole.contains(folder);
        if (numbers.containsKey(folder) && !more) {
            return Optional.empty();
        }
        return switch (inotify.watch(BytePath.text(folder), scope)) {
            case Watching.Watched watched -> {
                numbers.put(folder, watched.number());
                if (scope == Inotify.Scope.ENTRIES) {
                    whole.add(folder);
                }
                yield Optional.empty();
            }
            case Watching.NotWatched not -> Optional.of(not.errno());
        };
    }

    /** Stops watching all other folders. */
    void keepOnly(Set<Path> folders) {
        for (Path folder : List.copyOf(numbers.keySet())) {
            if (!folders.contains(folder)) {
                drop(folder);
            }
        }
    }

    private void drop(Path folder) {
        Integer number = numbers.remove(folder);
        whole.remove(folder);
        writing.removeIf(spot -> spot.folder().equals(folder));
        empty.keySet().removeIf(spot -> spot.folder().equals(folder));
        // Two paths may lead to one folder.
        if (number != null && !numbers.containsValue(number)) {
            inotify.forget(number);
        }
    }

    /** Whether a file at one of these places is open and being written. */
    boolean isWriting(Set<Spot> spots) {
        return writing.stream()
                .anyMatch(file -> spots.stream().anyMatch(s -> s.isOf(file.folder(), file.name())));
    }

    /**
     * When the latest file was created at one of these places that may still be open for writing;
     * inotify reports a close after writing only if the file was open for writing.
     */
    Optional<Ticks> madeEmpty(Set<Spot> spots) {
        return empty.entrySet().stream()
                .filter(made ->
                        spots.stream()
                                .anyMatch(
                                        s -> s.isOf(made.getKey().folder(), made.getKey().name())))
                .map(Map.Entry::getValue)
                .max(Ticks::compareTo);
    }

    /** The events since the last call; never waits. */
    List<Change> read(Ticks now) {
        List<Change> changes = new ArrayList<>();
        for (Inotify.Event event : inotify.read()) {
            boolean missedSome = event.watch() < 0;
            for (Map.Entry<Path, Integer> known : Map.copyOf(numbers).entrySet()) {
                if (missedSome || known.getValue() == event.watch()) {
                    changes.add(new Change(known.getKey(), event.name()));
                    note(known.getKey(), event.kind(), event.name(), now);
                }
            }
        }
        return changes;
    }

    private void note(Path folder, Kind kind, String name, Ticks now) {
        Spot file = new Spot(folder, name);
        switch (kind) {
            case WRITTEN -> {
                writing.add(file);
                empty.remove(file);
            }
            case CLOSED, MOVED_IN, GONE -> {
                writing.remove(file);
                empty.remove(file);
            }
            case CREATED -> {
                // The creator of a file will write to it; a new name for a written file, such as a
                // link, brings no write.
                if (status.read(BytePath.text(folder.resolve(BytePath.of(name))))
                        && status.isRegular()
                        && status.hasOneName()
                        && status.size() == 0) {
                    empty.put(file, now);
                }
            }
            case ATTRIBUTES -> {}
            case LOST ->
                    // The paths below it lead elsewhere now.
                    List.copyOf(numbers.keySet()).stream()
                            .filter(known -> known.startsWith(folder))
                            .forEach(this::drop);
        }
    }
}
