package org.procmon.posix.socket;

import java.util.Map;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.Native;
import org.procmon.posix.Pidfd;

/**
 * A further descriptor of a file that another process has open. This process needs the right to
 * trace the other one: the same user, or CAP_SYS_PTRACE. Any thread. Source: pidfd_getfd(2).
 */
public sealed interface ForeignDescriptor {
    /**
     * By number, since glibc has the function only from 2.36 on; the same on all supported
     * machines.
     */
    long SYS_PIDFD_GETFD = 438;

    /** It is closed on exec. */
    record Taken(Descriptor descriptor) implements ForeignDescriptor {}

    /** The process has no such descriptor. */
    record NotThere() implements ForeignDescriptor {}

    /** The process has exited. */
    record Gone() implements ForeignDescriptor {}

    record NotTaken(Errno errno) implements ForeignDescriptor {}

    /** Takes a descriptor by its number there. */
    static ForeignDescriptor take(Pidfd process, int number) {
        long fd =
                Native.call(
                        Native.function("syscall"),
                        SYS_PIDFD_GETFD,
                        process.number(),
                        number,
                        0,
                        0,
                        0);
        if (fd >= 0) {
            return new Taken(new Descriptor((int) fd));
        }
        return switch (Native.errno()) {
            case Errno.EBADF -> new NotThere();
            case Errno.ESRCH -> new Gone();
            default -> new NotTaken(SocketCalls.errno());
        };
    }

    /**
     * Takes a socket by its inode, whatever its number.
     *
     * @param pid of the same process
     */
    static ForeignDescriptor takeSocket(Pidfd process, int pid, long inode) {
        for (Map.Entry<Integer, Long> socket : ProcessSockets.of(pid).orElse(Map.of()).entrySet()) {
            if (socket.getValue() == inode) {
                ForeignDescriptor taken = take(process, socket.getKey());
                if (!(taken instanceof Taken(Descriptor descriptor))) {
                    return taken;
                }
                // The process may have closed it since, and used the number again.
                if (BoundSocket.inode(descriptor).orElse(-1) == inode) {
                    return taken;
                }
                descriptor.close();
            }
        }
        return process.send(0) ? new NotThere() : new Gone();
    }

    /** As {@link #takeSocket}, if it listens. */
    static ForeignDescriptor takeListener(Pidfd process, int pid, long inode) {
        ForeignDescriptor taken = takeSocket(process, pid, inode);
        if (taken instanceof Taken(Descriptor descriptor) && !BoundSocket.isListening(descriptor)) {
            descriptor.close();
            return new NotThere();
        }
        return taken;
    }
}
