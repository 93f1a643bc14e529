package org.procmon.config.folder;

import java.nio.file.Path;

/**
 * What is looked for in a folder.
 *
 * @param directory absolute
 * @param kind what an entry is
 * @param pattern a glob of the names of entries; see {@link
 *     java.nio.file.FileSystem#getPathMatcher}
 * @param recursive whether entries in sub-folders count, too
 * @param most how many entries are used at most
 */
public record FolderQuery(Path directory, Kind kind, String pattern, boolean recursive, int most) {
    /** What an entry is. */
    public enum Kind {
        /** An executable file. */
        EXECUTABLE,
        /** A sub-folder. */
        FOLDER
    }
}
