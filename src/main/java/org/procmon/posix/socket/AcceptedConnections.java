package org.procmon.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.procmon.posix.Errno;

/**
 * The connections of listeners, in whichever processes they are: accepted, so that a worker serves
 * them, or waiting. One query covers all listeners of a kind, and needs no privilege. What opens or
 * closes meanwhile may be missing. Nothing blocks. One thread at a time. Source: sock_diag(7).
 */
public final class AcceptedConnections implements AutoCloseable {
    /** Of one listener; more are not counted. */
    public static final int MOST = 65_536;

    private static final int IPPROTO_TCP = 6;

    /** Of struct inet_diag_req_v2. */
    private static final int REQUEST_SIZE = 56;

    private static final int PROTOCOL = 1;
    private static final int STATES = 4;
    private static final int REQUEST_PORT = 8;

    /** Of struct inet_diag_msg. */
    private static final int STATE = 1;

    private static final int PORT = 4;
    private static final int COOKIE = 44;
    private static final int COOKIE_END = 48;
    private static final int INODE = 68;

    private static final int ESTABLISHED = 1;
    private static final int CLIENT_HAS_CLOSED = 8;

    /** All in which a program can hold a connection: FIN_WAIT1, FIN_WAIT2, LAST_ACK, CLOSING. */
    private static final int HELD =
            1 << ESTABLISHED | 1 << 4 | 1 << 5 | 1 << CLIENT_HAS_CLOSED | 1 << 9 | 1 << 11;

    private final SocketDiagnostics diagnostics;

    private AcceptedConnections(SocketDiagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** Whether the kernel can be asked. */
    public sealed interface Opening {
        record Opened(AcceptedConnections connections) implements Opening {}

        record NotOpened(Errno errno) implements Opening {}
    }

    /**
     * The connections of one listener.
     *
     * @param accepted the inodes of the sockets that were accepted and are not closed
     * @param waiting how many were not accepted yet; empty for Unix listeners, where {@link
     *     AcceptQueue} knows it
     */
    public record Connections(Set<Long> accepted, OptionalInt waiting) {}

    /**
     * The answer for all listeners.
     *
     * @param <K> what a listener is known by
     */
    public sealed interface Answer<K> {
        /** Each listener that was asked for, those without connections too. */
        record Of<K>(Map<K, Connections> listeners) implements Answer<K> {}

        record Failed<K>(Errno errno) implements Answer<K> {}
    }

    public static Opening open() {
        return switch (SocketDiagnostics.open()) {
            case SocketDiagnostics.Result.Opened(SocketDiagnostics diagnostics) ->
                    new Opening.Opened(new AcceptedConnections(diagnostics));
            case SocketDiagnostics.Result.NotOpened(Errno errno) -> new Opening.NotOpened(errno);
        };
    }

    /**
     * The connections of Unix listeners.
     *
     * @param names the names that they were bound to, see {@link BoundSocket#name}: an accepted
     *     socket carries the name of its listener, even after that was renamed or closed
     */
    public Answer<String> ofUnix(Set<String> names) {
        Tally<String> tally = new Tally<>(names, false);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment connected =
                    UnixDiagnostics.inState(
                            arena, UnixDiagnostics.ESTABLISHED, UnixDiagnostics.SHOW_NAME);
            return tally.answer(
                    diagnostics.all(
                            connected,
                            answer ->
                                    tally.add(name(answer), UnixDiagnostics.inode(answer), false)));
        }
    }

    private static String name(MemorySegment answer) {
        return SocketDiagnostics.attribute(answer, UnixDiagnostics.ATTRIBUTES, UnixDiagnostics.NAME)
                .map(name -> SocketAddresses.name(name.toArray(JAVA_BYTE)))
                .orElse("");
    }

    /**
     * The connections to TCP ports of this machine, over IPv4 and IPv6, whatever the address. The
     * kernel looks through all connections of the machine for it.
     */
    public Answer<Integer> ofTcp(Set<Integer> ports) {
        Tally<Integer> tally = new Tally<>(ports, true);
        Optional<Errno> failed =
                ofTcp(SocketCalls.AF_INET, ports, tally)
                        .or(() -> ofTcp(SocketCalls.AF_INET6, ports, tally));
        return tally.answer(failed);
    }

