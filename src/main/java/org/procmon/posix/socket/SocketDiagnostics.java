package org.procmon.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.Native;

/**
 * Queries to the kernel about its sockets; any user may ask. The kernel prepares an answer within
 * the call that asks or reads, so nothing here blocks. One thread at a time. Source: netlink(7),
 * sock_diag(7).
 */
final class SocketDiagnostics implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int RAW_CLOEXEC = 3 | SocketCalls.CLOEXEC;
    private static final int NETLINK_SOCK_DIAG = 4;
    private static final int SOCK_DIAG_BY_FAMILY = 20;
    private static final int REQUEST = 1;
    private static final int DUMP = 0x300;
    private static final int ERROR = 2;
    private static final int DONE = 3;

    /** Returns the whole length of a piece, even if it does not fit. */
    private static final int MSG_TRUNC = 0x20;

    /** Of struct nlmsghdr. */
    static final int HEADER = 16;

    private static final int TYPE = 4;
    private static final int FLAGS = 6;
    private static final int SEQUENCE = 8;

    /** The kernel makes no larger pieces. */
    private static final int PIECE = 32 << 10;

    private static final int LONGEST_REQUEST = 128;

    private static final MemorySegment SOCKET = Native.function("socket");
    private static final MemorySegment SEND = Native.function("send");
    private static final MemorySegment RECEIVE = Native.function("recv");

    private final Arena arena = Arena.ofShared();
    private final MemorySegment request = arena.allocate(LONGEST_REQUEST, 8);
    private final MemorySegment piece = arena.allocate(PIECE, 8);
    private final Descriptor socket;
    private int sequence;

    private SocketDiagnostics(Descriptor socket) {
        this.socket = socket;
    }

    /** Whether the kernel can be asked. */
    sealed interface Result {
        record Opened(SocketDiagnostics diagnostics) implements Result {}

        record NotOpened(Errno errno) implements Result {}
    }

    static Result open() {
        int fd = Native.call(SOCKET, AF_NETLINK, RAW_CLOEXEC, NETLINK_SOCK_DIAG);
        return fd >= 0
                ? new Result.Opened(new SocketDiagnostics(new Descriptor(fd)))
                : new Result.NotOpened(SocketCalls.errno());
    }

    /**
     * Asks for one socket.
     *
     * @param question the structure after the header
     * @param answer takes the structure of the answer; not called after an error
     */
    Optional<Errno> one(MemorySegment question, Consumer<MemorySegment> answer) {
        return ask(REQUEST, question, answer);
    }

    /** Asks for all sockets of a kind; what opens or closes meanwhile may be missing. */
    Optional<Errno> all(MemorySegment question, Consumer<MemorySegment> each) {
        return ask(REQUEST | DUMP, question, each);
    }

    private Optional<Errno> ask(
            int flags, MemorySegment question, Consumer<MemorySegment> consumer) {
        int length = HEADER + (int) question.byteSize();
        request.fill((byte) 0);
        request.set(JAVA_INT, 0, length);
        request.set(JAVA_SHORT, TYPE, (short) SOCK_DIAG_BY_FAMILY);
        request.set(JAVA_SHORT, FLAGS, (short) flags);
        request.set(JAVA_INT, SEQUENCE, ++sequence);
        MemorySegment.copy(question, 0, request, HEADER, question.byteSize());
        long sent =
                Native.call(
                        SEND, socket.number(), request.address(), length, SocketCalls.DONT_WAIT);
        Optional<Errno> failed =
                sent < 0 ? Optional.of(SocketCalls.errno()) : read(flags == REQUEST, consumer);
        if (failed.isPresent()) {
            // Or the rest of a dump would keep the next one from starting.
            while (receive() >= 0) {}
        }
        return failed;
    }

    private Optional<Errno> read(boolean isOne, Consumer<MemorySegment> consumer) {
        while (true) {
            int length = receive();
            if (length < 0 && Native.errno() != Errno.EINTR) {
                return Optional.of(SocketCalls.errno());
            }
            if (length > PIECE) {
                return Optional.of(new Errno(Errno.EMSGSIZE));
            }
            int at = 0;
            while (at + HEADER <= length) {
                MemorySegment message = piece.asSlice(at, Math.min(size(at), length - at));
                if (message.get(JAVA_INT, SEQUENCE) == sequence) {
                    switch (message.get(JAVA_SHORT, TYPE)) {
                        case DONE -> {
                            return Optional.empty();
                        }
                        case ERROR -> {
                            return Optional.of(new Errno(-message.get(JAVA_INT, HEADER)));
                        }
                        default -> consumer.accept(message.asSlice(HEADER));
                    }
                    if (isOne) {
                        return Optional.empty();
                    }
                }
                at += aligned(size(at));
            }
        }
    }

    private int size(int at) {
        return Math.max(HEADER, piece.get(JAVA_INT, at));
    }

    private int receive() {
        int flags = SocketCalls.DONT_WAIT | MSG_TRUNC;
        return Native.call(RECEIVE, socket.number(), piece.address(), PIECE, (long) flags);
    }

    /**
     * The value of an attribute; empty if there is none of this type.
     *
     * @param from where the attributes begin
     */
    static Optional<MemorySegment> attribute(MemorySegment answer, int from, int type) {
        int at = from;
        while (at + 4 <= answer.byteSize()) {
            int length = Short.toUnsignedInt(answer.get(JAVA_SHORT, at));
            if (length < 4 || at + length > answer.byteSize()) {
                return Optional.empty();
            }
            if (answer.get(JAVA_SHORT, at + 2) == type) {
                return Optional.of(answer.asSlice(at + 4L, length - 4L));
            }
            at += aligned(length);
        }
        return Optional.empty();
    }

    private static int aligned(int length) {
        return (length + 3) & ~3;
    }

    @Override
    public void close() {
        socket.close();
        arena.close();
    }
}
