package org.procmon.app;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.config.InputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.launch.HandedFiles;
import org.procmon.launch.WorkerListeners;
import org.procmon.launch.plan.LaunchRefused;
import org.procmon.pool.listen.Listeners;
import org.procmon.pool.listen.OwnSockets;
import org.procmon.posix.Descriptor;

/** The listening sockets for the launcher; nothing of them is loaded before they are needed. */
record PoolListeners(Lazy<Listeners> listeners, HandedFiles handed) implements WorkerListeners {
    PoolListeners(Lazy<Listeners> listeners) {
        this(listeners, new HandedFiles());
    }

    @Override
    public Optional<Descriptor> of(ProcessSpec worker) {
        return listeners.get().of(worker);
    }

    @Override
    public Optional<List<Descriptor>> of(InputSpec.Front front) {
        return listeners.get().of(front);
    }

    @Override
    public List<Descriptor> files(String process, List<Path> paths) throws LaunchRefused {
        return handed.open(process, paths);
    }

    @Override
    public Optional<String> makeFolder(ProcessSpec worker, OptionalInt owner) {
        return OwnSockets.makeFolder(worker, owner);
    }
}
