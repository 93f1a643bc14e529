package org.procmon.config;

import java.nio.file.Path;

/** The key {@code stdin}: what a process finds on its standard input. */
public sealed interface InputSpec {
    /** The reader gives this very object when the key is not used. */
    InputSpec DEFAULT = new Nothing();

    /** The end, at once. */
    record Nothing() implements InputSpec {}

    /** Nothing, and no end either, however often monitors come and go. */
    record Open() implements InputSpec {}

    /**
     * What a file holds.
     *
     * @param path in its own root if it has one; opened with the rights of the process
     */
    record File(Path path) implements InputSpec {}
}
