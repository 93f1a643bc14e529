package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.bytes.ByteText;

/**
 * A Unix datagram socket that is only read; the kernel reports the sender of each message. One
 * thread at a time. Source: unix(7), SO_PASSCRED and SCM_CREDENTIALS; recvmsg(2), cmsg(3).
 */
public final class DatagramInbox implements AutoCloseable {
    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM_NON_BLOCK_CLOEXEC = 2 | 04000 | 02000000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PASSCRED = 16;
    private static final int SCM_CREDENTIALS = 2;
    private static final int OWNER_ONLY = 0600;
    private static final int SAME_GROUP = -1;

    /** Of struct sockaddr_un: the family, then the path and a NUL. */
    private static final int PATH = 2;

    /** The longest path of a socket, in bytes. */
    public static final int LONGEST_PATH = 107;

    /** Longer messages are cut off. */
    private static final int LONGEST_MESSAGE = 8 << 10;

    /**
     * Room for struct cmsghdr and struct ucred and nothing else: the kernel closes descriptors that
     * are sent along, which is what the barrier of sd_notify_barrier(3) waits for.
     */
    private static final int CONTROL_SIZE = 32;

    private static final int CONTROL_LEVEL = 8;
    private static final int CONTROL_TYPE = 12;
    private static final int CONTROL_PID = 16;

    /** Of struct msghdr, for 64 bits. */
    private static final int HEADER_SIZE = 56;

    private static final int VECTOR = 16;
    private static final int VECTOR_LENGTH = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;

    private static final MemorySegment SOCKET = Native.function("socket");
    private static final MemorySegment BIND = Native.function("bind");
    private static final MemorySegment CHMOD = Native.function("chmod");
    private static final MemorySegment LCHOWN = Native.function("lchown");
    private static final MemorySegment SET_OPTION = Native.function("setsockopt");
    private static final MemorySegment RECVMSG = Native.function("recvmsg");

    private final Arena arena = Arena.ofShared();
    private final MemorySegment bytes = arena.allocate(LONGEST_MESSAGE);
    private final MemorySegment control = arena.allocate(CONTROL_SIZE, 8);
    private final MemorySegment vector = arena.allocate(16, 8);
    private final MemorySegment header = arena.allocate(HEADER_SIZE, 8);
    private final Descriptor socket;

    private DatagramInbox(Descriptor socket) {
        this.socket = socket;
        vector.set(JAVA_LONG, 0, bytes.address());
        vector.set(JAVA_LONG, 8, LONGEST_MESSAGE);
        header.set(JAVA_LONG, VECTOR, vector.address());
        header.set(JAVA_LONG, VECTOR_LENGTH, 1);
        header.set(JAVA_LONG, CONTROL, control.address());
    }

    /** Whether the socket exists. */
    public sealed interface Result {
        record Opened(DatagramInbox inbox) implements Result {}

        record NotOpened(Errno errno) implements Result {}
    }

    /**
     * A message.
     *
     * @param pid the sender's; 0 if it cannot be seen from here
     */
    public record Message(int pid, String text) {}

    /**
     * Makes a socket file, and replaces any file with that name.
     *
     * @param owner the one user, besides root, who may send to it; this process's own when empty
     */
    public static Result open(String path, OptionalInt owner) {
        byte[] name = ByteText.encode(path);
        if (name.length > LONGEST_PATH) {
            return new Result.NotOpened(new Errno(Errno.ENAMETOOLONG));
        }
        int fd = Native.call(SOCKET, AF_UNIX, SOCK_DGRAM_NON_BLOCK_CLOEXEC, 0);
        if (fd < 0) {
            return new Result.NotOpened(new Errno(Native.errno()));
        }
        Descriptor socket = new Descriptor(fd);
        FileNames.remove(path);
        Optional<Errno> failed = bind(fd, path, name, owner);
        if (failed.isPresent()) {
            socket.close();
            return new Result.NotOpened(failed.get());
        }
        return new Result.Opened(new DatagramInbox(socket));
    }

    private static Optional<Errno> bind(int fd, String path, byte[] name, OptionalInt owner) {
        try (Arena arena = Arena.ofConfined()) {
            int size = PATH + name.length + 1;
            MemorySegment address = arena.allocate(size, 2);
            address.set(JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(name, 0, address, JAVA_BYTE, PATH, name.length);
            MemorySegment on = arena.allocateFrom(JAVA_INT, 1);
            long file = Native.text(arena, path).address();
            boolean done =
                    Native.call(
                                            SET_OPTION,
                                            fd,
                                            SOL_SOCKET,
                                            SO_PASSCRED,
                                            on.address(),
                                            JAVA_INT.byteSize(),
                                            0)
                                    == 0
                            && Native.call(BIND, fd, address.address(), size) == 0
                            && Native.call(CHMOD, file, OWNER_ONLY) == 0
                            && (owner.isEmpty()
                                    || Native.call(LCHOWN, file, owner.getAsInt(), SAME_GROUP)
                                            == 0);
            return done ? Optional.empty() : Optional.of(new Errno(Native.errno()));
        }
    }

    public Descriptor descriptor() {
        return socket;
    }

    /** The next message; empty if there is none. */
    public Optional<Message> receive() {
        header.set(JAVA_LONG, CONTROL_LENGTH, CONTROL_SIZE);
        long length = Native.call(RECVMSG, socket.number(), header.address(), 0);
        if (length < 0) {
            return Optional.empty();
        }
        byte[] text = new byte[(int) length];
        MemorySegment.copy(bytes, JAVA_BYTE, 0, text, 0, text.length);
        return Optional.of(new Message(sender(), new String(text, StandardCharsets.UTF_8)));
    }

    private int sender() {
        boolean isKnown =
                header.get(JAVA_LONG, CONTROL_LENGTH) > CONTROL_PID
                        && control.get(JAVA_INT, CONTROL_LEVEL) == SOL_SOCKET
                        && control.get(JAVA_INT, CONTROL_TYPE) == SCM_CREDENTIALS;
        return isKnown ? control.get(JAVA_INT, CONTROL_PID) : 0;
    }

    @Override
    public void close() {
        socket.close();
        arena.close();
    }
}
