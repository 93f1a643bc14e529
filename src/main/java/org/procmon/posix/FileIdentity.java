package org.procmon.posix;

import java.nio.file.Path;
import java.util.Optional;
import org.procmon.bytes.BytePath;

/**
 * Distinguishes a file or directory from any other that has its path at another time. Any thread; a
 * slow disk blocks it. Source: statx(2).
 *
 * @param birth when it was made, 0 where the file system does not record it
 */
public record FileIdentity(long inode, long birth) {
    /** The file that a path names, without following it if it is a link; empty if there is none. */
    public static Optional<FileIdentity> of(Path path) {
        return of(BytePath.text(path));
    }

    public static Optional<FileIdentity> of(String path) {
        FileStatus status = new FileStatus();
        return status.read(path)
                ? Optional.of(new FileIdentity(status.inode(), status.birth()))
                : Optional.empty();
    }
}
