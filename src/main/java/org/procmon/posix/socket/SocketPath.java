package org.procmon.posix.socket;

import org.procmon.bytes.BytePath;
import org.procmon.bytes.ByteText;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Endpoint;
import org.procmon.posix.Errno;
import org.procmon.posix.FileStatus;

/**
 * What is at a path where a socket is to be. Any thread; a slow disk blocks it. Source: unix(7),
 * connect(2).
 */
public sealed interface SocketPath {
    record Nothing() implements SocketPath {}

    /**
     * A socket file that no socket listens on, so it may be removed. It may also belong to a
     * program that has bound it and is about to listen.
     */
    record Stale() implements SocketPath {}

    /** A program has this socket. */
    record Live() implements SocketPath {}

    /** Something that is no socket, such as a regular file or a link. */
    record NoSocket() implements SocketPath {}

    /** The path has more than {@link ListeningSocket#LONGEST_NAME} bytes. */
    record TooLong() implements SocketPath {}

    record Unknown(Errno errno) implements SocketPath {}

    /**
     * Looks at a path and, if there is a socket, connects to it and hangs up immediately; the
     * program that accepts there gets a connection that has ended.
     */
    static SocketPath look(String path) {
        if (ByteText.encode(path).length > ListeningSocket.LONGEST_NAME) {
            return new TooLong();
        }
        FileStatus status = new FileStatus();
        if (!status.read(path)) {
            return failed(status.errno());
        }
        return status.isSocket() ? connect(path) : new NoSocket();
    }

    private static SocketPath connect(String path) {
        Endpoint endpoint = Endpoint.of(BytePath.of(path));
        return switch (endpoint.open()) {
            case Descriptor.Result.NotOpened(Errno errno) -> new Unknown(errno);
            case Descriptor.Result.Opened(Descriptor socket) -> {
                try (socket) {
                    yield switch (endpoint.connect(socket)) {
                        case Endpoint.Progress.Connected _,
                                Endpoint.Progress.Underway _,
                                Endpoint.Progress.NoRoom _ ->
                                new Live();
                        case Endpoint.Progress.Failed(Errno errno) -> failed(errno);
                    };
                }
            }
        };
    }

    private static SocketPath failed(Errno errno) {
        return switch (errno.number()) {
            case Errno.ENOENT_NUMBER -> new Nothing();
            case Errno.ECONNREFUSED -> new Stale();
            // Of another type, for datagrams for example.
            case Errno.EPROTOTYPE -> new Live();
            default -> new Unknown(errno);
        };
    }
}
