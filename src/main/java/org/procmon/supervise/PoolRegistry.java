package org.procmon.supervise;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.Instance;
import org.procmon.config.NamePattern;
import org.procmon.config.PoolSpec;
import org.procmon.config.ProcessSpec;

/**
 * The pools of the configuration, and which of them operators have stopped. Their workers are
 * processes; the pools themselves decide which of those there are. Loop thread only.
 */
final class PoolRegistry {
    private final Map<String, PoolSpec> pools = new LinkedHashMap<>();
    private final Set<String> stopped;

    /**
     * @param stopped the names of those that an operator has stopped
     */
    PoolRegistry(List<PoolSpec> pools, Set<String> stopped) {
        this.stopped = new HashSet<>(stopped);
        become(pools);
    }

    /**
     * Replaces all pools.
     *
     * @return the names of stopped ones that are no longer there
     */
    Set<String> become(List<PoolSpec> others) {
        pools.clear();
        others.forEach(pool -> pools.put(pool.id(), pool));
        Set<String> gone = new HashSet<>(stopped);
        gone.removeAll(pools.keySet());
        stopped.removeAll(gone);
        return gone;
    }

    /** In the order of the configuration. */
    List<PoolSpec> all() {
        return List.copyOf(pools.values());
    }

    Optional<PoolSpec> find(String name) {
        return Optional.ofNullable(pools.get(name));
    }

    /** Those that a name or a pattern given by a user matches. */
    List<PoolSpec> matching(String name) {
        if (pools.isEmpty()) {
            return List.of();
        }
        NamePattern pattern = NamePattern.of(name);
        return pools.values().stream().filter(pool -> pattern.matches(pool.id())).toList();
    }

    /** The specification of a worker of this name; empty if no pool has such workers. */
    Optional<ProcessSpec> worker(String name) {
        return pools.isEmpty()
                ? Optional.empty()
                : Instance.named(name)
                        .flatMap(worker ->
                                find(worker.group()).map(pool -> pool.worker(worker.number())));
    }

    /** Whether a worker may be started now. */
    boolean wants(ProcessSpec worker) {
        return worker.instance()
                .filter(one -> pools.containsKey(one.group()) && !stopped.contains(one.group()))
                .isPresent();
    }

    /** The names of those that an operator has stopped. */
    Set<String> stopped() {
        return Set.copyOf(stopped);
    }

    /** Marks a pool as stopped by an operator, or as started again; false if it already is. */
    boolean mark(PoolSpec pool, boolean isUp) {
        return isUp ? stopped.remove(pool.id()) : stopped.add(pool.id());
    }
}
