package org.procmon.posix;

import java.lang.foreign.Arena;
import java.util.Optional;

/**
 * The working directory of this process, for the program that it is about to become: Java resolves
 * relative paths by the one that it started in. Source: chdir(2).
 */
public final class WorkingFolder {
    private WorkingFolder() {}

    /** Changes to a directory; empty when done. */
    public static Optional<Errno> change(String path) {
        try (Arena arena = Arena.ofConfined()) {
            long name = Native.text(arena, path).address();
            return Native.call(Native.function("chdir"), name) == 0
                    ? Optional.empty()
                    : Optional.of(new Errno(Native.errno()));
        }
    }
}
