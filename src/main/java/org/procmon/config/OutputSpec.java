package org.procmon.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** The keys {@code stdout} and {@code stderr}: where what a process writes there goes. */
public sealed interface OutputSpec {
    /** To a file in the folder of the output, which is rotated. */
    Captured DEFAULT = new Captured(Optional.empty(), 10_000_000, 5, false);

    /**
     * To a file, by way of the monitor.
     *
     * @param file the path of it; when empty, one named after the process, in the folder of the
     *     output
     * @param maxBytes the size at which another file is begun; 0 for never
     * @param keep how many earlier files are kept
     * @param timestamps whether each line begins with the time at which it was read
     * @param access of the file
     */
    record Captured(
            Optional<Path> file, long maxBytes, int keep, boolean timestamps, FileAccess access)
            implements OutputSpec {
        /** Whose access is as for any file. */
        public Captured(Optional<Path> file, long maxBytes, int keep, boolean timestamps) {
            this(file, maxBytes, keep, timestamps, FileAccess.DEFAULT);
        }
    }

    /**
     * Where the monitor's own goes.
     *
     * @param descriptor which of the monitor's, 1 or 2; the one of the same number when empty
     */
    record Inherited(OptionalInt descriptor) implements OutputSpec {
        /** The one of the same number. */
        public Inherited() {
            this(OptionalInt.empty());
        }
    }

    /** Nowhere. */
    record Discarded() implements OutputSpec {}

    /** Of {@code stderr}: where the process's {@code stdout} goes. */
    record WithStdout() implements OutputSpec {}
}
