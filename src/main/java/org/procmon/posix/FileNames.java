package org.procmon.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Changes names of files; empty when done. Any thread, though a slow disk holds it up. Source:
 * rename(2), unlink(2).
 */
public final class FileNames {
    private static final MemorySegment RENAME = Native.function("rename");
    private static final MemorySegment UNLINK = Native.function("unlink");

    private FileNames() {}

    /** Gives a file another name, and takes that from the file that had it. */
    public static Optional<Errno> rename(String from, String to) {
        try (Arena arena = Arena.ofConfined()) {
            long source = Native.text(arena, from).address();
            return result(Native.call(RENAME, source, Native.text(arena, to).address()));
        }
    }

    public static Optional<Errno> remove(String path) {
        try (Arena arena = Arena.ofConfined()) {
            return result(Native.call(UNLINK, Native.text(arena, path).address()));
        }
    }

    private static Optional<Errno> result(int result) {
        return result == 0 ? Optional.empty() : Optional.of(new Errno(Native.errno()));
    }
}
