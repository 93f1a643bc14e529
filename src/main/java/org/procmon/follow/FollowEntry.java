package org.procmon.follow;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.procmon.bytes.BytePath;
import org.procmon.config.FollowedFolder;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Inotify;
import org.procmon.posix.WriterCheck;
import org.procmon.posix.WriterCheck.Finding;

/** One followed folder: what is watched for it, and what has changed. One thread. */
final class FollowEntry {
    /** How often to look at what the kernel cannot watch. */
    private static final Duration LOOK_PERIOD = Duration.ofSeconds(10);

    private final FollowedFolder followed;
    private final EntryNames names;
    private final FolderRemarks remarks;
    private final FolderTree tree;
    private final LinkTargets targets;
    private final PendingChanges pending;
    private boolean isTreeStale;
    private boolean areTargetsStale;
    private Optional<NamesAndTimes> seen = Optional.empty();
    private Optional<Ticks> nextLook = Optional.empty();

    FollowEntry(FollowedFolder followed, WatchTable watches, WriterCheck writerCheck) {
        this.followed = followed;
        names = new EntryNames(followed.pattern());
        remarks = new FolderRemarks(followed.directory());
        tree = new FolderTree(followed, names, watches, remarks);
        targets = new LinkTargets(watches, remarks);
        pending =
                new PendingChanges(
                        followed.quiet(),
                        file -> writerCheck.of(BytePath.text(file)) == Finding.WRITTEN);
    }

    /** Whether it is of this folder, perhaps with other targets. */
    boolean isOf(FollowedFolder other) {
        return followed.equals(other.withTargets(followed.targets()));
    }

    /** Watches everything; what has changed before that, since it was read, is read again. */
    void begin(Ticks now) {
        tree.rebuild(_ -> {});
        targets.replace(followed.targets());
        pending.addOther(now);
        watched(now);
    }

    /** Watches other targets; what has changed in new ones before that is read again. */
    void retarget(Set<Path> next, Ticks now) {
        if (!next.equals(targets.all())) {
            if (targets.replace(next)) {
                pending.addOther(now);
            }
            watched(now);
        }
    }

    /** Notes a change in a watched folder. */
    void hear(Path folder, Inotify.Event event, Ticks now) {
        if (tree.isMoved(folder, event)) {
            isTreeStale = true;
            pending.addOther(now);
        }
        switch (targets.of(folder, event)) {
            case NONE -> {}
            case CHANGED -> pending.add(LinkTargets.at(folder, event), isWrite(event), now);
            case MOVED -> {
                areTargetsStale = true;
                pending.addOther(now);
                if (!event.name().isEmpty()) {
                    pending.add(LinkTargets.at(folder, event), false, now);
                }
            }
        }
        if (tree.contains(folder)) {
            hearInTree(folder, event, now);
        }
    }

    private static boolean isWrite(Inotify.Event event) {
        return event.kind() == Inotify.Kind.WRITTEN;
    }

    private void hearInTree(Path folder, Inotify.Event event, Ticks now) {
        if (event.kind() == Inotify.Kind.LOST) {
            if (!tree.isRoot(folder)) {
                tree.drop(folder);
                pending.addOther(now);
            }
        } else if (!event.name().isEmpty() && !EntryNames.isHidden(event.name())) {
            Path path = LinkTargets.at(folder, event);
            if (event.isFolder()) {
                hearFolder(path, event.kind(), tree.isRoot(folder) && followed.folders(), now);
            } else if (names.matches(event.name())) {
                hearFile(path, event, now);
            }
        }
    }

    private void hearFolder(Path path, Inotify.Kind kind, boolean isEntry, Ticks now) {
        switch (kind) {
            case CREATED, MOVED_IN -> grow(path, now);
            case GONE -> {
                if (tree.contains(path)) {
                    tree.drop(path);
                    pending.addOther(now);
                }
            }
            case ATTRIBUTES -> {
                if (followed.recursive()) {
                    if (!tree.contains(path)) {
                        grow(path, now);
                    }
                    pending.addOther(now);
                }
            }
            case WRITTEN, CLOSED, LOST -> {}
        }
        if (isEntry) {
            pending.addOther(now);
        }
    }

    private void grow(Path path, Ticks now) {
        if (followed.recursive()) {
            tree.add(path, file -> pending.add(file, false, now));
        }
    }

    private void hearFile(Path path, Inotify.Event event, Ticks now) {
        boolean isKnown = event.kind() != Inotify.Kind.GONE && pending.has(path);
        if (isKnown || tree.isEntry(path, event.kind())) {
            pending.add(path, isWrite(event), now);
        }
    }

    /** Events were lost. */
    void missed(Ticks now) {
        isTreeStale = true;
        areTargetsStale = true;
        pending.addOther(now);
    }

    /** Watches again what may be another now; returns whether there was something. */
    boolean refresh(Ticks now) {
        if (!isTreeStale && !areTargetsStale) {
            if (tree.isLimited() && seen.isEmpty()) {
                // There was no room for a sub-folder that is new.
                watched(now);
            }
            return false;
        }
        if (isTreeStale) {
            tree.rebuild(file -> pending.add(file, false, now));
        }
        if (areTargetsStale) {
            targets.rebuild();
        }
        isTreeStale = false;
        areTargetsStale = false;
        watched(now);
        return true;
    }

    private void watched(Ticks now) {
        if (!tree.isLimited() && !targets.isLimited()) {
            remarks.unlimited();
            seen = Optional.empty();
            nextLook = Optional.empty();
        } else if (seen.isEmpty()) {
            look(now);
        }
    }

    private void look(Ticks now) {
        NamesAndTimes listing = NamesAndTimes.of(tree.folders(), names, targets.all());
        if (listing.isFull()) {
            remarks.tooManyFiles(NamesAndTimes.MOST_FILES);
        }
        seen.ifPresent(before ->
                listing.changedSince(before).forEach(path -> pending.add(path, false, now)));
        seen = Optional.of(listing);
        nextLook = Optional.of(now.plus(LOOK_PERIOD));
    }

    /** Looks at what the kernel does not watch, if it is time for that, and tries to watch it. */
    boolean lookIfDue(Ticks now) {
        if (nextLook.filter(now::hasReached).isEmpty()) {
            return false;
        }
        tree.rebuild(_ -> {});
        targets.rebuild();
        look(now);
        watched(now);
        return true;
    }

    /** When something is to be done, unless there is an event before. */
    Optional<Ticks> due() {
        return Stream.concat(pending.due().stream(), nextLook.stream()).min(Ticks::compareTo);
    }

    /** Whether the changes are complete, and are to be read now; they are forgotten then. */
    boolean isReady(Ticks now) {
        if (pending.due().filter(now::hasReached).isEmpty()) {
            return false;
        }
        tree.remark();
        return pending.isReady(now);
    }

    /** All folders that must be watched. */
    Set<Path> watched() {
        Set<Path> all = new HashSet<>(tree.watched());
        all.addAll(targets.watched());
        return all;
    }
}
