package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import org.procmon.bytes.BytePath;
import org.procmon.bytes.ByteText;

/**
 * The address of a listener, and sockets that connect to it without ever blocking. Any thread.
 * Source: socket(2), connect(2), getsockname(2), getpeername(2), ip(7), ipv6(7), unix(7).
 */
public final class Endpoint {
    private static final short AF_UNIX = 1;
    private static final short AF_INET = 2;
    private static final short AF_INET6 = 10;
    private static final int STREAM_NON_BLOCK_CLOEXEC = 1 | 04000 | 02000000;
    private static final int DONE = 0;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** Of struct sockaddr_in and sockaddr_in6. */
    private static final int PORT = 2;

    private static final int ADDRESS_4 = 4;
    private static final int SIZE_4 = 16;
    private static final int ADDRESS_6 = 8;
    private static final int SCOPE_6 = 24;
    private static final int SIZE_6 = 28;

    /** Of struct sockaddr_un: the family, then the path and a NUL. */
    private static final int PATH = 2;

    private static final int LONGEST_PATH = 107;

    private static final MemorySegment SOCKET = Native.function("socket");
    private static final MemorySegment CONNECT = Native.function("connect");
    private static final MemorySegment LOCAL_NAME = Native.function("getsockname");
    private static final MemorySegment PEER_NAME = Native.function("getpeername");
    private static final MemorySegment SEND = Native.function("send");
    private static final MemorySegment RECEIVE = Native.function("recv");

    private final short family;
    private final MemorySegment address;

    private Endpoint(short family, int size) {
        this.family = family;
        this.address = Arena.ofAuto().allocate(size, 8);
        address.set(JAVA_SHORT, 0, family);
    }

    public static Endpoint of(InetAddress host, int port) {
        byte[] number = host.getAddress();
        boolean is6 = host instanceof Inet6Address;
        Endpoint endpoint = is6 ? new Endpoint(AF_INET6, SIZE_6) : new Endpoint(AF_INET, SIZE_4);
        endpoint.address.set(JAVA_BYTE, PORT, (byte) (port >> Byte.SIZE));
        endpoint.address.set(JAVA_BYTE, PORT + 1, (byte) port);
        endpoint.put(number, is6 ? ADDRESS_6 : ADDRESS_4);
        if (host instanceof Inet6Address scoped) {
            endpoint.address.set(JAVA_INT, SCOPE_6, scoped.getScopeId());
        }
        return endpoint;
    }

    /** A Unix socket; a path that is too long makes connecting fail. */
    public static Endpoint of(Path socket) {
        byte[] name = ByteText.encode(BytePath.text(socket));
        Endpoint endpoint = new Endpoint(AF_UNIX, PATH + name.length + 1);
        endpoint.put(name, PATH);
        return endpoint;
    }

    private void put(byte[] bytes, int at) {
        MemorySegment.copy(bytes, 0, address, JAVA_BYTE, at, bytes.length);
    }

    /** The state of a connection. */
    public sealed interface Progress {
        record Connected() implements Progress {}

        /** Its socket becomes writable when the state changes. */
        record Underway() implements Progress {}

        /** A program listens, and has no room for it now. Only Unix sockets report this. */
        record NoRoom() implements Progress {}

        record Failed(Errno errno) implements Progress {}
    }

    /** Makes a socket that can be connected. */
    public Descriptor.Result open() {
        return Descriptor.result(Native.call(SOCKET, family, STREAM_NON_BLOCK_CLOEXEC, 0));
    }

    /** Starts to connect a socket, or returns the present state. */
    public Progress connect(Descriptor socket) {
        if (family == AF_UNIX && address.byteSize() > PATH + LONGEST_PATH + 1) {
            return new Progress.Failed(new Errno(Errno.ENAMETOOLONG));
        }
        int errno = call(socket);
        // On this machine it is decided by the time that the call returns, which only does not
        // report it.
        int now = errno == Errno.EINPROGRESS ? call(socket) : errno;
        return switch (now) {
            case DONE, Errno.EISCONN ->
                    isItself(socket)
                            ? new Progress.Failed(new Errno(Errno.ECONNREFUSED))
                            : new Progress.Connected();
            case Errno.EINPROGRESS, Errno.EALREADY, Errno.EINTR -> new Progress.Underway();
            case Errno.EAGAIN -> new Progress.NoRoom();
            default -> new Progress.Failed(new Errno(now));
        };
    }

    /**
     * Whether the other end is the same socket: where no program listens, the kernel may have
     * chosen just that port for this end, and connects the two.
     */
    private boolean isItself(Descriptor socket) {
        if (family == AF_UNIX) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment here = name(LOCAL_NAME, socket, arena);
            MemorySegment there = name(PEER_NAME, socket, arena);
            return here.mismatch(there) < 0;
        }
    }

    private MemorySegment name(MemorySegment function, Descriptor socket, Arena arena) {
        MemorySegment name = arena.allocate(address.byteSize(), 8);
        MemorySegment size = arena.allocateFrom(JAVA_INT, (int) address.byteSize());
        Native.call(function, socket.number(), name.address(), size.address());
        return name;
    }

    private int call(Descriptor socket) {
        long result = Native.call(CONNECT, socket.number(), address.address(), address.byteSize());
        return result == 0 ? DONE : Native.errno();
    }

    /**
     * Sends bytes over a connected socket, as many as it has room for.
     *
     * @return the number of bytes, or the number of an error, negated: see {@link Transfer}
     */
    public static long send(Descriptor socket, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(JAVA_BYTE, bytes);
            long sent =
                    Native.call(
                            SEND,
                            socket.number(),
                            memory.address(),
                            bytes.length,
                            MSG_NOSIGNAL,
                            0,
                            0);
            return sent >= 0 ? sent : -Native.errno();
        }
    }

    /**
     * Receives what has arrived, and fits; 0 if no more will come.
     *
     * @return the number of bytes, or the number of an error, negated: see {@link Transfer}
     */
    public static long receive(Descriptor socket, byte[] into) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(into.length);
            long got =
                    Native.call(RECEIVE, socket.number(), memory.address(), into.length, 0, 0, 0);
            if (got < 0) {
                return -Native.errno();
            }
            MemorySegment.copy(memory, JAVA_BYTE, 0, into, 0, (int) got);
            return got;
        }
    }
}
