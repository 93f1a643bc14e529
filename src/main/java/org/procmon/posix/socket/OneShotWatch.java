package org.procmon.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Native;

/**
 * Reports that a client has come to a listener, once for each {@link #arm}, also if a worker has
 * accepted it since.
 *
 * <p>A one-shot entry of epoll(7) cannot do that: before the kernel reports an entry, it looks at
 * the listener again. If a worker was faster, it reports nothing, the entry stays armed, and the
 * thread that waits was woken in vain. While other programs want the processor, that happens for
 * each client. A request of io_submit(2) is complete as soon as a client comes.
 *
 * <p>While a request is pending, the kernel keeps the listener open, so it is taken back by {@link
 * #disarm} before the listener is closed. One thread. Source: io_submit(2), io_cancel(2),
 * eventfd(2), and {@code linux/aio_abi.h}.
 */
public final class OneShotWatch implements AutoCloseable {
    private static final boolean IS_ARM = System.getProperty("os.arch").equals("aarch64");
    private static final int IO_SETUP = IS_ARM ? 0 : 206;
    private static final int IO_DESTROY = IS_ARM ? 1 : 207;
    private static final int IO_GETEVENTS = IS_ARM ? 4 : 208;
    private static final int IO_SUBMIT = IS_ARM ? 2 : 209;
    private static final int IO_CANCEL = IS_ARM ? 3 : 210;

    /** The offsets in {@code struct iocb}; those of {@code struct io_event} begin with its data. */
    private static final long DATA = 0;

    private static final long OPERATION = 16;
    private static final long DESCRIPTOR = 20;
    private static final long CONDITIONS = 24;
    private static final long FLAGS = 56;
    private static final long EVENT_DESCRIPTOR = 60;
    private static final long REQUEST_SIZE = 64;

    private static final short COMMAND_POLL = 5;
    private static final int HAS_EVENT_DESCRIPTOR = 1;
    private static final long RESULT_SIZE = 32;
    private static final int MOST_RESULTS = 16;

    private static final int EVENTFD_NON_BLOCK_CLOEXEC = 04000 | 02000000;
    private static final int FREE = -1;
    private static final int TAKEN_BACK = -2;

    private static final MemorySegment SYSCALL = Native.function("syscall");
    private static final MemorySegment READ = Native.function("read");
    private static final MemorySegment EVENTFD = Native.function("eventfd");

    private final Arena arena;
    private final long context;
    private final Descriptor reports;
    private final MemorySegment requests;
    private final MemorySegment results;
    private final MemorySegment scratch;

    /** The keys of requests, by their places. */
    private final int[] keys;

    private final Deque<Integer> free = new ArrayDeque<>();

    private OneShotWatch(Arena arena, long context, Descriptor reports, int most) {
        this.arena = arena;
        this.context = context;
        this.reports = reports;
        this.requests = arena.allocate(REQUEST_SIZE * most, 8);
        this.results = arena.allocate(RESULT_SIZE * MOST_RESULTS, 8);
        this.scratch = arena.allocate(RESULT_SIZE, 8);
        this.keys = new int[most];
        Arrays.fill(keys, FREE);
        IntStream.range(0, most).forEach(free::add);
    }

    /**
     * Opens one; empty if the kernel has no such requests or no room for them.
     *
     * @param most how many listeners can be armed at once
     */
    public static Optional<OneShotWatch> open(int most) {
        int fd = Native.call(EVENTFD, 0, EVENTFD_NON_BLOCK_CLOEXEC);
        if (fd < 0) {
            return Optional.empty();
        }
        Arena arena = Arena.ofShared();
        MemorySegment context = arena.allocate(JAVA_LONG);
        if (call(IO_SETUP, most, context.address(), 0, 0, 0) != 0) {
            arena.close();
            new Descriptor(fd).close();
            return Optional.empty();
        }
        return Optional.of(
                new OneShotWatch(arena, context.get(JAVA_LONG, 0), new Descriptor(fd), most));
    }

    private static int call(int number, long a, long b, long c, long d, long e) {
        return (int) Native.call(SYSCALL, number, a, b, c, d, e);
    }

    /** Can be read while {@link #reported} has something. */
    public Descriptor descriptor() {
        return reports;
    }

    /**
     * Reports a listener once, when a client comes, or at once if one waits now. If it is armed, it
     * stays so.
     *
     * @param key not negative; of this listener alone
     * @return false if that is impossible, for example since too many are armed
     */
    public boolean arm(Descriptor listener, int key) {
        if (place(key) >= 0) {
            return true;
        }
        Integer place = free.poll();
        if (place == null) {
            return false;
        }
        MemorySegment request = request(place).fill((byte) 0);
        request.set(JAVA_LONG, DATA, place);
        request.set(JAVA_SHORT, OPERATION, COMMAND_POLL);
        request.set(JAVA_INT, DESCRIPTOR, listener.number());
        request.set(JAVA_LONG, CONDITIONS, SocketCalls.POLL_IN);
        request.set(JAVA_INT, FLAGS, HAS_EVENT_DESCRIPTOR);
        request.set(JAVA_INT, EVENT_DESCRIPTOR, reports.number());
        scratch.set(JAVA_LONG, 0, request.address());
        if (call(IO_SUBMIT, context, 1, scratch.address(), 0, 0) != 1) {
            free.push(place);
            return false;
        }
        keys[place] = key;
        return true;
    }

    /** Does not report a listener any more, and lets go of it, soon. */
    public void disarm(int key) {
        int place = place(key);
        if (place >= 0) {
            // Its place is free when the kernel has reported it.
            keys[place] = TAKEN_BACK;
            call(IO_CANCEL, context, request(place).address(), scratch.address(), 0, 0);
        }
    }

    private int place(int key) {
        for (int place = 0; place < keys.length; place++) {
            if (keys[place] == key) {
                return place;
            }
        }
        return -1;
    }

    private MemorySegment request(int place) {
        return requests.asSlice(REQUEST_SIZE * place, REQUEST_SIZE);
    }

    /** The keys of the listeners that a client has come to; they are not armed any more. */
    public List<Integer> reported() {
        Native.call(READ, reports.number(), scratch.address(), JAVA_LONG.byteSize());
        scratch.fill((byte) 0);
        List<Integer> reported = new ArrayList<>();
        int found;
        do {
            // The scratch is a timeout of zero here.
            found =
                    call(
                            IO_GETEVENTS,
                            context,
                            0,
                            MOST_RESULTS,
                            results.address(),
                            scratch.address());
            for (int i = 0; i < found; i++) {
                int place = (int) results.get(JAVA_LONG, RESULT_SIZE * i + DATA);
                if (keys[place] >= 0) {
                    reported.add(keys[place]);
                }
                keys[place] = FREE;
                free.push(place);
            }
        } while (found == MOST_RESULTS);
        return reported;
    }

    @Override
    public void close() {
        call(IO_DESTROY, context, 0, 0, 0, 0);
        reports.close();
        arena.close();
    }
}
