package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Waits until held processes exit. Any thread may add and remove a process, also while another
 * waits. Source: epoll(7), pidfd_open(2).
 */
public final class ProcessExitPoller implements AutoCloseable {
    private static final long CLOSE_ON_EXEC = 02000000;
    private static final long ADD = 1;
    private static final long REMOVE = 2;
    private static final int READABLE = 1;
    private static final int ONCE = 1 << 30;
    private static final int EDGE = 1 << 31;
    private static final int MOST_AT_ONCE = 256;

    /** As a timeout: none. */
    public static final int FOR_EVER = -1;

    /** The kernel packs struct epoll_event on this machine only. */
    private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

    private static final long DATA = PACKED ? 4 : 8;
    private static final long EVENT_SIZE = PACKED ? 12 : 16;

    private static final MemorySegment EPOLL_CTL = Native.function("epoll_ctl");
    private static final MemorySegment EPOLL_WAIT = Native.function("epoll_wait");
    private static final MemorySegment EVENTFD = Native.function("eventfd");
    private static final MemorySegment WRITE = Native.function("write");
    private static final MemorySegment CLOSE = Native.function("close");

    /** The key of no process. */
    private static final long WAKE = -1;

    private final int epoll;

    /** An eventfd, written to in order to wake the waiting thread. */
    private final int bell;

    private final MemorySegment events = Arena.ofAuto().allocate(MOST_AT_ONCE * EVENT_SIZE, 8);

    public ProcessExitPoller() {
        epoll = made(Native.call(Native.function("epoll_create1"), CLOSE_ON_EXEC));
        bell = made(Native.call(EVENTFD, 0, CLOSE_ON_EXEC));
        add(bell, READABLE | EDGE, WAKE);
    }

    private static int made(int descriptor) {
        if (descriptor < 0) {
            throw new IllegalStateException(
                    "cannot make a descriptor to wait by: " + Native.describe(Native.errno()));
        }
        return descriptor;
    }

    /**
     * Reports the exit of this process once.
     *
     * @param key what {@link #await} will return, not negative
     */
    public void add(Pidfd process, long key) {
        add(process.number(), READABLE | ONCE, key);
    }

    private void add(int descriptor, int what, long key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(EVENT_SIZE, 8);
            event.set(JAVA_INT, 0, what);
            event.set(JAVA_LONG_UNALIGNED, DATA, key);
            if (Native.call(EPOLL_CTL, epoll, ADD, descriptor, event.address()) != 0) {
                throw new IllegalStateException(
                        "cannot wait by a descriptor: " + Native.describe(Native.errno()));
            }
        }
    }

    /** Removes a process; to be called before it is closed. */
    public void remove(Pidfd process) {
        Native.call(EPOLL_CTL, epoll, REMOVE, process.number());
    }

    /** Makes the waiting thread, or the next one to wait, return. */
    public void wake() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(Long.BYTES, 8);
            one.set(JAVA_LONG_UNALIGNED, 0, 1);
            Native.call(WRITE, bell, one.address(), Long.BYTES);
        }
    }

    /**
     * Blocks until some have exited, and returns their keys; after a timeout or a wake-up there may
     * be none, or negative ones. One platform thread only.
     */
    public long[] await(int millis) {
        while (true) {
            int count = Native.call(EPOLL_WAIT, epoll, events.address(), MOST_AT_ONCE, millis);
            if (count >= 0) {
                long[] keys = new long[count];
                for (int i = 0; i < count; i++) {
                    keys[i] = events.get(JAVA_LONG_UNALIGNED, i * EVENT_SIZE + DATA);
                }
                return keys;
            }
            if (Native.errno() != Errno.EINTR) {
                throw new IllegalStateException(
                        "cannot wait for processes: " + Native.describe(Native.errno()));
            }
        }
    }

    @Override
    public void close() {
        Native.call(CLOSE, epoll);
        Native.call(CLOSE, bell);
    }
}
