package org.procmon.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.procmon.posix.Descriptor;
import org.procmon.posix.FileStatus;
import org.procmon.posix.Native;

/**
 * What the kernel says of a socket that this process has, perhaps from another program. Any thread.
 * Source: getsockname(2), socket(7), statx(2).
 */
public final class BoundSocket {
    private static final int ACCEPTS_CONNECTIONS = 30;
    private static final int DOMAIN = 39;
    private static final int SIOCUNIXFILE = 0x89e0;
    private static final MemorySegment LOCAL_NAME = Native.function("getsockname");
    private static final MemorySegment IOCTL = Native.function("ioctl");

    private BoundSocket() {}

    /** The kind of its addresses. */
    public enum Domain {
        UNIX,
        IPV4,
        IPV6
    }

    /** Whether it is a socket that listens. */
    public static boolean isListening(Descriptor descriptor) {
        return SocketCalls.option(descriptor, SocketCalls.SOL_SOCKET, ACCEPTS_CONNECTIONS)
                .equals(OptionalInt.of(1));
    }

    /** Empty if it is no socket, or one of another kind. */
    public static Optional<Domain> domain(Descriptor socket) {
        return switch (SocketCalls.option(socket, SocketCalls.SOL_SOCKET, DOMAIN).orElse(0)) {
            case SocketCalls.AF_UNIX -> Optional.of(Domain.UNIX);
            case SocketCalls.AF_INET -> Optional.of(Domain.IPV4);
            case SocketCalls.AF_INET6 -> Optional.of(Domain.IPV6);
            default -> Optional.empty();
        };
    }

    /**
     * The address that it was bound to: {@code /path}, {@code @name}, {@code 127.0.0.1:9000},
     * {@code [::1]:9000}. A Unix socket keeps the path when its file is renamed. Empty if it is not
     * bound, or no socket.
     */
    public static Optional<String> name(Descriptor socket) {
        return address(socket, SocketAddresses::text).filter(name -> !name.isEmpty());
    }

    /**
     * The file that it was bound to, also if it has another name now or none, as a descriptor that
     * neither reads nor writes. Empty if it has none, or without CAP_NET_ADMIN. Source:
     * SIOCUNIXFILE.
     */
    public static Optional<Descriptor> file(Descriptor socket) {
        int number = Native.call(IOCTL, socket.number(), SIOCUNIXFILE, 0);
        return number < 0 ? Optional.empty() : Optional.of(new Descriptor(number));
    }

    /** The port that it was bound to; empty if it has none. */
    public static OptionalInt port(Descriptor socket) {
        int port =
                address(socket, (address, _) -> isUnix(address) ? 0 : SocketAddresses.port(address))
                        .orElse(0);
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }

    private static boolean isUnix(MemorySegment address) {
        return address.get(JAVA_SHORT, 0) == SocketCalls.AF_UNIX;
    }

    private static <T> Optional<T> address(
            Descriptor socket, BiFunction<MemorySegment, Integer, T> reading) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SocketAddresses.LARGEST, 8);
            MemorySegment size = arena.allocateFrom(JAVA_INT, SocketAddresses.LARGEST);
            return Native.call(LOCAL_NAME, socket.number(), address.address(), size.address()) == 0
                    ? Optional.of(reading.apply(address, size.get(JAVA_INT, 0)))
                    : Optional.empty();
        }
    }

    /**
     * The number that {@code /proc} and the other classes here know it by; empty if it is no
     * socket. All descriptors of one socket have the same.
     */
    public static OptionalLong inode(Descriptor socket) {
        FileStatus status = new FileStatus();
        return status.read(socket) && status.isSocket()
                ? OptionalLong.of(status.inode())
                : OptionalLong.empty();
    }
}
