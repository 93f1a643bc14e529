package org.procmon.pool.listen;

import java.util.Optional;
import org.procmon.config.pool.PoolAddress;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.FileStatus;
import org.procmon.posix.socket.BoundSocket;
import org.procmon.posix.socket.SocketPath;

/**
 * Which file a Unix listener has, and what is at its path instead. Any thread; may block as a disk
 * does. Source: statx(2), SIOCUNIXFILE.
 *
 * @param birth distinguishes it from a later file of the same inode
 */
record ListenerFile(long device, long inode, long birth) {
    /** What clients find at the path of a listener. */
    enum Finding {
        /** Its own file, or it has none. */
        OWN,
        /** Nothing, or a socket that no program has. */
        REMOVED,
        /** The socket of another program. */
        TAKEN,
        /** A file that is no socket. */
        BLOCKED
    }

    /**
     * The file that a listener was bound to. Without CAP_NET_ADMIN, the one that is there now; so
     * it is asked for when the listener has just been opened.
     */
    static Optional<ListenerFile> of(OpenListener listener) {
        if (!(listener.address() instanceof PoolAddress.UnixPath)) {
            return Optional.empty();
        }
        FileStatus status = new FileStatus();
        Optional<Descriptor> own = BoundSocket.file(listener.socket());
        if (own.isPresent()) {
            try (Descriptor file = own.get()) {
                return status.read(file) ? Optional.of(of(status)) : Optional.empty();
            }
        }
        return status.read(listener.boundName()) || status.read(listener.name())
                ? Optional.of(of(status))
                : Optional.empty();
    }

    private static ListenerFile of(FileStatus status) {
        return new ListenerFile(status.device(), status.inode(), status.birth());
    }

    /**
     * Looks at a path; connects to a socket that is another one's.
     *
     * @param own the file of the listener; empty if it is not known, and then any file is taken for
     *     it
     */
    static Finding at(String path, Optional<ListenerFile> own) {
        FileStatus status = new FileStatus();
        if (!status.read(path)) {
            return status.errno().equals(Errno.ENOENT) ? Finding.REMOVED : Finding.OWN;
        }
        if (own.isEmpty() || own.get().equals(of(status))) {
            return Finding.OWN;
        }
        return switch (SocketPath.look(path)) {
            case SocketPath.Nothing _, SocketPath.Stale _ -> Finding.REMOVED;
            case SocketPath.NoSocket _ -> Finding.BLOCKED;
            case SocketPath.Live _, SocketPath.TooLong _, SocketPath.Unknown _ -> Finding.TAKEN;
        };
    }
}
