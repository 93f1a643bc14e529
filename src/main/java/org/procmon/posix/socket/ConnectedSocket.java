package org.procmon.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.Native;

/**
 * The few things that are done with a connection by a process that does not serve it. Nothing
 * blocks, whether the socket does or not. Any thread. Source: recv(2), send(2), shutdown(2),
 * poll(2), ioctl(2).
 */
public final class ConnectedSocket {
    private static final short ERROR = 0x8;
    private static final short HANG_UP = 0x10;
    private static final short PEER_SENDS_NO_MORE = 0x2000;
    private static final int FIONREAD = 0x541b;

    private static final MemorySegment RECEIVE = Native.function("recv");
    private static final MemorySegment SEND = Native.function("send");
    private static final MemorySegment SHUTDOWN = Native.function("shutdown");
    private static final MemorySegment IOCTL = Native.function("ioctl");

    private ConnectedSocket() {}

    /** What a read or write has done. */
    public sealed interface Moved {
        /**
         * Some bytes.
         *
         * @param count above 0, unless nothing was asked for
         */
        record Bytes(int count) implements Moved {}

        /** Nothing has arrived, or there is no room. */
        record NotNow() implements Moved {}

        /** The peer sends no more; for a write, receives no more. */
        record Ended() implements Moved {}

        record Failed(Errno errno) implements Moved {}
    }

    /** Which direction is shut down. */
    public enum Direction {
        RECEIVING(0),
        SENDING(1),
        BOTH(2);

        private final int how;

        Direction(int how) {
            this.how = how;
        }
    }

    /** Reads what has arrived, and fits. */
    public static Moved read(Descriptor socket, byte[] into) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(into.length);
            int count =
                    Native.call(
                            RECEIVE,
                            socket.number(),
                            bytes.address(),
                            into.length,
                            (long) SocketCalls.DONT_WAIT);
            if (count < 0) {
                return failed();
            }
            MemorySegment.copy(bytes, JAVA_BYTE, 0, into, 0, count);
            return count == 0 && into.length > 0 ? new Moved.Ended() : new Moved.Bytes(count);
        }
    }

    /** Writes as much as there is room for. */
    public static Moved write(Descriptor socket, byte[] from, int index, int count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(count);
            MemorySegment.copy(from, index, bytes, JAVA_BYTE, 0, count);
            int flags = SocketCalls.DONT_WAIT | SocketCalls.NO_SIGNAL;
            int sent = Native.call(SEND, socket.number(), bytes.address(), count, (long) flags);
            return sent < 0 ? failed() : new Moved.Bytes(sent);
        }
    }

    private static Moved failed() {
        Errno errno = SocketCalls.errno();
        return switch (errno.number()) {
            case Errno.EAGAIN, Errno.EINTR -> new Moved.NotNow();
            case Errno.EPIPE, Errno.ECONNRESET -> new Moved.Ended();
            default -> new Moved.Failed(errno);
        };
    }

    /** Ends a direction for all processes that have this socket; empty when done. */
    public static Optional<Errno> shutdown(Descriptor socket, Direction direction) {
        return Native.call(SHUTDOWN, socket.number(), direction.how) == 0
                ? Optional.empty()
                : Optional.of(SocketCalls.errno());
    }

    /**
     * Whether the peer has closed its socket. Over TCP, a peer that only sends no more looks the
     * same.
     */
    public static boolean hasHungUp(Descriptor socket) {
        int conditions = SocketCalls.poll(socket, PEER_SENDS_NO_MORE, 0);
        return (conditions & (HANG_UP | ERROR)) != 0
                || ((conditions & PEER_SENDS_NO_MORE) != 0
                        && !BoundSocket.domain(socket)
                                .equals(Optional.of(BoundSocket.Domain.UNIX)));
    }

    /** Whether bytes have arrived that were not read yet; true too if it cannot be found out. */
    static boolean hasUnread(Descriptor socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(8, 8);
            return Native.call(IOCTL, socket.number(), FIONREAD, count.address()) != 0
                    || count.get(JAVA_INT, 0) != 0;
        }
    }
}
