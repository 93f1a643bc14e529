package org.procmon.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.procmon.config.pool.ListenSpec;
import org.procmon.config.pool.ListenerPass;
import org.procmon.config.pool.OwnSocket;

/** The key {@code stdin}: the standard input of a process. */
public sealed interface InputSpec {
    /** The reader returns this very object when the key is not used. */
    InputSpec DEFAULT = new Nothing();

    /** Whether the child sets an input up, before it executes its program. */
    static boolean needsTool(InputSpec input) {
        return switch (input) {
            case Nothing _, Open _ -> false;
            case File _ -> true;
            case Listener listener -> listener.isAnnounced();
            case Front _ -> false;
        };
    }

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
     * The listening sockets of the HTTP front, as descriptors 3 and up. Nothing can be read.
     *
     * @param sockets in the order of their descriptors
     * @param files that the monitor opens for it at each start, as the descriptors after those
     */
    record Front(List<ListenSpec> sockets, List<Path> files) implements InputSpec {
        public Front {
            sockets = List.copyOf(sockets);
            files = List.copyOf(files);
        }
    }

    /**
     * A listening socket of the monitor, which a worker accepts connections from.
     *
     * @param pool the name of the pool that it belongs to
     * @param pass how the worker finds it
     * @param own the socket that the worker opens itself, and then its input is at its end at once
     */
    record Listener(String pool, ListenerPass pass, Optional<OwnSocket> own) implements InputSpec {
        /** A socket that the monitor opens. */
        public Listener(String pool, ListenerPass pass) {
            this(pool, pass, Optional.empty());
        }

        /** Whether variables tell the worker of it. */
        public boolean isAnnounced() {
            return pass == ListenerPass.LISTEN_FDS;
        }
    }
}
