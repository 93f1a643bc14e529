package org.procmon.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.Native;

/** What several classes here call. Any thread. Source: getsockopt(2), poll(2). */
final class SocketCalls {
    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOL_SOCKET = 1;
    static final int CLOEXEC = 02000000;
    static final int NON_BLOCK = 04000;
    static final int DONT_WAIT = 0x40;
    static final int NO_SIGNAL = 0x4000;

    static final short POLL_IN = 1;

    private static final MemorySegment GET_OPTION = Native.function("getsockopt");
    private static final MemorySegment SET_OPTION = Native.function("setsockopt");
    private static final MemorySegment POLL = Native.function("poll");

    private SocketCalls() {}

    /** The error of the latest call of this thread. */
    static Errno errno() {
        return new Errno(Native.errno());
    }

    /** Empty if it is no socket, or has no such option. */
    static OptionalInt option(Descriptor socket, int level, int name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            return option(socket, level, name, value) == JAVA_INT.byteSize()
                    ? OptionalInt.of(value.get(JAVA_INT, 0))
                    : OptionalInt.empty();
        }
    }

    /** How many bytes of the option the kernel has written; negative if it has none. */
    static int option(Descriptor socket, int level, int name, MemorySegment into) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocateFrom(JAVA_INT, (int) into.byteSize());
            long failed =
                    Native.call(
                            GET_OPTION,
                            socket.number(),
                            level,
                            name,
                            into.address(),
                            size.address(),
                            0);
            return (int) failed == 0 ? size.get(JAVA_INT, 0) : -1;
        }
    }

    static boolean setOption(Descriptor socket, int level, int name, int value) {
        try (Arena arena = Arena.ofConfined()) {
            return setOption(socket, level, name, arena.allocateFrom(JAVA_INT, value));
        }
    }

    static boolean setOption(Descriptor socket, int level, int name, MemorySegment value) {
        return (int)
                        Native.call(
                                SET_OPTION,
                                socket.number(),
                                level,
                                name,
                                value.address(),
                                value.byteSize(),
                                0)
                == 0;
    }

    /**
     * What of some conditions holds; a hang-up and an error are always among them. 0 for none.
     *
     * @param millis how long to block until one holds; 0 not to block, negative for no limit
     */
    static int poll(Descriptor descriptor, short conditions, int millis) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(8, 4);
            entry.set(JAVA_INT, 0, descriptor.number());
            entry.set(JAVA_SHORT, 4, conditions);
            int ready = Native.call(POLL, entry.address(), 1, (long) millis);
            return ready > 0 ? entry.get(JAVA_SHORT, 6) : 0;
        }
    }
}
