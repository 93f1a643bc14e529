package org.procmon.posix.socket;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import org.procmon.bytes.ByteText;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.FileNames;
import org.procmon.posix.Native;

/**
 * Opens listening stream sockets that workers accept from: blocking, and closed on exec. A backlog
 * is the number of connections that may wait; the kernel cuts it to {@code net.core.somaxconn}. Any
 * thread; a slow disk blocks {@link #atPath}. Source: socket(2), bind(2), listen(2), unix(7),
 * ip(7), ipv6(7), socket(7).
 */
public final class ListeningSocket {
    private static final int STREAM_CLOEXEC = 1 | SocketCalls.CLOEXEC;
    private static final int REUSE_ADDRESS = 2;
    private static final int REUSE_PORT = 15;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_ONLY = 26;

    private static final MemorySegment SOCKET = Native.function("socket");
    private static final MemorySegment BIND = Native.function("bind");
    private static final MemorySegment LISTEN = Native.function("listen");

    /** The longest path of a Unix socket and the longest abstract name, in bytes. */
    public static final int LONGEST_NAME = SocketAddresses.LONGEST_NAME;

    private ListeningSocket() {}

    /** Whether it listens. */
    public sealed interface Result {
        record Listening(Descriptor socket) implements Result {}

        /** The path or name has more than {@link #LONGEST_NAME} bytes; nothing was made. */
        record NameTooLong(int bytes) implements Result {}

        record NotListening(Errno errno) implements Result {}
    }

    /** Whether several sockets may listen on one TCP port: all of them, or none. */
    public enum Sharing {
        ALONE,
        /**
         * SO_REUSEPORT; only with sockets of the same effective user. See {@link ReusePortGroup}.
         */
        SHARED
    }

    /**
     * Makes a socket file, which must not exist, and listens. Clients are refused until the file
     * has its mode and owner. On a failure, the file is removed.
     *
     * @param path see {@link ByteText}
     */
    public static Result atPath(String path, int backlog, SocketFileAccess access) {
        byte[] name = ByteText.encode(path);
        if (name.length > LONGEST_NAME) {
            return new Result.NameTooLong(name.length);
        }
        if (!isName(name)) {
            return new Result.NotListening(Errno.INVALID);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = SocketAddresses.path(arena, name);
            return opened(
                    SocketCalls.AF_UNIX,
                    socket -> {
                        Optional<Errno> failed = bind(socket, address);
                        if (failed.isPresent()) {
                            return failed;
                        }
                        failed = access.apply(path).or(() -> listen(socket, backlog));
                        if (failed.isPresent()) {
                            var _ = FileNames.remove(path);
                        }
                        return failed;
                    });
        }
    }

    /**
     * Listens on a name that is in no file system, which any user may connect to.
     *
     * @param name without the {@code @}
     */
    public static Result abstractName(String name, int backlog) {
        byte[] bytes = ByteText.encode(name);
        if (bytes.length > LONGEST_NAME) {
            return new Result.NameTooLong(bytes.length);
        }
        if (!isName(bytes)) {
            return new Result.NotListening(Errno.INVALID);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = SocketAddresses.abstractName(arena, bytes);
            return opened(
                    SocketCalls.AF_UNIX,
                    socket -> bind(socket, address).or(() -> listen(socket, backlog)));
        }
    }

    /**
     * Listens on one address of this machine.
     *
     * @param port 0 for a free one
     */
    public static Result tcp(InetAddress host, int port, int backlog, Sharing sharing) {
        int family = host instanceof Inet4Address ? SocketCalls.AF_INET : SocketCalls.AF_INET6;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = SocketAddresses.internet(arena, host, port);
            return opened(
                    family,
                    socket ->
                            reuse(socket, sharing)
                                    .or(() -> bind(socket, address))
                                    .or(() -> listen(socket, backlog)));
        }
    }

    /**
     * Listens on all addresses of this machine, those of IPv4 and of IPv6; of IPv4 alone where the
     * kernel has no IPv6.
     *
     * @param port 0 for a free one
     */
    public static Result tcpEverywhere(int port, int backlog, Sharing sharing) {
        try (Arena arena = Arena.ofConfined()) {
            InetAddress any6 = InetAddress.ofLiteral("::");
            MemorySegment address = SocketAddresses.internet(arena, any6, port);
            Result result =
                    opened(
                            SocketCalls.AF_INET6,
                            socket ->
                                    reuse(socket, sharing)
                                            .or(() -> dualStack(socket))
                                            .or(() -> bind(socket, address))
                                            .or(() -> listen(socket, backlog)));
            return hasNoVersion6(result)
                    ? tcp(InetAddress.ofLiteral("0.0.0.0"), port, backlog, sharing)
                    : result;
        }
    }

    private static boolean hasNoVersion6(Result result) {
        return result instanceof Result.NotListening(Errno errno)
                && (errno.number() == Errno.EAFNOSUPPORT || errno.number() == Errno.EADDRNOTAVAIL);
    }

    /** The kernel ends a path at a NUL, and binds an empty one to a name of its own choice. */
    private static boolean isName(byte[] name) {
        for (byte b : name) {
            if (b == 0) {
                return false;
            }
        }
        return name.length > 0;
    }

    /** What makes a socket a listener; the error if it cannot be one. */
    private interface Preparation {
        Optional<Errno> prepare(Descriptor socket);
    }

    private static Result opened(int family, Preparation preparation) {
        int fd = Native.call(SOCKET, family, STREAM_CLOEXEC, 0);
        if (fd < 0) {
            return new Result.NotListening(SocketCalls.errno());
        }
        Descriptor socket = new Descriptor(fd);
        Optional<Errno> failed = preparation.prepare(socket);
        if (failed.isPresent()) {
            socket.close();
            return new Result.NotListening(failed.get());
        }
        return new Result.Listening(socket);
    }

    private static Optional<Errno> bind(Descriptor socket, MemorySegment address) {
        return failed(Native.call(BIND, socket.number(), address.address(), address.byteSize()));
    }

    static Optional<Errno> listen(Descriptor socket, int backlog) {
        return failed(Native.call(LISTEN, socket.number(), backlog));
    }

    /** So that connections of an earlier listener that are still ending are not in the way. */
    private static Optional<Errno> reuse(Descriptor socket, Sharing sharing) {
        return option(socket, SocketCalls.SOL_SOCKET, REUSE_ADDRESS, 1)
                .or(() ->
                        switch (sharing) {
                            case ALONE -> Optional.empty();
                            case SHARED -> option(socket, SocketCalls.SOL_SOCKET, REUSE_PORT, 1);
                        });
    }

    private static Optional<Errno> dualStack(Descriptor socket) {
        return option(socket, IPPROTO_IPV6, IPV6_ONLY, 0);
    }

    private static Optional<Errno> option(Descriptor socket, int level, int name, int value) {
        return SocketCalls.setOption(socket, level, name, value)
                ? Optional.empty()
                : Optional.of(SocketCalls.errno());
    }

    private static Optional<Errno> failed(int result) {
        return result == 0 ? Optional.empty() : Optional.of(SocketCalls.errno());
    }
}
