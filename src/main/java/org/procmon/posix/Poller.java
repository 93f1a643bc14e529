package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * Waits until descriptors can be read, or written, level-triggered: unread data is reported again,
 * after the other descriptors; or once, until it is asked for again. {@link #await} and {@link
 * #look} belong on one platform thread; everything else is for any thread. Source: epoll(7),
 * eventfd(2).
 */
public final class Poller implements AutoCloseable {
    private static final int MOST_AT_ONCE = 64;
    private static final int EPOLL_CLOEXEC = 02000000;
    private static final int EVENTFD_NON_BLOCK_CLOEXEC = 04000 | 02000000;
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int MODIFY = 3;
    private static final int READABLE = 1;
    private static final int URGENT = 2;
    private static final int WRITABLE = 4;
    private static final int HANG_UP_ONLY = 0;

    /**
     * Never with EPOLLEXCLUSIVE: on a listener that others accept from, that takes wake-ups away
     * from those that are blocked in accept(2), and their clients hang.
     */
    private static final int READABLE_ONCE = READABLE | 1 << 30;

    private static final int FOR_EVER = -1;
    private static final int WITHOUT_WAITING = 0;
    private static final int WAKE_UP = -1;

    /**
     * The kernel packs struct epoll_event on x86-64 alone: four bytes, then eight of the caller.
     */
    private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

    private static final long EVENT_SIZE = PACKED ? 12 : 16;
    private static final long CALLERS = PACKED ? 4 : 8;

    private static final MemorySegment EPOLL_CTL = Native.function("epoll_ctl");
    private static final MemorySegment EPOLL_WAIT = Native.function("epoll_wait");
    private static final MemorySegment READ = Native.function("read");
    private static final MemorySegment WRITE = Native.function("write");

    private final Arena arena = Arena.ofShared();
    private final MemorySegment events = arena.allocate(EVENT_SIZE * MOST_AT_ONCE, 8);
    private final MemorySegment count = arena.allocate(JAVA_LONG);
    private final MemorySegment one = arena.allocateFrom(JAVA_LONG, 1);
    private final Descriptor epoll;
    private final Descriptor wakeUps;

    private Poller(Descriptor epoll, Descriptor wakeUps) {
        this.epoll = epoll;
        this.wakeUps = wakeUps;
    }

    /**
     * Opens a poller.
     *
     * @throws IllegalStateException if this process may not open that many descriptors
     */
    public static Poller open() {
        Descriptor epoll = made("epoll_create1", EPOLL_CLOEXEC, 0);
        Descriptor wakeUps = made("eventfd", 0, EVENTFD_NON_BLOCK_CLOEXEC);
        Poller poller = new Poller(epoll, wakeUps);
        poller.add(wakeUps, WAKE_UP);
        return poller;
    }

    private static Descriptor made(String function, long a, long b) {
        if (Descriptor.result(Native.call(Native.function(function), a, b))
                instanceof Descriptor.Result.Opened opened) {
            return opened.descriptor();
        }
        throw new IllegalStateException(
                "cannot poll descriptors: " + Native.describe(Native.errno()));
    }

    /**
     * Watches a descriptor until it is removed or closed.
     *
     * @param key not negative; reported when the descriptor can be read
     * @return whether the kernel had room for it
     */
    public boolean add(Descriptor descriptor, int key) {
        return add(descriptor, key, READABLE);
    }

    /** As {@link #add}, but waits until it can be written. */
    public boolean addToWrite(Descriptor descriptor, int key) {
        return add(descriptor, key, WRITABLE);
    }

    /** As {@link #add}, but waits only until the other side has closed. */
    public boolean addForEnd(Descriptor descriptor, int key) {
        return add(descriptor, key, HANG_UP_ONLY);
    }

    /** As {@link #add}, but waits for what the kernel calls an exceptional condition. */
    public boolean addExceptional(Descriptor descriptor, int key) {
        return add(descriptor, key, URGENT);
    }

    /**
     * As {@link #add}, but reports it once, as soon as it can be read, and then no more until
     * {@link #rearm}.
     */
    public boolean addOnce(Descriptor descriptor, int key) {
        return add(descriptor, key, READABLE_ONCE);
    }

    /**
     * Watches a descriptor of {@link #addOnce} again: it is reported once more, immediately if it
     * can be read now. Also while it was not reported yet.
     *
     * @param key reported from now on
     * @return whether it is watched; false, which is a bug of the caller, if it was not added
     */
    public boolean rearm(Descriptor descriptor, int key) {
        return set(MODIFY, descriptor, key, READABLE_ONCE);
    }

    private boolean add(Descriptor descriptor, int key, int what) {
        return set(ADD, descriptor, key, what);
    }

    private boolean set(int operation, Descriptor descriptor, int key, int what) {
        try (Arena confined = Arena.ofConfined()) {
            MemorySegment event = confined.allocate(EVENT_SIZE, 8);
            event.set(JAVA_INT, 0, what);
            event.set(JAVA_INT_UNALIGNED, CALLERS, key);
            return control(operation, descriptor, event.address());
        }
    }

    public void remove(Descriptor descriptor) {
        control(DELETE, descriptor, 0);
    }

    private boolean control(int operation, Descriptor descriptor, long event) {
        return Native.call(EPOLL_CTL, epoll.number(), operation, descriptor.number(), event) == 0;
    }

    /**
     * Blocks until a descriptor can be read, or {@link #wakeUp} was called since the last return.
     *
     * @param keys takes the keys of descriptors that can be read
     * @return how many keys there are
     */
    public int await(int[] keys) {
        return await(keys, FOR_EVER);
    }

    /** As {@link #await(int[])}, but does not block. */
    public int look(int[] keys) {
        return await(keys, WITHOUT_WAITING);
    }

    /** As {@link #await(int[])}, but with a timeout; 0 if nothing has come by then. */
    public int await(int[] keys, Duration limit) {
        // Rounded up, or the rest of a millisecond would be spent in a busy loop.
        return await(keys, (int) Math.min(Integer.MAX_VALUE, limit.toMillis() + 1));
    }

    private int await(int[] keys, int millis) {
        int most = Math.min(keys.length, MOST_AT_ONCE);
        int ready = Native.call(EPOLL_WAIT, epoll.number(), events.address(), most, (long) millis);
        int found = 0;
        for (int i = 0; i < ready; i++) {
            int key = events.get(JAVA_INT_UNALIGNED, EVENT_SIZE * i + CALLERS);
            if (key == WAKE_UP) {
                Native.call(READ, wakeUps.number(), count.address(), JAVA_LONG.byteSize());
            } else {
                keys[found++] = key;
            }
        }
        return found;
    }

    /** Makes the waiting thread, or the next one to wait, return immediately. */
    public void wakeUp() {
        Native.call(WRITE, wakeUps.number(), one.address(), JAVA_LONG.byteSize());
    }

    @Override
    public void close() {
        epoll.close();
        wakeUps.close();
        arena.close();
    }
}
