package org.procmon.follow;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.bytes.BytePath;
import org.procmon.posix.Errno;
import org.procmon.posix.Inotify;
import org.procmon.trigger.watch.SymlinkChain;

/** The watched files elsewhere that entries of a followed folder link to. One thread. */
final class LinkTargets {
    private static final int TRIES = 3;

    private final WatchTable watches;
    private final FolderRemarks remarks;
    private Set<Path> targets = Set.of();

    /** The names that matter, by folder; an empty one stands for all that are not hidden. */
    private Map<Path, Set<String>> places = Map.of();

    private Set<Path> way = Set.of();
    private boolean limited;

    LinkTargets(WatchTable watches, FolderRemarks remarks) {
        this.watches = watches;
        this.remarks = remarks;
    }

    /** Watches these; returns whether some are new. */
    boolean replace(Set<Path> next) {
        boolean hasNew = !targets.containsAll(next);
        targets = next;
        rebuild();
        return hasNew;
    }

    /** Watches what is there now, from the beginning. */
    void rebuild() {
        limited = false;
        for (int i = 0; i < TRIES; i++) {
            resolve();
            way.forEach(folder -> watch(folder, Inotify.Scope.ITSELF));
            places.keySet().forEach(folder -> watch(folder, Inotify.Scope.EVERYTHING));
            Map<Path, Set<String>> watched = places;
            resolve();
            if (places.equals(watched)) {
                return;
            }
        }
    }

    private void resolve() {
        Map<Path, Set<String>> names = new HashMap<>();
        Set<Path> between = new HashSet<>();
        for (Path target : targets) {
            SymlinkChain chain = SymlinkChain.of(target);
            chain.spots()
                    .forEach(spot -> {
                        if (names.size() < FolderTree.MOST_FOLDERS
                                || names.containsKey(spot.folder())) {
                            names.computeIfAbsent(spot.folder(), _ -> new HashSet<>())
                                    .add(spot.name());
                        } else {
                            remarks.tooMany(spot.folder(), FolderTree.MOST_FOLDERS);
                        }
                    });
            if (between.size() < FolderTree.MOST_FOLDERS) {
                between.addAll(chain.way());
            }
        }
        places = names;
        way = between;
    }

    private void watch(Path folder, Inotify.Scope scope) {
        Optional<Errno> refused = watches.watch(folder, scope);
        refused.ifPresent(errno -> {
            if (watches.hasNoRoom(errno)) {
                limited = true;
                remarks.limited(errno);
            } else {
                remarks.refused(folder, errno);
            }
        });
    }

    /** What an event has to do with the targets. */
    enum Meaning {
        NONE,
        /** A target was written, or its attributes changed. */
        CHANGED,
        /** A path may lead to another file now. */
        MOVED
    }

    Meaning of(Path folder, Inotify.Event event) {
        Set<String> names = places.getOrDefault(folder, Set.of());
        boolean isMeant =
                !event.name().isEmpty()
                        && (names.contains(event.name())
                                || (names.contains("") && !EntryNames.isHidden(event.name())));
        return switch (event.kind()) {
            case LOST -> way.contains(folder) || !names.isEmpty() ? Meaning.MOVED : Meaning.NONE;
            case CREATED, MOVED_IN, GONE -> isMeant ? Meaning.MOVED : Meaning.NONE;
            case WRITTEN, CLOSED, ATTRIBUTES -> isMeant ? Meaning.CHANGED : Meaning.NONE;
        };
    }

    /** The targets, as they are named. */
    Set<Path> all() {
        return targets;
    }

    /** All folders that must be watched. */
    Set<Path> watched() {
        Set<Path> all = new HashSet<>(way);
        all.addAll(places.keySet());
        return all;
    }

    /** Whether the kernel does not watch all of them, for want of room. */
    boolean isLimited() {
        return limited;
    }

    static Path at(Path folder, Inotify.Event event) {
        return folder.resolve(BytePath.of(event.name()));
    }
}
