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

/** What is watched for one process. One thread. */
final class PathWatch {
    /** What changes faster than it can be looked at is told again. */
    private static final int TRIES = 3;

    /**
     * So many times {@code quiet}, a new file that is empty is waited for. Some stay so, such as
     * one that is only locked.
     */
    private static final int PATIENCE = 20;

    private final String name;
    private final Watch watch;
    private Map<Path, SymlinkChain> trails = Map.of();
    private Map<Path, FileSnapshot> looks = Map.of();
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

    /** When to look, unless something happens before. */
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
        trails.values().forEach(symlinkChain -> way.addAll(symlinkChain.way()));
        return way;
    }

    private Set<Spot> spots() {
        Set<Spot> spots = new LinkedHashSet<>();
        trails.values().forEach(symlinkChain -> spots.addAll(symlinkChain.spots()));
        return spots;
    }

    /** Begins, with everything as it is now. */
    void begin(WatchedFolders watchedFolders) {
        walk(watchedFolders);
        looks = lookNow();
    }

    /** Something has happened; if it may concern this, there will be a look when it is quiet. */
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

    /** Looks, since it has been quiet; whether something has changed and is complete. */
    boolean hasChanged(WatchedFolders watchedFolders, Ticks now) {
        due = Optional.empty();
        if (watchedFolders.isWriting(spots())) {
            // That it is closed will be told.
            return false;
        }
        Optional<Ticks> patience = watchedFolders.madeEmpty(spots()).map(this::patience);
        if (patience.isPresent() && !now.hasReached(patience.get())) {
            due = patience;
            return false;
        }
        Map<Path, SymlinkChain> before = trails;
        walk(watchedFolders);
        if (!trails.equals(before)) {
            // Nobody has listened there: something may still be written.
            due = Optional.of(now.plus(watch.quiet()));
            return false;
        }
        Map<Path, FileSnapshot> seen = lookNow();
        boolean changed =
                seen.entrySet().stream()
                        .anyMatch(e -> e.getValue().hasChangedSince(before(e.getKey())));
        looks = seen;
        return changed;
    }

    private Ticks patience(Ticks made) {
        return made.plus(watch.quiet().multipliedBy(PATIENCE));
    }

    private FileSnapshot before(Path path) {
        return looks.getOrDefault(path, new FileSnapshot(Map.of()));
    }

    private void walk(WatchedFolders watchedFolders) {
        for (int i = 0; i < TRIES; i++) {
            trails = trailsNow();
            refused.clear();
            way().forEach(folder -> watch(watchedFolders, folder, Inotify.Scope.ITSELF));
            for (Spot spot : spots()) {
                watch(watchedFolders, spot.folder(), Inotify.Scope.ENTRIES);
            }
            if (trailsNow().equals(trails)) {
                return;
            }
        }
    }

    private void watch(WatchedFolders watchedFolders, Path folder, Inotify.Scope scope) {
        watchedFolders.watch(folder, scope).ifPresent(errno -> refused.put(folder, errno));
    }

    private Map<Path, SymlinkChain> trailsNow() {
        Map<Path, SymlinkChain> walked = new LinkedHashMap<>();
        watch.paths().forEach(path -> walked.put(path, SymlinkChain.of(path.toAbsolutePath())));
        return walked;
    }

    private Map<Path, FileSnapshot> lookNow() {
        Map<Path, FileSnapshot> seen = new HashMap<>();
        watch.paths().forEach(path -> seen.put(path, FileSnapshot.at(path)));
        return seen;
    }

    /** What people should know. */
    Optional<String> remark() {
        List<String> remarks = new ArrayList<>();
        trails.forEach((path, symlinkChain) -> {
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
