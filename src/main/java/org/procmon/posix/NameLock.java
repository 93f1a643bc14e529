package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A lock by a name that is in no file system, so that it cannot be removed: an abstract Unix socket
 * that is bound and does not listen. The kernel releases it when the process exits, however it
 * does. The name is taken for all processes of this network namespace. Any program may take any
 * name, so {@link #holder} finds only processes of this user. Any thread. Source: unix(7),
 * proc_net(5).
 */
public final class NameLock implements AutoCloseable {
    private static final short AF_UNIX = 1;
    private static final int SOCK_STREAM_CLOEXEC = 1 | 02000000;

    /** Of struct sockaddr_un: the family, then a NUL and the name. */
    private static final int NAME = 3;

    private static final int LONGEST_NAME = 107;
    private static final Path SOCKETS = Path.of("/proc/net/unix");
    private static final int INODE_FIELD = 6;
    private static final int NAME_FIELD = 7;

    private static final MemorySegment SOCKET = Native.function("socket");
    private static final MemorySegment BIND = Native.function("bind");

    private final Descriptor socket;

    private NameLock(Descriptor socket) {
        this.socket = socket;
    }

    /** Takes a name; empty if another process has it, or no socket can be made. */
    public static Optional<NameLock> tryLock(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length > LONGEST_NAME) {
            throw new IllegalArgumentException("too long a name: " + name);
        }
        int fd = Native.call(SOCKET, AF_UNIX, SOCK_STREAM_CLOEXEC, 0);
        if (fd < 0) {
            return Optional.empty();
        }
        Descriptor socket = new Descriptor(fd);
        try (Arena arena = Arena.ofConfined()) {
            int size = NAME + bytes.length;
            MemorySegment address = arena.allocate(size, 2);
            address.set(JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(bytes, 0, address, JAVA_BYTE, NAME, bytes.length);
            if (Native.call(BIND, fd, address.address(), size) == 0) {
                return Optional.of(new NameLock(socket));
            }
        }
        socket.close();
        return Optional.empty();
    }

    /**
     * The pid of a process of this user that has a name; empty if there is none, which may be
     * because another user's process has it. Looks through all processes.
     */
    public static Optional<Integer> holder(String name) {
        Optional<String> link = inodeOf(name).map(inode -> "socket:[" + inode + "]");
        if (link.isEmpty()) {
            return Optional.empty();
        }
        int uid = CurrentProcess.uid();
        for (int pid : Processes.pids()) {
            if (isOf(pid, uid) && Processes.openFiles(pid).contains(link.get())) {
                return Optional.of(pid);
            }
        }
        return Optional.empty();
    }

    private static boolean isOf(int pid, int uid) {
        try {
            return Files.getAttribute(Path.of("/proc", Integer.toString(pid)), "unix:uid")
                    .equals(uid);
        } catch (IOException _) {
            return false;
        }
    }

    private static Optional<String> inodeOf(String name) {
        try {
            List<String> lines = Files.readAllLines(SOCKETS, StandardCharsets.ISO_8859_1);
            for (String line : lines) {
                String[] fields = line.strip().split(" +", NAME_FIELD + 1);
                if (fields.length > NAME_FIELD && fields[NAME_FIELD].equals("@" + name)) {
                    return Optional.of(fields[INODE_FIELD]);
                }
            }
        } catch (IOException _) {
            // Without that list the holder is unknown.
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        socket.close();
    }
}
