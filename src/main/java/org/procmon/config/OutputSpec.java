package org.procmon.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** The keys {@code stdout} and {@code stderr}: where the output of a process goes. */
public sealed interface OutputSpec {
    /** To a rotated file in the output directory. */
    Captured DEFAULT = new Captured(Optional.empty(), 10_000_000, 5, false);

    /**
     * To a file, through the monitor.
     *
     * @param file its path; when empty, a file named after the process in the output directory
     * @param maxBytes the size at which another file is started; 0 for never
     * @param keep how many earlier files are kept
     * @param timestamps whether each line starts with the time at which it was read
     * @param access of the file
     * @param isShared whether all workers of a pool write to one file, named after the pool
     */
    record Captured(
            Optional<Path> file,
            long maxBytes,
            int keep,
            boolean timestamps,
            FileAccess access,
            boolean isShared)
            implements OutputSpec {
        /** For one process. */
        public Captured(
                Optional<Path> file,
                long maxBytes,
                int keep,
                boolean timestamps,
                FileAccess access) {
            this(file, maxBytes, keep, timestamps, access, false);
        }

        /** With default access. */
        public Captured(Optional<Path> file, long maxBytes, int keep, boolean timestamps) {
            this(file, maxBytes, keep, timestamps, FileAccess.DEFAULT);
        }

        /** The same for the workers of a pool together. */
        public Captured shared() {
            return new Captured(file, maxBytes, keep, timestamps, access, true);
        }
    }

    /**
     * To a stream of the monitor.
     *
     * @param descriptor the monitor's descriptor, 1 or 2; the one of the same number when empty
     */
    record Inherited(OptionalInt descriptor) implements OutputSpec {
        /** The stream of the same number. */
        public Inherited() {
            this(OptionalInt.empty());
        }
    }

    /** Nowhere. */
    record Discarded() implements OutputSpec {}

    /** For {@code stderr}: where the process's {@code stdout} goes. */
    record WithStdout() implements OutputSpec {}
}
