package org.procmon.trigger.watch;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state at one moment of the file that a path leads to, or of the direct entries of the folder.
 *
 * @param stamps by path
 */
record FileSnapshot(Map<Path, Stamp> stamps) {
    private static final FileTime ANY_TIME = FileTime.fromMillis(0);

    /**
     * The identity of a file, and when it was written. For a folder in a folder only its identity:
     * its contents do not count.
     */
    record Stamp(@Nullable Object key, long size, FileTime modified) {}

    FileSnapshot {
        stamps = Map.copyOf(stamps);
    }

    /** Reads the present state. Blocks as long as the file system takes. */
    static FileSnapshot at(Path path) {
        Map<Path, Stamp> stamps = new HashMap<>();
        if (!Files.isDirectory(path)) {
            put(stamps, path);
            return new FileSnapshot(stamps);
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            entries.forEach(entry -> put(stamps, entry));
        } catch (IOException | DirectoryIteratorException _) {
            // An unreadable file counts as unchanged; its next change is reported again.
        }
        return new FileSnapshot(stamps);
    }

    private static void put(Map<Path, Stamp> stamps, Path path) {
        try {
            stamps.put(path, stamp(Files.readAttributes(path, BasicFileAttributes.class)));
        } catch (IOException _) {
            putLinkToNothing(stamps, path);
        }
    }

    private static void putLinkToNothing(Map<Path, Stamp> stamps, Path path) {
        try {
            BasicFileAttributes link =
                    Files.readAttributes(
                            path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            stamps.put(path, stamp(link));
        } catch (IOException _) {
            // It does not exist.
        }
    }

    private static Stamp stamp(BasicFileAttributes file) {
        return file.isDirectory()
                ? new Stamp(file.fileKey(), 0, ANY_TIME)
                : new Stamp(file.fileKey(), file.size(), file.lastModifiedTime());
    }

    /** Whether a file is new or changed since {@code before}; a removed file does not count. */
    boolean hasChangedSince(FileSnapshot before) {
        return stamps.entrySet().stream()
                .anyMatch(e -> !e.getValue().equals(before.stamps.get(e.getKey())));
    }
}
