package org.procmon.importing.draft;

import java.nio.file.Path;

/**
 * A line of a file.
 *
 * @param file as the user named it
 * @param line from 1
 */
public record SourceLocation(Path file, int line) {
    /** The directory that the file is in, as an absolute path. */
    public Path folder() {
        Path folder = file.toAbsolutePath().normalize().getParent();
        return folder == null ? file : folder;
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
