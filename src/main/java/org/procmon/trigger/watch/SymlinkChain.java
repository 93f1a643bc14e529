package org.procmon.trigger.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.procmon.bytes.BytePath;

/**
 * The places that decide what a path leads to. A change of the target is visible at one of them.
 *
 * @param spots the links on the way and the end of it; if the target does not exist, its first
 *     missing part
 * @param way the folders in between; a move of one must be noticed
 * @param isThere whether the target exists
 */
public record SymlinkChain(Set<Spot> spots, Set<Path> way, boolean isThere) {
    /** The kernel's limit on links. Source: path_resolution(7). */
    private static final int MOST_LINKS = 40;

    /**
     * A name in a folder.
     *
     * @param folder without links
     * @param name empty for all names
     */
    public record Spot(Path folder, String name) {
        /** Whether an entry of a folder is at this place. */
        public boolean isOf(Path other, String entry) {
            return folder.equals(other) && (name.isEmpty() || name.equals(entry));
        }
    }

    public SymlinkChain {
        spots = Set.copyOf(spots);
        way = Set.copyOf(way);
    }

    /** Follows a path as the kernel would. Blocks as long as the file system takes. */
    public static SymlinkChain of(Path path) {
        Deque<String> rest = new ArrayDeque<>();
        path.forEach(part -> rest.addLast(BytePath.text(part)));
        Set<Spot> spots = new LinkedHashSet<>();
        Set<Path> way = new LinkedHashSet<>();
        Path at = Path.of("/");
        int links = 0;
        while (!rest.isEmpty()) {
            String name = rest.removeFirst();
            Path parent = at.getParent();
            if (name.equals("..")) {
                at = parent == null ? at : parent;
                continue;
            }
            Path next = name.equals(".") ? at : at.resolve(BytePath.of(name));
            Optional<BasicFileAttributes> found = attributes(next);
            boolean isLink = found.isPresent() && found.get().isSymbolicLink();
            if (isLink || rest.isEmpty()) {
                spots.add(new Spot(at, name));
            }
            if (isLink && ++links <= MOST_LINKS) {
                at = follow(next, at, rest);
            } else if (found.isEmpty()
                    || isLink
                    || (!rest.isEmpty() && !found.get().isDirectory())) {
                spots.add(new Spot(at, name));
                return new SymlinkChain(spots, way, false);
            } else {
                at = next;
                if (!rest.isEmpty()) {
                    way.add(at);
                }
            }
        }
        if (Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
            spots.add(new Spot(at, ""));
        }
        return new SymlinkChain(spots, way, true);
    }

    /** Inserts a link's target before the rest of the way, and returns where that starts. */
    private static Path follow(Path link, Path folder, Deque<String> rest) {
        try {
            Path target = Files.readSymbolicLink(link);
            for (int i = target.getNameCount() - 1; i >= 0; i--) {
                rest.addFirst(BytePath.text(target.getName(i)));
            }
            return target.isAbsolute() ? Path.of("/") : folder;
        } catch (IOException _) {
            // It was removed just now, which causes another event.
            rest.clear();
            return folder;
        }
    }

    private static Optional<BasicFileAttributes> attributes(Path path) {
        try {
            return Optional.of(
                    Files.readAttributes(
                            path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
