package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.procmon.bytes.ByteText;

/** Makes listening Unix sockets. Any thread. Source: unix(7), socket(2), bind(2), listen(2). */
public final class UnixListener {
    private static final short AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_CLOEXEC = 02000000;

    /** Of struct sockaddr_un: the family, then the path and a NUL. */
    private static final int PATH = 2;

    private static final int LONGEST_PATH = 107;

    private static final MemorySegment SOCKET = Native.function("socket");
    private static final MemorySegment BIND = Native.function("bind");
    private static final MemorySegment LISTEN = Native.function("listen");

    private UnixListener() {}

    /** Whether it listens. */
    public sealed interface Result {
        record Listening(Descriptor socket) implements Result {}

        record NotListening(Errno errno) implements Result {}
    }

    /**
     * Makes a socket file, which must not exist, and listens.
     *
     * @param backlog how many connections may wait to be accepted
     */
    public static Result listen(String path, int backlog) {
        byte[] name = ByteText.encode(path);
        if (name.length > LONGEST_PATH) {
            return new Result.NotListening(new Errno(Errno.ENAMETOOLONG));
        }
        int fd = Native.call(SOCKET, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            return new Result.NotListening(new Errno(Native.errno()));
        }
        Descriptor socket = new Descriptor(fd);
        try (Arena arena = Arena.ofConfined()) {
            int size = PATH + name.length + 1;
            MemorySegment address = arena.allocate(size, 2);
            address.set(JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(name, 0, address, JAVA_BYTE, PATH, name.length);
            if (Native.call(BIND, fd, address.address(), size) == 0
                    && Native.call(LISTEN, fd, backlog) == 0) {
                return new Result.Listening(socket);
            }
        }
        Errno errno = new Errno(Native.errno());
        socket.close();
        return new Result.NotListening(errno);
    }
}
