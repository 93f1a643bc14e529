package org.procmon.trigger.watch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.Watch;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Errno;
import org.procmon.posix.Inotify;
import org.procmon.trigger.watch.SymlinkChain.Spot;

/** The watched files of one process. One thread. */
final class PathWatch {
    /** How often to resolve the paths. If they still change, another event follows. */
    private static final int TRIES = 3;

    /**
     * How many times {@code quiet} to wait for a new, empty file to be written. Some stay empty,
     * such as lock files.
     */
    private static final int EMPTY_FILE_PERIODS = 20;

    private final String name;
    private final Watch watch;
    private Map<Path, SymlinkChain> chains = Map.of();
    private Map<Path, FileSnapshot> snapshots = Map.of();
    private final Map<Path, Errno> refused = new HashMap<>();
    private Optional<Ticks> due = Optional.empty();

    PathWatch(String name, Watch watch) {
        this.name = name;
        this.watch = watch;
    }

    String name() {
        return name;
    }

    Watch watch() {
        return watch;
    }

    /** When to check, unless an event comes first. */
    Optional<Ticks> due() {
        return due;
    }

    Set<Path> folders() {
        Set<Path> folders = new LinkedHashSet<>();
        spots().forEach(spot -> folders.add(spot.folder()));
        folders.addAll(way());
        return folders;
    }

    private Set<Path> way() {
        Set<Path> way = new LinkedHashSet<>();
        chains.values().forEach(symlinkChain -> way.addAll(symlinkChain.way()));
        return way;
    }

    private Set<Spot> spots() {
        Set<Spot> spots = new LinkedHashSet<>();
        chains.values().forEach(symlinkChain -> spots.addAll(symlinkChain.spots()));
        return spots;
    }

    /** Starts, with the present state as unchanged. */
    void begin(WatchedFolders watchedFolders) {
        walk(watchedFolders);
        snapshots = snapshotsNow();
    }

    /** Handles an event; if it may concern these files, a check follows after the quiet period. */
    void hear(WatchedFolders.Change change, Ticks now) {
        boolean onTheWay = change.name().isEmpty() && way().contains(change.folder());
        boolean concerns =
                onTheWay
                        || spots().stream()
                                .anyMatch(spot ->
                                        change.name().isEmpty()
                                                ? spot.folder().equals(change.folder())
                                                : spot.isOf(change.folder(), change.name()));
        if (concerns) {
            due = Optional.of(now.plus(watch.quiet()));
        }
    }

    /** Checks after the quiet period; returns whether a file has changed and is complete. */
    boolean hasChanged(WatchedFolders watchedFolders, Ticks now) {
        due = Optional.empty();
        if (watchedFolders.isWriting(spots())) {
            // Its close causes another event.
            return false;
        }
        Optional<Ticks> emptyFileLimit =
                watchedFolders.madeEmpty(spots()).map(this::emptyFileLimit);
        if (emptyFileLimit.isPresent() && !now.hasReached(emptyFileLimit.get())) {
            due = emptyFileLimit;
            return false;
        }
        Map<Path, SymlinkChain> before = chains;
        walk(watchedFolders);
        if (!chains.equals(before)) {
            // The new places were not watched until now: a file there may still be written.
            due = Optional.of(now.plus(watch.quiet()));
            return false;
        }
        Map<Path, FileSnapshot> seen = snapshotsNow();
        boolean changed =
                seen.entrySet().stream()
                        .anyMatch(e -> e.getValue().hasChangedSince(before(e.getKey())));
        snapshots = seen;
        return changed;
    }

    private Ticks emptyFileLimit(Ticks made) {
        return made.plus(watch.quiet().multipliedBy(EMPTY_FILE_PERIODS));
    }

    private FileSnapshot before(Path path) {
        return snapshots.getOrDefault(path, new FileSnapshot(Map.of()));
    }

    private void walk(WatchedFolders watchedFolders) {
        for (int i = 0; i < TRIES; i++) {
            chains = chainsNow();
            refused.clear();
            way().forEach(folder -> watch(watchedFolders, folder, Inotify.Scope.ITSELF));
            for (Spot spot : spots()) {
                watch(watchedFolders, spot.folder(), Inotify.Scope.ENTRIES);
            }
            if (chainsNow().equals(chains)) {
                return;
            }
        }
    }

    private void watch(WatchedFolders watchedFolders, Path folder, Inotify.Scope scope) {
        watchedFolders.watch(folder, scope).ifPresent(errno -> refused.put(folder, errno));
    }

    private Map<Path, SymlinkChain> chainsNow() {
        Map<Path, SymlinkChain> walked = new LinkedHashMap<>();
        watch.paths().forEach(path -> walked.put(path, SymlinkChain.of(path.toAbsolutePath())));
        return walked;
    }

    private Map<Path, FileSnapshot> snapshotsNow() {
        Map<Path, FileSnapshot> seen = new HashMap<>();
        watch.paths().forEach(path -> seen.put(path, FileSnapshot.at(path)));
        return seen;
    }

    /** A warning for people. */
    Optional<String> remark() {
        List<String> remarks = new ArrayList<>();
        chains.forEach((path, symlinkChain) -> {
            Optional<Errno> errno =
                    symlinkChain.spots().stream()
                            .flatMap(spot ->
                                    Optional.ofNullable(refused.get(spot.folder())).stream())
                            .findFirst();
            if (errno.isPresent()) {
                remarks.add("does not notice changes of " + path + ": " + words(errno.get()));
            } else if (!symlinkChain.isThere()) {
                remarks.add("watches " + path + ", which does not exist");
            }
        });
        return remarks.isEmpty() ? Optional.empty() : Optional.of(String.join("; it ", remarks));
    }

    static String words(Errno errno) {
        return errno.isLimit()
                ? "the kernel watches no more files for this user, see fs.inotify in sysctl(8)"
                : errno.words();
    }
}
