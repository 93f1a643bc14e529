package org.procmon.follow;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.procmon.bytes.BytePath;

/**
 * The entries of folders at one moment, for folders that the kernel cannot watch.
 *
 * @param stamps what distinguishes each from its earlier states, by path
 */
record NamesAndTimes(Map<Path, Map<String, Object>> stamps) {
    static final int MOST_FILES = 65_536;

    private static final String IDENTITY = "unix:ino,uid,gid,mode";
    private static final String STATE = IDENTITY + ",size,ctime";
    private static final int TYPE_BITS = 0170000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;

    NamesAndTimes {
        stamps = Map.copyOf(stamps);
    }

    /**
     * Reads the present state of at most {@link #MOST_FILES} files. Blocks as long as the file
     * system takes.
     *
     * @param folders without their sub-folders
     * @param targets further files, through links
     */
    static NamesAndTimes of(Set<Path> folders, EntryNames names, Set<Path> targets) {
        Map<Path, Map<String, Object>> stamps = new HashMap<>();
        for (Path folder : folders) {
            putFolder(stamps, folder);
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                for (Path entry : entries) {
                    putEntry(stamps, entry, names);
                }
            } catch (IOException | DirectoryIteratorException _) {
                // It was removed, or may not be read: as if it were empty.
            }
        }
        for (Path target : targets) {
            try {
                put(stamps, target, Files.readAttributes(target, STATE));
            } catch (IOException _) {
                // It does not exist.
            }
        }
        return new NamesAndTimes(stamps);
    }

    private static void putFolder(Map<Path, Map<String, Object>> stamps, Path folder) {
        try {
            put(stamps, folder, Files.readAttributes(folder, IDENTITY, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException _) {
            // It was removed.
        }
    }

    private static void putEntry(
            Map<Path, Map<String, Object>> stamps, Path entry, EntryNames names) {
        String name = BytePath.text(entry.getFileName());
        if (EntryNames.isHidden(name)) {
            return;
        }
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            putFolder(stamps, entry);
        } else if (names.matches(name)) {
            try {
                Map<String, Object> stamp =
                        Files.readAttributes(entry, STATE, LinkOption.NOFOLLOW_LINKS);
                int type = (Integer) stamp.getOrDefault("mode", 0) & TYPE_BITS;
                if (type == REGULAR || type == LINK) {
                    put(stamps, entry, stamp);
                }
            } catch (IOException _) {
                // It was removed.
            }
        }
    }

    private static void put(
            Map<Path, Map<String, Object>> stamps, Path path, Map<String, Object> stamp) {
        if (stamps.size() < MOST_FILES) {
            stamps.put(path, stamp);
        }
    }

    boolean isFull() {
        return stamps.size() >= MOST_FILES;
    }

    /** What is new, different or gone since then. */
    Set<Path> changedSince(NamesAndTimes before) {
        Set<Path> changed = new HashSet<>(stamps.keySet());
        changed.addAll(before.stamps.keySet());
        changed.removeIf(path -> {
            Map<String, Object> stamp = stamps.get(path);
            return stamp != null && stamp.equals(before.stamps.get(path));
        });
        return changed;
    }
}
