package org.procmon.config;

import java.nio.file.Path;

/** The key {@code stdin}: the standard input of a process. */
public sealed interface InputSpec {
    /** The reader returns this very object when the key is not used. */
    InputSpec DEFAULT = new Nothing();

    /** End of file at once. */
    record Nothing() implements InputSpec {}

    /** No input and no end of file, across restarts of the monitor. */
    record Open() implements InputSpec {}

    /**
     * The content of a file.
     *
     * @param path in the process's own root if it has one; opened with the rights of the process
     */
    record File(Path path) implements InputSpec {}

    /**
     * A listening socket of the monitor, which a worker accepts connections from.
     *
     * @param pool the name of the pool that it belongs to
     */
    record Listener(String pool) implements InputSpec {}
}
