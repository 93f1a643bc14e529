package org.procmon.pool;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.procmon.config.PoolSpec;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.listen.Listeners;
import org.procmon.pool.listen.OpenListener;
import org.procmon.posix.Poller;

/**
 * The clients of all pools: which listeners are watched until a client waits, who waits there, and
 * which connections workers have. Thread of the pools.
 */
final class PoolWatch implements AutoCloseable {
    private final Listeners listeners;
    private final Poller poller;
    private final ListenerWatch kernel = new ListenerWatch();

    /** The keys of watched listeners in the poller, by their names. */
    private final Map<String, Integer> keys = new HashMap<>();

    /** The pools of these keys. */
    private final Map<Integer, String> watched = new HashMap<>();

    private int nextKey;

    /** The names that accepted Unix sockets carry. */
    private Set<String> unixNames = Set.of();

    PoolWatch(Listeners listeners, Poller poller) {
        this.listeners = listeners;
        this.poller = poller;
    }

    /** Takes note of the listeners that are open now. */
    void follow() {
        Set<String> names =
                listeners.all().stream().map(OpenListener::name).collect(Collectors.toSet());
        kernel.keepOnly(names);
        keys.keySet().removeIf(name -> !names.contains(name));
        watched.keySet().retainAll(keys.values());
        unixNames =
                listeners.all().stream()
                        .filter(OpenListener::isUnix)
                        .map(OpenListener::boundName)
                        .collect(Collectors.toSet());
    }

    /** Watches the listeners of a pool until a client waits. */
    void arm(PoolSpec pool) {
        for (OpenListener listener : listeners.of(pool)) {
            int key = keys.computeIfAbsent(listener.name(), _ -> nextKey++);
            watched.put(key, pool.id());
            if (!poller.rearm(listener.socket(), key)) {
                var _ = poller.addOnce(listener.socket(), key);
            }
        }
    }

    /** The pool whose listener has this key; "" if it is gone. */
    String poolOf(int key) {
        return watched.getOrDefault(key, "");
    }

    /** The clients that wait for any worker of a pool. */
    ListenerWatch.Queue queue(PoolSpec pool, Ticks now) {
        boolean hasAges = pool.queue().timeout().isPresent();
        return listeners.of(pool).stream()
                .map(listener -> kernel.queue(listener, hasAges, now))
                .reduce(ListenerWatch.Queue.EMPTY, ListenerWatch.Queue::and);
    }

    /** Which clients wait for any worker of a pool. */
    ListenerWatch.Clients clients(PoolSpec pool) {
        return listeners.of(pool).stream()
                .map(kernel::clients)
                .reduce(ListenerWatch.Clients.NONE, ListenerWatch.Clients::and);
    }

    /** The connections of its listeners that the workers of a pool have, as inodes. */
    Set<Long> accepted(PoolSpec pool, Ticks now) {
        return kernel.accepted(listeners.of(pool), unixNames, now);
    }

    /** The same, and those of listeners that get no further clients. */
    Set<Long> connections(PoolSpec pool, Ticks now) {
        return kernel.accepted(listeners.withLeaving(pool), unixNames, now);
    }

    /** The kernel is asked again the next time. */
    void forget() {
        kernel.forget();
    }

    /**
     * Whether clients wait in a listener that only some workers have.
     *
     * @param inode its number
     */
    boolean hasClients(long inode) {
        return kernel.hasClients(inode, listeners.leaving(inode));
    }

    @Override
    public void close() {
        kernel.close();
    }
}
