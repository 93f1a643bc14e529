package org.procmon.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.Native;

/**
 * Messages with descriptors from one process to another, over a pair of sockets. A message that was
 * sent stays in the receiver's socket until it is received, even if the sender exits. Any thread;
 * {@link #await(Descriptor)} and its variant with a timeout block, so they need a platform thread.
 * Source: socketpair(2), unix(7), sendmsg(2), recvmsg(2), cmsg(3).
 */
public final class DescriptorPassing {
    /** In one message; the kernel allows 253. */
    public static final int MOST_DESCRIPTORS = 250;

    /** In bytes; a longer one that arrives is incomplete. */
    public static final int LONGEST_MESSAGE = 64 << 10;

    private static final int SEQPACKET_CLOEXEC = 5 | SocketCalls.CLOEXEC;
    private static final int SCM_RIGHTS = 1;
    private static final int CLOSE_RECEIVED_ON_EXEC = 0x40000000;
    private static final int TRUNCATED = 0x20;
    private static final int CONTROL_TRUNCATED = 0x8;
    private static final int FOR_EVER = -1;

    /** Of struct msghdr. */
    private static final int HEADER_SIZE = 56;

    private static final int VECTOR = 16;
    private static final int VECTOR_LENGTH = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;

    /** Of struct cmsghdr. */
    private static final int LEVEL = 8;

    private static final int TYPE = 12;
    private static final int PAYLOAD = 16;

    private static final MemorySegment SOCKETPAIR = Native.function("socketpair");
    private static final MemorySegment SENDMSG = Native.function("sendmsg");
    private static final MemorySegment RECVMSG = Native.function("recvmsg");

    private DescriptorPassing() {}

    /** Whether there is a pair. Both ends block and are closed on exec. */
    public sealed interface Pair {
        record Opened(Descriptor one, Descriptor other) implements Pair {}

        record NotOpened(Errno errno) implements Pair {}
    }

    /** Whether a message was sent. */
    public sealed interface Sending {
        record Sent() implements Sending {}

        /** The receiver has not read enough of the earlier ones. */
        record NoRoom() implements Sending {}

        /** The other end is closed. */
        record Closed() implements Sending {}

        record Failed(Errno errno) implements Sending {}
    }

    /** Whether a message was received. */
    public sealed interface Receipt {
        /** The receiver owns the descriptors, which are closed on exec, in the sender's order. */
        @SuppressWarnings("ArrayRecordComponent")
        record Message(byte[] bytes, List<Descriptor> descriptors) implements Receipt {}

        /** None is there, or none has come within the time limit. */
        record Nothing() implements Receipt {}

        /** The other end is closed, and all messages were received. */
        record Ended() implements Receipt {}

        /**
         * A message was longer than allowed, or had more descriptors than this process can open. It
         * is lost, and the descriptors that had come are closed.
         */
        record Incomplete() implements Receipt {}

        record Failed(Errno errno) implements Receipt {}
    }

