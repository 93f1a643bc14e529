package org.procmon.app;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.config.InputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.launch.WorkerListeners;
import org.procmon.pool.listen.Listeners;
import org.procmon.pool.listen.OwnSockets;
import org.procmon.posix.Descriptor;

/** The listening sockets for the launcher; nothing of them is loaded before they are needed. */
record PoolListeners(Lazy<Listeners> listeners) implements WorkerListeners {
    @Override
    public Optional<Descriptor> of(ProcessSpec worker) {
        return listeners.get().of(worker);
    }

    @Override
    public Optional<List<Descriptor>> of(InputSpec.Front front) {
        return listeners.get().of(front);
    }

    @Override
    public Optional<String> makeFolder(ProcessSpec worker, OptionalInt owner) {
        return OwnSockets.makeFolder(worker, owner);
    }
}
