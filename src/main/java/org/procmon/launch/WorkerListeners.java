package org.procmon.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.config.InputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.launch.plan.LaunchRefused;
import org.procmon.posix.Descriptor;

/** The listening sockets from which workers of pools accept connections. */
@FunctionalInterface
public interface WorkerListeners {
    /** Of a monitor without pools. */
    WorkerListeners NONE = _ -> Optional.empty();

    /**
     * The socket that a worker accepts connections from, which stays open while its monitor lives;
     * empty if it could not be opened. Loop thread.
     */
    Optional<Descriptor> of(ProcessSpec worker);

    /** The sockets of the HTTP front; empty if one of them could not be opened. Loop thread. */
    default Optional<List<Descriptor>> of(InputSpec.Front front) {
        return Optional.empty();
    }

    /** The sockets, and then the files, that a process gets as descriptors 3 and up. */
    default List<Descriptor> held(ProcessSpec process) throws LaunchRefused {
        if (!(process.stdin() instanceof InputSpec.Front front)) {
            return List.of();
        }
        Optional<List<Descriptor>> sockets = of(front);
        if (sockets.isEmpty()) {
            throw LaunchRefused.forNow("a listening socket of 'http' is not open");
        }
        if (front.files().isEmpty()) {
            return sockets.get();
        }
        List<Descriptor> held = new ArrayList<>(sockets.get());
        held.addAll(files(process.id(), front.files()));
        return held;
    }

    /**
     * Opens files that a process may not open itself; they stay open until its next start. Loop
     * thread.
     *
     * @throws LaunchRefused if that is not possible, with the reason
     */
    default List<Descriptor> files(String process, List<Path> paths) throws LaunchRefused {
        throw LaunchRefused.forNow("files cannot be opened for '" + process + "'");
    }

    /**
     * Makes a new folder for the socket that a worker opens itself. Loop thread.
     *
     * @param owner the user of the worker; empty for that of the monitor
     * @return the reason if that fails
     */
    default Optional<String> makeFolder(ProcessSpec worker, OptionalInt owner) {
        return Optional.empty();
    }

    /** The same, as the standard input of a run. */
    default Descriptor required(ProcessSpec worker) throws LaunchRefused {
        Optional<Descriptor> socket = of(worker);
        if (socket.isEmpty()) {
            throw LaunchRefused.forNow("the listening socket of its pool is not open");
        }
        return socket.get();
    }
}
