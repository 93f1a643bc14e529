package org.procmon.pool;

import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.posix.Descriptor;
import org.procmon.posix.FileNames;
import org.procmon.posix.Pidfd;
import org.procmon.posix.socket.ForeignDescriptor;
import org.procmon.status.ProcessView;

/** The listener that a worker has as descriptor 0. Any thread. Source: proc(5). */
final class WorkerListener {
    private static final String SOCKET = "socket:[";

    private WorkerListener() {}

    /** Its inode; empty if the worker does not run, or has something else there. */
    static OptionalLong of(ProcessView worker) {
        return worker.process()
                .state()
                .run()
                .flatMap(run -> FileNames.target("/proc/" + run.pid() + "/fd/0"))
                .map(WorkerListener::inode)
                .orElse(OptionalLong.empty());
    }

    /**
     * A copy of it in this process; empty if there is none, or if this process may not take it.
     * Source: pidfd_getfd(2).
     */
    static Optional<Descriptor> taken(ProcessView worker) {
        return worker.process().state().run().flatMap(run -> taken(run.pid()));
    }

    private static Optional<Descriptor> taken(int pid) {
        if (!(Pidfd.open(pid) instanceof Pidfd.Result.Opened(Pidfd process))) {
            return Optional.empty();
        }
        try (process) {
            return ForeignDescriptor.take(process, 0)
                            instanceof ForeignDescriptor.Taken(Descriptor socket)
                    ? Optional.of(socket)
                    : Optional.empty();
        }
    }

    private static OptionalLong inode(String link) {
        return link.startsWith(SOCKET) && link.endsWith("]")
                ? OptionalLong.of(
                        Long.parseLong(link.substring(SOCKET.length(), link.length() - 1)))
                : OptionalLong.empty();
    }
}
