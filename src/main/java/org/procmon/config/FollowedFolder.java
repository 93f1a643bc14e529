package org.procmon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * A folder that a configuration takes entries from, and whose changes it follows without a command.
 *
 * @param directory absolute; it need not exist
 * @param pattern a valid glob that the names of its files match; {@code *} for all. Hidden files
 *     are no entries
 * @param recursive whether files in its sub-folders are entries too
 * @param folders whether its direct sub-folders are entries themselves, of whatever name: then
 *     their additions, removals, renames and changes of attributes count
 * @param quiet how long nothing must change before the changes are read
 * @param targets files elsewhere that entries link to; absolute
 */
public record FollowedFolder(
        Path directory,
        String pattern,
        boolean recursive,
        boolean folders,
        Duration quiet,
        Set<Path> targets) {
    public static final Duration USUAL_QUIET = Duration.ofMillis(500);

    public FollowedFolder {
        targets = Set.copyOf(targets);
    }

    /** All files in a folder, without links. */
    public FollowedFolder(Path directory, String pattern) {
        this(directory, pattern, false, false, USUAL_QUIET, Set.of());
    }

    /** The same folder, whose entries link to other files. */
    public FollowedFolder withTargets(Set<Path> others) {
        return new FollowedFolder(directory, pattern, recursive, folders, quiet, others);
    }
}
