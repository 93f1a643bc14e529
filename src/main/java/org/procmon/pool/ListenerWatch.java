package org.procmon.pool;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.listen.OpenListener;
import org.procmon.posix.socket.AcceptQueue;
import org.procmon.posix.socket.AcceptedConnections;
import org.procmon.posix.socket.AcceptedConnections.Answer;
import org.procmon.posix.socket.AcceptedConnections.Connections;

/**
 * What the kernel knows of listeners: the clients that wait, and the connections that workers have.
 * The sockets for asking are opened when they are first needed. Thread of the pools.
 */
final class ListenerWatch implements AutoCloseable {
    /** A pool asks for itself, but the kernel answers for all at once. */
    private static final Duration FRESH = Duration.ofMillis(2);

    private @Nullable AcceptQueue queues;
    private @Nullable AcceptedConnections connections;
    private final Map<String, QueueAges> ages = new HashMap<>();
    private Map<String, Connections> unix = Map.of();
    private Optional<Ticks> asked = Optional.empty();
    private Set<String> askedFor = Set.of();

    /**
     * A queue.
     *
     * @param clients how many wait
     * @param oldest how long the first of them has waited; empty if none waits or it is not known
     */
    record Queue(int clients, Optional<Duration> oldest) {
        static final Queue EMPTY = new Queue(0, Optional.empty());

        Queue and(Queue other) {
            Optional<Duration> longest =
                    oldest.isPresent() && other.oldest.isPresent()
                            ? Optional.of(max(oldest.get(), other.oldest.get()))
                            : oldest.or(other::oldest);
            return new Queue(clients + other.clients, longest);
        }

        private static Duration max(Duration a, Duration b) {
            return a.compareTo(b) >= 0 ? a : b;
        }
    }

    /**
     * The clients that wait in a listener now.
     *
     * @param hasAges whether their ages are wanted where they are expensive: for TCP, the kernel
     *     looks through all connections of the machine
     */
    Queue queue(OpenListener listener, boolean hasAges, Ticks now) {
        if (!listener.isUnix()) {
            return tcpQueue(listener, hasAges, now);
        }
        AcceptQueue kernel = queues();
        if (kernel != null
                && kernel.clientsOfUnix(listener.inode())
                        instanceof AcceptQueue.Clients.Waiting(List<Long> clients)) {
            Optional<Duration> oldest = ages(listener).seen(clients, now);
            return new Queue(clients.size(), oldest);
        }
        return Queue.EMPTY;
    }

    /**
     * The clients of a queue.
     *
     * @param waiting by numbers that no other client gets; of a Unix socket, the first comes first
     * @param hungUp how many have hung up, and are not among those
     */
    record Clients(Set<Long> waiting, int hungUp) {
        static final Clients NONE = new Clients(Set.of(), 0);

        Clients and(Clients other) {
            Set<Long> all = new LinkedHashSet<>(waiting);
            all.addAll(other.waiting);
            return new Clients(all, hungUp + other.hungUp);
        }
    }

    /** Which clients wait in a listener now. */
    Clients clients(OpenListener listener) {
        if (!listener.isUnix()) {
            return tcpClients(listener);
        }
        AcceptQueue kernel = queues();
        if (kernel != null
                && kernel.clientsOfUnix(listener.inode())
                        instanceof AcceptQueue.Clients.Waiting(List<Long> inodes)) {
            Set<Long> waiting = new LinkedHashSet<>(inodes);
            waiting.remove(0L);
            return new Clients(waiting, inodes.size() - waiting.size());
        }
        return Clients.NONE;
    }

    private Clients tcpClients(OpenListener listener) {
        if (!(AcceptQueue.ofTcp(listener.socket())
                        instanceof AcceptQueue.Length.Waiting(int length, int _))
                || length == 0) {
            return Clients.NONE;
        }
        AcceptedConnections kernel = connections();
        Set<Long> waiting =
                kernel == null ? Set.of() : kernel.waitingAtTcp(listener.port()).orElse(Set.of());
        return new Clients(waiting, Math.max(0, length - waiting.size()));
    }

