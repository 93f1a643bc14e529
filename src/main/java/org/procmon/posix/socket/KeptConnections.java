package org.procmon.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Native;
import org.procmon.posix.Pidfd;

/**
 * Whether a worker only waits for the next request on its connections. Any thread. Source:
 * process_vm_readv(2), poll(2).
 */
final class KeptConnections {
    private static final int MOST_POLLED = 16;
    private static final long SIZE_OF_POLLFD = 8;
    private static final MemorySegment READ_MEMORY = Native.function("process_vm_readv");

    private KeptConnections() {}

    /**
     * Whether for each of its connections a thread is blocked until something arrives, and nothing
     * has.
     *
     * @param accepted inodes by descriptor
     */
    static boolean areAll(
            int pid, Collection<ThreadActivity> threads, Map<Integer, Long> accepted) {
        Set<Integer> awaited = new HashSet<>();
        for (ThreadActivity thread : threads) {
            switch (thread.kind()) {
                case READS -> awaited.add(thread.descriptor());
                case POLLS -> {
                    Set<Integer> polled = polled(pid, thread);
                    // One that waits for something else too, such as a database, is at work.
                    if (accepted.keySet().containsAll(polled)) {
                        awaited.addAll(polled);
                    }
                }
                case ACCEPTS, AWAITS_EVENTS, PARKED, IN_CALL, RUNNING, HIDDEN -> {}
            }
        }
        return awaited.containsAll(accepted.keySet()) && areEmpty(pid, accepted);
    }

    private static boolean areEmpty(int pid, Map<Integer, Long> sockets) {
        if (!(Pidfd.open(pid) instanceof Pidfd.Result.Opened(Pidfd process))) {
            return false;
        }
        try (process) {
            return sockets.entrySet().stream()
                    .allMatch(socket -> isEmpty(process, socket.getKey(), socket.getValue()));
        }
    }

    private static boolean isEmpty(Pidfd process, int number, long inode) {
        if (!(ForeignDescriptor.take(process, number)
                instanceof ForeignDescriptor.Taken(Descriptor socket))) {
            return false;
        }
        try (socket) {
            return BoundSocket.inode(socket).orElse(-1) == inode
                    && !ConnectedSocket.hasUnread(socket);
        }
    }

    /** The descriptors that a thread polls; none if they cannot be read. */
    private static Set<Integer> polled(int pid, ThreadActivity thread) {
        if (thread.second() < 1 || thread.second() > MOST_POLLED) {
            return Set.of();
        }
        try (Arena arena = Arena.ofConfined()) {
            long size = thread.second() * SIZE_OF_POLLFD;
            MemorySegment copy = arena.allocate(size, 8);
            MemorySegment here = vector(arena, copy.address(), size);
            MemorySegment there = vector(arena, thread.first(), size);
            if (Native.call(READ_MEMORY, pid, here.address(), 1, there.address(), 1, 0) != size) {
                return Set.of();
            }
            Set<Integer> descriptors = new HashSet<>();
            for (long at = 0; at < size; at += SIZE_OF_POLLFD) {
                descriptors.add(copy.get(JAVA_INT, at));
            }
            return descriptors;
        }
    }

    private static MemorySegment vector(Arena arena, long address, long size) {
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(JAVA_LONG, 0, address);
        vector.set(JAVA_LONG, 8, size);
        return vector;
    }
}