    private Optional<Errno> ofTcp(int family, Set<Integer> ports, Tally<Integer> tally) {
        return askTcp(
                family,
                ports,
                HELD,
                answer -> {
                    int state = answer.get(JAVA_BYTE, STATE);
                    tally.add(
                            port(answer),
                            Integer.toUnsignedLong(answer.get(JAVA_INT, INODE)),
                            state == ESTABLISHED || state == CLIENT_HAS_CLOSED);
                });
    }

    private Optional<Errno> askTcp(
            int family, Set<Integer> ports, int states, Consumer<MemorySegment> each) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment question = arena.allocate(REQUEST_SIZE, 8);
            question.set(JAVA_BYTE, 0, (byte) family);
            question.set(JAVA_BYTE, PROTOCOL, (byte) IPPROTO_TCP);
            question.set(JAVA_INT, STATES, states);
            if (ports.size() == 1) {
                int port = ports.iterator().next();
                question.set(JAVA_BYTE, REQUEST_PORT, (byte) (port >> Byte.SIZE));
                question.set(JAVA_BYTE, REQUEST_PORT + 1, (byte) port);
            }
            return diagnostics.all(question, each);
        }
    }

    /**
     * The clients that wait at a TCP port of this machine, whatever the address, by the kernel's
     * cookies of their connections: one is never given to another connection. In no order. Clients
     * that have hung up meanwhile are among them. Empty if the kernel does not answer.
     */
    public Optional<Set<Long>> waitingAtTcp(int port) {
        Set<Long> cookies = new HashSet<>();
        Consumer<MemorySegment> each =
                answer -> {
                    if (port(answer) == port
                            && answer.get(JAVA_INT, INODE) == 0
                            && cookies.size() < MOST) {
                        cookies.add(cookie(answer));
                    }
                };
        int states = 1 << ESTABLISHED | 1 << CLIENT_HAS_CLOSED;
        Set<Integer> ports = Set.of(port);
        return askTcp(SocketCalls.AF_INET, ports, states, each)
                        .or(() -> askTcp(SocketCalls.AF_INET6, ports, states, each))
                        .isPresent()
                ? Optional.empty()
                : Optional.of(cookies);
    }

    private static long cookie(MemorySegment answer) {
        return Integer.toUnsignedLong(answer.get(JAVA_INT, COOKIE))
                | (long) answer.get(JAVA_INT, COOKIE_END) << Integer.SIZE;
    }

    private static int port(MemorySegment answer) {
        return Byte.toUnsignedInt(answer.get(JAVA_BYTE, PORT)) << Byte.SIZE
                | Byte.toUnsignedInt(answer.get(JAVA_BYTE, PORT + 1));
    }

    @Override
    public void close() {
        diagnostics.close();
    }

    /** What was seen so far. */
    private static final class Tally<K> {
        private final Map<K, Set<Long>> accepted = new HashMap<>();
        private final Map<K, Integer> waiting = new HashMap<>();
        private final boolean seesWaiting;

        Tally(Set<K> listeners, boolean seesWaiting) {
            this.seesWaiting = seesWaiting;
            listeners.forEach(listener -> accepted.put(listener, new HashSet<>()));
        }

        /**
         * Counts a connection.
         *
         * @param mayWait whether it waits if no program has it; else it is one that a program has
         *     closed
         */
        void add(K listener, long inode, boolean mayWait) {
            Set<Long> inodes = accepted.get(listener);
            if (inodes == null || inodes.size() >= MOST) {
                return;
            }
            if (inode != 0) {
                inodes.add(inode);
            } else if (mayWait) {
                waiting.merge(listener, 1, Integer::sum);
            }
        }

        Answer<K> answer(Optional<Errno> failed) {
            if (failed.isPresent()) {
                return new Answer.Failed<>(failed.get());
            }
            return new Answer.Of<>(
                    accepted.keySet().stream()
                            .collect(Collectors.toMap(Function.identity(), this::connections)));
        }

        private Connections connections(K listener) {
            return new Connections(
                    Set.copyOf(accepted.getOrDefault(listener, Set.of())),
                    seesWaiting
                            ? OptionalInt.of(waiting.getOrDefault(listener, 0))
                            : OptionalInt.empty());
        }
    }
}
