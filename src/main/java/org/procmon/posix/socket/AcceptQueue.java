package org.procmon.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;

/**
 * How many clients wait in a listener until they are accepted, and which. It needs no privilege,
 * and no descriptor of a Unix listener. Nothing blocks. One thread at a time, except for {@link
 * #ofTcp}, which is for any. Source: sock_diag(7), tcp(7), TCP_INFO.
 */
public final class AcceptQueue implements AutoCloseable {
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;

    /** Of struct tcp_info; in a listener these are the queue's length and the backlog. */
    private static final int UNACKED = 24;

    private static final int SACKED = 28;
    private static final int TCP_INFO_SIZE = 32;
    private static final int TCP_LISTEN = 10;

    private final SocketDiagnostics diagnostics;

    private AcceptQueue(SocketDiagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** Whether the kernel can be asked. */
    public sealed interface Opening {
        record Opened(AcceptQueue queue) implements Opening {}

        record NotOpened(Errno errno) implements Opening {}
    }

    /** The length of a queue. */
    public sealed interface Length {
        /**
         * Clients that wait, including those that have hung up since.
         *
         * @param backlog as given to listen(2), cut by the kernel; one more than that can wait
         */
        record Waiting(int clients, int backlog) implements Length {}

        /** There is no such socket, or it does not listen. */
        record NoListener() implements Length {}

        record Failed(Errno errno) implements Length {}
    }

    /** The clients in a queue. */
    public sealed interface Clients {
        /**
         * Each client that waits, the longest waiting first.
         *
         * @param inodes of the clients' own sockets; 0 for a client that has hung up
         */
        record Waiting(List<Long> inodes) implements Clients {}

        /** There is no such socket, or it does not listen. */
        record NoListener() implements Clients {}

        record Failed(Errno errno) implements Clients {}
    }

    public static Opening open() {
        return switch (SocketDiagnostics.open()) {
            case SocketDiagnostics.Result.Opened(SocketDiagnostics diagnostics) ->
                    new Opening.Opened(new AcceptQueue(diagnostics));
            case SocketDiagnostics.Result.NotOpened(Errno errno) -> new Opening.NotOpened(errno);
        };
    }

    /**
     * The queue of a Unix listener.
     *
     * @param inode see {@link BoundSocket#inode}
     */
    public Length ofUnix(long inode) {
        Length[] found = {new Length.NoListener()};
        try (Arena arena = Arena.ofConfined()) {
            Optional<Errno> failed =
                    diagnostics.one(
                            UnixDiagnostics.ofInode(
                                    arena, inode, UnixDiagnostics.SHOW_QUEUE_LENGTH),
                            answer -> found[0] = length(answer));
            return failed.filter(AcceptQueue::isFailure)
                    .<Length>map(Length.Failed::new)
                    .orElse(found[0]);
        }
    }

    private static Length length(MemorySegment answer) {
        if (UnixDiagnostics.state(answer) != UnixDiagnostics.LISTENING) {
            return new Length.NoListener();
        }
        return SocketDiagnostics.attribute(
                        answer, UnixDiagnostics.ATTRIBUTES, UnixDiagnostics.QUEUE_LENGTH)
                .<Length>map(
                        queue -> new Length.Waiting(queue.get(JAVA_INT, 0), queue.get(JAVA_INT, 4)))
                .orElseGet(() -> new Length.Failed(Errno.INVALID));
    }

    /**
     * The clients of a Unix listener, up to some 8,000 of them.
     *
     * @param inode see {@link BoundSocket#inode}
     */
    public Clients clientsOfUnix(long inode) {
        Clients[] found = {new Clients.NoListener()};
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = UnixDiagnostics.ofInode(arena, inode, UnixDiagnostics.SHOW_WAITING);
            Optional<Errno> failed = diagnostics.one(one, answer -> found[0] = clients(answer));
            if (failed.isPresent() && failed.get().number() == Errno.EMSGSIZE) {
                // The answer about one socket has room for some 900 only.
                failed = clientsFromAll(arena, inode, found);
            }
            return failed.filter(AcceptQueue::isFailure)
                    .<Clients>map(Clients.Failed::new)
                    .orElse(found[0]);
        }
    }

    private Optional<Errno> clientsFromAll(Arena arena, long inode, Clients[] found) {
        MemorySegment listeners =
                UnixDiagnostics.inState(
                        arena, UnixDiagnostics.LISTENING, UnixDiagnostics.SHOW_WAITING);
        found[0] = new Clients.Failed(new Errno(Errno.EMSGSIZE));
        return diagnostics.all(
                listeners,
                answer -> {
                    if (UnixDiagnostics.inode(answer) == inode) {
                        found[0] = clients(answer);
                    }
                });
    }

    private static Clients clients(MemorySegment answer) {
        if (UnixDiagnostics.state(answer) != UnixDiagnostics.LISTENING) {
            return new Clients.NoListener();
        }
        List<Long> inodes = new ArrayList<>();
        SocketDiagnostics.attribute(answer, UnixDiagnostics.ATTRIBUTES, UnixDiagnostics.WAITING)
                .ifPresent(list -> {
                    for (int i = 0; i < list.byteSize() / JAVA_INT.byteSize(); i++) {
                        inodes.add(Integer.toUnsignedLong(list.get(JAVA_INT, 4L * i)));
                    }
                });
        return new Clients.Waiting(List.copyOf(inodes));
    }

    private static boolean isFailure(Errno errno) {
        return !errno.equals(Errno.ENOENT);
    }

    /** The queue of a TCP listener. */
    public static Length ofTcp(Descriptor listener) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment facts = arena.allocate(TCP_INFO_SIZE, 8);
            if (SocketCalls.option(listener, IPPROTO_TCP, TCP_INFO, facts) < TCP_INFO_SIZE) {
                return new Length.Failed(SocketCalls.errno());
            }
            return facts.get(JAVA_BYTE, 0) == TCP_LISTEN
                    ? new Length.Waiting(facts.get(JAVA_INT, UNACKED), facts.get(JAVA_INT, SACKED))
                    : new Length.NoListener();
        }
    }

    @Override
    public void close() {
        diagnostics.close();
    }
}