    private Queue tcpQueue(OpenListener listener, boolean hasAges, Ticks now) {
        if (!(AcceptQueue.ofTcp(listener.socket())
                instanceof AcceptQueue.Length.Waiting(int clients, int _))) {
            return Queue.EMPTY;
        }
        return new Queue(clients, hasAges ? oldestOfTcp(listener, clients, now) : Optional.empty());
    }

    private Optional<Duration> oldestOfTcp(OpenListener listener, int clients, Ticks now) {
        AcceptedConnections kernel = clients > 0 ? connections() : null;
        Set<Long> waiting =
                kernel == null ? Set.of() : kernel.waitingAtTcp(listener.port()).orElse(Set.of());
        return ages(listener).seen(waiting, now);
    }

    private QueueAges ages(OpenListener listener) {
        return ages.computeIfAbsent(listener.name(), _ -> new QueueAges());
    }

    /**
     * Whether clients wait in a listener that only some workers have.
     *
     * @param inode its number
     * @param listener the same, if this process has it too; without it, clients over TCP are not
     *     seen
     */
    boolean hasClients(long inode, Optional<OpenListener> listener) {
        if (listener.filter(known -> !known.isUnix()).isPresent()) {
            return AcceptQueue.ofTcp(listener.get().socket())
                            instanceof AcceptQueue.Length.Waiting(int clients, int _)
                    && clients > 0;
        }
        AcceptQueue kernel = queues();
        return kernel != null
                && kernel.ofUnix(inode) instanceof AcceptQueue.Length.Waiting(int clients, int _)
                && clients > 0;
    }

    /** Forgets the listeners that are not among these. */
    void keepOnly(Set<String> names) {
        ages.keySet().retainAll(names);
    }

    /** The connections that workers have accepted from these listeners, as inodes. */
    Set<Long> accepted(List<OpenListener> listeners, Set<String> allUnix, Ticks now) {
        AcceptedConnections kernel = connections();
        if (kernel == null) {
            return Set.of();
        }
        Set<Long> inodes = new HashSet<>();
        Set<Integer> ports = new HashSet<>();
        for (OpenListener listener : listeners) {
            if (listener.isUnix()) {
                askUnix(kernel, allUnix, now);
                Connections found = unix.get(listener.boundName());
                inodes.addAll(found == null ? Set.of() : found.accepted());
            } else {
                ports.add(listener.port());
            }
        }
        if (!ports.isEmpty()
                && kernel.ofTcp(ports)
                        instanceof Answer.Of<Integer>(Map<Integer, Connections> tcp)) {
            tcp.values().forEach(found -> inodes.addAll(found.accepted()));
        }
        return inodes;
    }

    /** The connections that workers have accepted from Unix sockets of these names, as inodes. */
    Set<Long> acceptedAt(Set<String> names, Set<String> allUnix, Ticks now) {
        AcceptedConnections kernel = connections();
        if (kernel == null) {
            return Set.of();
        }
        askUnix(kernel, allUnix, now);
        return names.stream()
                .flatMap(name -> Optional.ofNullable(unix.get(name)).stream())
                .flatMap(found -> found.accepted().stream())
                .collect(Collectors.toSet());
    }

    /** Asks the kernel again the next time. */
    void forget() {
        asked = Optional.empty();
    }

    private void askUnix(AcceptedConnections kernel, Set<String> names, Ticks now) {
        boolean isFresh =
                asked.filter(at -> now.since(at).compareTo(FRESH) < 0).isPresent()
                        && askedFor.equals(names);
        if (!isFresh
                && kernel.ofUnix(names)
                        instanceof Answer.Of<String>(Map<String, Connections> found)) {
            unix = found;
            asked = Optional.of(now);
            askedFor = names;
        }
    }

    private @Nullable AcceptQueue queues() {
        if (queues == null
                && AcceptQueue.open() instanceof AcceptQueue.Opening.Opened(AcceptQueue opened)) {
            queues = opened;
        }
        return queues;
    }

    private @Nullable AcceptedConnections connections() {
        if (connections == null
                && AcceptedConnections.open()
                        instanceof AcceptedConnections.Opening.Opened(AcceptedConnections opened)) {
            connections = opened;
        }
        return connections;
    }

    @Override
    public void close() {
        if (queues != null) {
            queues.close();
            queues = null;
        }
        if (connections != null) {
            connections.close();
            connections = null;
        }
    }
}
