package org.procmon.follow;

import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import org.procmon.bytes.BytePath;

/** Which names in a followed folder are those of entries. */
final class EntryNames {
    private final PathMatcher matcher;

    /**
     * @param glob as for {@link java.nio.file.FileSystem#getPathMatcher}
     */
    EntryNames(String glob) {
        matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    }

    /** Whether a file of this name is an entry. */
    boolean matches(String name) {
        return !isHidden(name) && matcher.matches(BytePath.of(name));
    }

    static boolean isHidden(String name) {
        return name.startsWith(".");
    }
}
