package org.procmon.follow;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.procmon.bytes.BytePath;
import org.procmon.config.FollowedFolder;
import org.procmon.posix.Errno;
import org.procmon.posix.FileStatus;
import org.procmon.posix.Inotify;
import org.procmon.trigger.watch.SymlinkChain;

/**
 * The watched folders of one followed folder: itself, its sub-folders, and those in which it can
 * appear or from which it can vanish. One thread.
 */
final class FolderTree {
    static final int MOST_FOLDERS = 4096;
    static final int MOST_LEVELS = 16;

    /** How often to look where the folder is. If that still changes, another event follows. */
    private static final int TRIES = 3;

    private static final int MOST_SPECIAL = 4096;

    private record Branch(Path folder, int level) {}

    private final FollowedFolder followed;
    private final EntryNames names;
    private final WatchTable watches;
    private final FolderRemarks remarks;
    private final FileStatus status = new FileStatus();
    private SymlinkChain chain = new SymlinkChain(Set.of(), Set.of(), false);
    private final Map<Path, Integer> levels = new HashMap<>();

    /** Sockets and the like, since of a removed name the kernel does not say what it was. */
    private final Set<Path> special = new HashSet<>();

    private boolean limited;

    FolderTree(
            FollowedFolder followed, EntryNames names, WatchTable watches, FolderRemarks remarks) {
        this.followed = followed;
        this.names = names;
        this.watches = watches;
        this.remarks = remarks;
    }

    /**
     * Watches what is there now, from the beginning.
     *
     * @param found takes each entry
     */
    void rebuild(Consumer<Path> found) {
        limited = false;
        for (int i = 0; i < TRIES; i++) {
            chain = chainNow();
            chain.way().forEach(folder -> watch(folder, Inotify.Scope.ITSELF));
            chain.spots().stream()
                    .filter(spot -> !spot.name().isEmpty())
                    .forEach(spot -> watch(spot.folder(), Inotify.Scope.NAMES_AND_ATTRIBUTES));
            if (chainNow().equals(chain)) {
                break;
            }
        }
        levels.clear();
        special.clear();
        root().ifPresent(root -> grow(root, 0, found));
    }

    private SymlinkChain chainNow() {
        return SymlinkChain.of(followed.directory());
    }

    /** Logs it, if the folder is not there. */
    void remark() {
        if (root().isPresent()) {
            remarks.found();
        } else {
            remarks.missing();
        }
    }

    /** The folder itself, without links; empty if there is none. */
    Optional<Path> root() {
        return chain.spots().stream()
                .filter(spot -> spot.name().isEmpty())
                .map(SymlinkChain.Spot::folder)
                .findFirst();
    }

    /** Whether an event says that the folder may be another now, or is no longer there. */
    boolean isMoved(Path folder, Inotify.Event event) {
        boolean isLost = event.kind() == Inotify.Kind.LOST;
        return switch (event.kind()) {
            case WRITTEN, CLOSED -> false;
            case CREATED, MOVED_IN, GONE, ATTRIBUTES, LOST ->
                    (isLost && chain.way().contains(folder))
                            || chain.spots().stream()
                                    .filter(spot -> spot.folder().equals(folder))
                                    .anyMatch(spot ->
                                            isLost
                                                    || (!event.name().isEmpty()
                                                            && spot.name().equals(event.name())));
        };
    }

    boolean contains(Path folder) {
        return levels.containsKey(folder);
    }

    boolean isRoot(Path folder) {
        return Integer.valueOf(0).equals(levels.get(folder));
    }

    /** The followed folders. */
    Set<Path> folders() {
        return Set.copyOf(levels.keySet());
    }

    /** All folders that must be watched. */
    Set<Path> watched() {
        Set<Path> all = new HashSet<>(levels.keySet());
        all.addAll(chain.way());
        chain.spots().forEach(spot -> all.add(spot.folder()));
        return all;
    }

    /** Whether the kernel does not watch all of it, for want of room. */
    boolean isLimited() {
        return limited;
    }

    /** Watches a sub-folder that may be new, and those in it. */
    void add(Path folder, Consumer<Path> found) {
        Path parent = folder.getParent();
        Integer level = parent == null ? null : levels.get(parent);
        if (level != null) {
            grow(folder, level + 1, found);
        }
    }

    private void grow(Path start, int level, Consumer<Path> found) {
        Deque<Branch> todo = new ArrayDeque<>();
        todo.add(new Branch(start, level));
        while (!todo.isEmpty()) {
            Branch next = todo.remove();
            if (next.level() > MOST_LEVELS) {
                remarks.tooDeep(next.folder(), MOST_LEVELS);
            } else if (levels.size() >= MOST_FOLDERS && !levels.containsKey(next.folder())) {
                remarks.tooMany(next.folder(), MOST_FOLDERS);
                return;
            } else if (watch(next.folder(), Inotify.Scope.EVERYTHING)) {
                levels.put(next.folder(), next.level());
                list(next, todo, found);
            }
        }
    }

    /** Whether the folder is watched, or must be looked at instead. */
    private boolean watch(Path folder, Inotify.Scope scope) {
        Optional<Errno> refused = watches.watch(folder, scope);
        if (refused.isEmpty()) {
            return true;
        }
        Errno errno = refused.get();
        if (watches.hasNoRoom(errno)) {
            limited = true;
            remarks.limited(errno);
            return true;
        }
        remarks.refused(folder, errno);
        return false;
    }

    private void list(Branch branch, Deque<Branch> todo, Consumer<Path> found) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(branch.folder())) {
            for (Path entry : entries) {
                String name = BytePath.text(entry.getFileName());
                if (EntryNames.isHidden(name) || !status.read(BytePath.text(entry))) {
                    continue;
                }
                if (status.isFolder()) {
                    if (followed.recursive()) {
                        todo.add(new Branch(entry, branch.level() + 1));
                    }
                    if (followed.folders() && branch.level() == 0) {
                        found.accept(entry);
                    }
                } else if (names.matches(name) && isFile(entry)) {
                    found.accept(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // It was removed just now, or may not be read; another event follows a change of that.
        }
    }

    /** Whether a name that has an entry's pattern is, or was, of a file or a link. */
    boolean isEntry(Path path, Inotify.Kind kind) {
        if (kind == Inotify.Kind.GONE) {
            return !special.remove(path);
        }
        return !status.read(BytePath.text(path)) || isFile(path);
    }

    private boolean isFile(Path path) {
        if (status.isRegular() || status.isLink() || status.isFolder()) {
            special.remove(path);
            return true;
        }
        if (special.size() < MOST_SPECIAL) {
            special.add(path);
        }
        return false;
    }

    /** Stops watching a sub-folder and those in it. */
    void drop(Path folder) {
        levels.keySet()
                .removeIf(known -> {
                    boolean isBelow = known.startsWith(folder);
                    if (isBelow) {
                        watches.drop(known);
                    }
                    return isBelow;
                });
        special.removeIf(path -> path.startsWith(folder));
    }
}