    public static Pair pair() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            return Native.call(
                                    SOCKETPAIR,
                                    SocketCalls.AF_UNIX,
                                    SEQPACKET_CLOEXEC,
                                    0,
                                    ends.address())
                            == 0
                    ? new Pair.Opened(
                            new Descriptor(ends.getAtIndex(JAVA_INT, 0)),
                            new Descriptor(ends.getAtIndex(JAVA_INT, 1)))
                    : new Pair.NotOpened(SocketCalls.errno());
        }
    }

    /**
     * Sends a message, without blocking. This process keeps its descriptors.
     *
     * @param bytes not empty, since an empty message looks like the end
     */
    public static Sending send(Descriptor socket, byte[] bytes, List<Descriptor> descriptors) {
        if (bytes.length == 0 || bytes.length > LONGEST_MESSAGE) {
            throw new IllegalArgumentException(
                    "cannot send a message: it has " + bytes.length + " bytes");
        }
        if (descriptors.size() > MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(
                    "cannot send a message: it has " + descriptors.size() + " descriptors");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment control = arena.allocate(controlSize(descriptors.size()), 8);
            MemorySegment header = header(arena, arena.allocateFrom(JAVA_BYTE, bytes), control);
            if (descriptors.isEmpty()) {
                header.set(JAVA_LONG, CONTROL_LENGTH, 0);
            } else {
                putRights(control, descriptors);
            }
            int flags = SocketCalls.DONT_WAIT | SocketCalls.NO_SIGNAL;
            return Native.call(SENDMSG, socket.number(), header.address(), flags) >= 0
                    ? new Sending.Sent()
                    : notSent(SocketCalls.errno());
        }
    }

    private static Sending notSent(Errno errno) {
        return switch (errno.number()) {
            case Errno.EAGAIN -> new Sending.NoRoom();
            case Errno.EPIPE, Errno.ECONNRESET -> new Sending.Closed();
            default -> new Sending.Failed(errno);
        };
    }

    /** Blocks until there is a message, or the end. */
    public static Receipt await(Descriptor socket) {
        return await(socket, FOR_EVER);
    }

    /** Blocks until there is a message, or the end, or the time is over. */
    public static Receipt await(Descriptor socket, Duration limit) {
        return await(socket, (int) Math.min(Integer.MAX_VALUE, limit.toMillis() + 1));
    }

    private static Receipt await(Descriptor socket, int millis) {
        Receipt receipt;
        do {
            int conditions = SocketCalls.poll(socket, SocketCalls.POLL_IN, millis);
            receipt = conditions == 0 ? new Receipt.Nothing() : receive(socket);
        } while (millis == FOR_EVER && receipt instanceof Receipt.Nothing);
        return receipt;
    }

    /** Receives a message if there is one; does not block. */
    public static Receipt receive(Descriptor socket) {
        return receive(socket, MOST_DESCRIPTORS);
    }

    static Receipt receive(Descriptor socket, int mostDescriptors) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(LONGEST_MESSAGE);
            MemorySegment control = arena.allocate(controlSize(mostDescriptors), 8);
            MemorySegment header = header(arena, bytes, control);
            int flags = SocketCalls.DONT_WAIT | CLOSE_RECEIVED_ON_EXEC;
            int length = Native.call(RECVMSG, socket.number(), header.address(), flags);
            if (length < 0) {
                return notReceived(SocketCalls.errno());
            }
            List<Descriptor> descriptors =
                    rights(control.asSlice(0, header.get(JAVA_LONG, CONTROL_LENGTH)));
            if ((header.get(JAVA_INT, FLAGS) & (TRUNCATED | CONTROL_TRUNCATED)) != 0) {
                descriptors.forEach(Descriptor::close);
                return new Receipt.Incomplete();
            }
            return length == 0
                    ? new Receipt.Ended()
                    : new Receipt.Message(bytes.asSlice(0, length).toArray(JAVA_BYTE), descriptors);
        }
    }

    private static Receipt notReceived(Errno errno) {
        return switch (errno.number()) {
            case Errno.EAGAIN, Errno.EINTR -> new Receipt.Nothing();
            case Errno.ECONNRESET -> new Receipt.Ended();
            default -> new Receipt.Failed(errno);
        };
    }

    private static long controlSize(int descriptors) {
        long size = PAYLOAD + (long) descriptors * JAVA_INT.byteSize();
        return (size + 7) & ~7L;
    }

    private static MemorySegment header(Arena arena, MemorySegment bytes, MemorySegment control) {
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(JAVA_LONG, 0, bytes.address());
        vector.set(JAVA_LONG, 8, bytes.byteSize());
        MemorySegment header = arena.allocate(HEADER_SIZE, 8);
        header.set(JAVA_LONG, VECTOR, vector.address());
        header.set(JAVA_LONG, VECTOR_LENGTH, 1);
        header.set(JAVA_LONG, CONTROL, control.address());
        header.set(JAVA_LONG, CONTROL_LENGTH, control.byteSize());
        return header;
    }

    private static void putRights(MemorySegment control, List<Descriptor> descriptors) {
        control.set(JAVA_LONG, 0, PAYLOAD + descriptors.size() * JAVA_INT.byteSize());
        control.set(JAVA_INT, LEVEL, SocketCalls.SOL_SOCKET);
        control.set(JAVA_INT, TYPE, SCM_RIGHTS);
        for (int i = 0; i < descriptors.size(); i++) {
            control.set(JAVA_INT, PAYLOAD + 4L * i, descriptors.get(i).number());
        }
    }

    private static List<Descriptor> rights(MemorySegment control) {
        List<Descriptor> descriptors = new ArrayList<>();
        long at = 0;
        while (at + PAYLOAD <= control.byteSize()) {
            long length = control.get(JAVA_LONG, at);
            if (control.get(JAVA_INT, at + LEVEL) == SocketCalls.SOL_SOCKET
                    && control.get(JAVA_INT, at + TYPE) == SCM_RIGHTS) {
                for (long i = PAYLOAD; i + 4 <= length; i += 4) {
                    descriptors.add(new Descriptor(control.get(JAVA_INT, at + i)));
                }
            }
            at += Math.max(PAYLOAD, (length + 7) & ~7L);
        }
        return descriptors;
    }
}
