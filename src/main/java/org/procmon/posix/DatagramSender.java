package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.procmon.bytes.ByteText;

/**
 * Sends messages to Unix datagram sockets, such as that of a service manager. Never blocks. Any
 * thread. Source: unix(7), sendto(2), sd_notify(3).
 */
public final class DatagramSender {
    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM_NON_BLOCK_CLOEXEC = 2 | 04000 | 02000000;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** Of struct sockaddr_un: the family, then the path. */
    private static final int PATH = 2;

    private static final int LONGEST_PATH = 107;

    private static final MemorySegment SOCKET = Native.function("socket");
    private static final MemorySegment SENDTO = Native.function("sendto");

    private DatagramSender() {}

    /**
     * Sends one message.
     *
     * @param address a path, or a name of the abstract kind, which starts with {@code @}
     * @return why it was not sent; empty if it was
     */
    public static Optional<Errno> send(String address, String message) {
        byte[] name = ByteText.encode(address);
        if (name.length > LONGEST_PATH) {
            return Optional.of(new Errno(Errno.ENAMETOOLONG));
        }
        int fd = Native.call(SOCKET, AF_UNIX, SOCK_DGRAM_NON_BLOCK_CLOEXEC, 0);
        if (fd < 0) {
            return Optional.of(new Errno(Native.errno()));
        }
        Descriptor socket = new Descriptor(fd);
        try (Arena arena = Arena.ofConfined()) {
            boolean isAbstract = name.length > 0 && name[0] == '@';
            // A path is followed by a NUL; an abstract name starts with one, and has no other.
            int size = PATH + name.length + (isAbstract ? 0 : 1);
            MemorySegment to = arena.allocate(size, 2);
            to.set(JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(name, 0, to, JAVA_BYTE, PATH, name.length);
            if (isAbstract) {
                to.set(JAVA_BYTE, PATH, (byte) 0);
            }
            byte[] text = message.getBytes(StandardCharsets.UTF_8);
            MemorySegment bytes = arena.allocate(Math.max(1, text.length));
            MemorySegment.copy(text, 0, bytes, JAVA_BYTE, 0, text.length);
            long sent =
                    Native.call(
                            SENDTO,
                            fd,
                            bytes.address(),
                            text.length,
                            MSG_NOSIGNAL,
                            to.address(),
                            size);
            return sent < 0 ? Optional.of(new Errno(Native.errno())) : Optional.empty();
        } finally {
            socket.close();
        }
    }
}
