package org.procmon.pool;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.procmon.bytes.BytePath;
import org.procmon.config.PoolSpec;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.listen.Listeners;
import org.procmon.pool.listen.OpenListener;
import org.procmon.posix.Poller;
import org.procmon.posix.socket.OneShotWatch;

/**
 * The clients of all pools: which listeners are watched until a client waits, who waits there, and
 * which connections workers have. Thread of the pools.
 */
final class PoolWatch implements AutoCloseable {
    /** More listeners than twice those of the start are watched by entries of the poller. */
    private static final int LEAST_PLACES = 64;

    private final Listeners listeners;
    private final Poller poller;
    private final int reports;
    private final ListenerWatch kernel = new ListenerWatch();

    /** The keys of watched listeners, by their inodes. */
    private final Map<Long, Integer> keys = new HashMap<>();

    /** The pools of these keys. */
    private final Map<Integer, String> watched = new HashMap<>();

    private int nextKey;

    /** Where the kernel has no such thing, entries of the poller do it. */
    private @Nullable OneShotWatch once;

    private boolean hasTried;

    /** The names that accepted Unix sockets carry. */
    private Set<String> unixNames = Set.of();

    /**
     * @param reports the key that the poller reports when {@link #reported} has something; those of
     *     listeners are below
     */
    PoolWatch(Listeners listeners, Poller poller, int reports) {
        this.listeners = listeners;
        this.poller = poller;
        this.reports = reports;
    }

    /** Takes note of the listeners that are open now, and of those that workers open. */
    void follow(List<PoolSpec> pools) {
        Set<String> names =
                listeners.all().stream().map(OpenListener::name).collect(Collectors.toSet());
        kernel.keepOnly(names);
        // Also those that get no further clients: nothing may hold them when they are closed.
        Set<Long> open =
                listeners.open().stream().map(OpenListener::inode).collect(Collectors.toSet());
        keys.forEach((inode, key) -> {
            if (!open.contains(inode) && once != null) {
                once.disarm(key);
            }
        });
        keys.keySet().retainAll(open);
        watched.keySet().retainAll(keys.values());
        unixNames =
                listeners.all().stream()
                        .filter(OpenListener::isUnix)
                        .map(OpenListener::boundName)
                        .collect(Collectors.toSet());
        // The kernel is asked for all at once.
        pools.stream()
                .filter(pool -> pool.bell().isPresent())
                .forEach(pool -> unixNames.addAll(names(pool)));
    }

    /** Watches the listeners of a pool until a client waits. */
    void arm(PoolSpec pool) {
        for (OpenListener listener : listeners.of(pool)) {
            int key = keys.computeIfAbsent(listener.inode(), _ -> nextKey++);
            watched.put(key, pool.id());
            OneShotWatch watch = once();
            if ((watch == null || !watch.arm(listener.socket(), key))
                    && !poller.rearm(listener.socket(), key)) {
                var _ = poller.addOnce(listener.socket(), key);
            }
        }
    }

    private @Nullable OneShotWatch once() {
        if (!hasTried) {
            hasTried = true;
            int places = Math.max(LEAST_PLACES, 2 * listeners.open().size());
            OneShotWatch.open(places)
                    .ifPresent(opened -> {
                        var _ = poller.add(opened.descriptor(), reports);
                        once = opened;
                    });
        }
        return once;
    }

    /** Whether the poller has reported that {@link #reported} has something. */
    boolean hasReports(int key) {
        return key == reports;
    }

    /** The keys of listeners that a client has come to. */
    List<Integer> reported() {
        return once == null ? List.of() : once.reported();
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
        return pool.bell().isPresent()
                ? kernel.acceptedAt(names(pool), unixNames, now)
                : kernel.accepted(listeners.of(pool), unixNames, now);
    }

    /** Those of the sockets that its workers open themselves. */
    private static Set<String> names(PoolSpec pool) {
        return pool.ownSockets().stream().map(BytePath::text).collect(Collectors.toSet());
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
        if (once != null) {
            once.close();
            once = null;
        }
        kernel.close();
    }
}
