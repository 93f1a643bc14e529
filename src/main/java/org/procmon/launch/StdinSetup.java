package org.procmon.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.config.InputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.launch.plan.LaunchRefused;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.Fifo;
import org.procmon.posix.Spawn;

/**
 * The standard input of processes. One that is open has a fifo of its own, which the child opens
 * for reading and writing: so it has a writer as long as it has a reader, and both outlive a
 * monitor. Loop thread only.
 */
final class StdinSetup {
    private final Path folder;
    private final WorkerListeners listeners;

    /**
     * @param folder for the fifos; made when first needed
     * @param listeners those that workers of pools accept connections from
     */
    StdinSetup(Path folder, WorkerListeners listeners) {
        this.folder = folder;
        this.listeners = listeners;
    }

    /** The same streams with the configured input of a process. */
    Spawn.Streams with(Spawn.Streams streams, ProcessSpec spec) throws LaunchRefused {
        return switch (spec.stdin()) {
            case InputSpec.Nothing _, InputSpec.Front _ -> streams;
            case InputSpec.Listener listener when listener.own().isPresent() -> streams;
            case InputSpec.Listener _ ->
                    new Spawn.Streams(
                            new Spawn.Stream.Held(listeners.required(spec)),
                            streams.out(),
                            streams.err());
            // A tool opens it, with the rights of the process, when the child exists already.
            case InputSpec.File _ -> streams;
            case InputSpec.Open _ ->
                    new Spawn.Streams(
                            new Spawn.Stream.OpenReadWrite(fifo(spec.id())),
                            streams.out(),
                            streams.err());
        };
    }

    /** The sockets that it gets as descriptors 3 and up. */
    List<Descriptor> held(ProcessSpec spec) throws LaunchRefused {
        return listeners.held(spec);
    }

    /** For a worker that opens its socket itself. */
    void makeFolder(ProcessSpec spec, OptionalInt owner) throws LaunchRefused {
        if (spec.stdin() instanceof InputSpec.Listener listener && listener.own().isPresent()) {
            Optional<String> failed = listeners.makeFolder(spec, owner);
            if (failed.isPresent()) {
                throw LaunchRefused.forNow(failed.get());
            }
        }
    }

    private String fifo(String name) throws LaunchRefused {
        String path = folder.resolve(name).toString();
        Descriptor.Result result = Fifo.open(path);
        if (result instanceof Descriptor.Result.NotOpened(Errno errno)
                && errno.equals(Errno.ENOENT)) {
            makeFolder();
            result = Fifo.open(path);
        }
        return switch (result) {
            case Descriptor.Result.Opened(Descriptor fifo) -> {
                fifo.close();
                yield path;
            }
            case Descriptor.Result.NotOpened(Errno errno) ->
                    throw LaunchRefused.forNow("cannot make fifo " + path + ": " + errno.words());
        };
    }

    private void makeFolder() {
        try {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (IOException _) {
            // Making the fifo will fail again, and report the reason.
        }
    }
}
