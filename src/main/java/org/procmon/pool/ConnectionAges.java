package org.procmon.pool;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.lifecycle.Ticks;

/**
 * Since when workers have their connections, known by the inodes of the sockets. The kernel does
 * not tell it. It is known of a connection that one look has not found and the next one has, if
 * that was not long after. Then the time counts from the second look, so it is too short by {@link
 * #LONGEST_GAP} at most. Holds {@link #MOST} connections of a pool at most. Thread of the pools.
 */
final class ConnectionAges {
    static final int MOST = 4096;
    static final Duration LONGEST_GAP = Duration.ofSeconds(5);

    /**
     * A look at the connections of a pool.
     *
     * @param open those that were found, and since when they are open if that is known
     * @param isComplete whether there were no more
     */
    private record Look(Ticks at, Map<Long, Optional<Ticks>> open, boolean isComplete) {}

    private final Map<String, Look> looks = new HashMap<>();

    /** Takes note of all connections that the workers of a pool have now. */
    void seen(String pool, Set<Long> accepted, Ticks now) {
        Look before = looks.get(pool);
        Map<Long, Optional<Ticks>> open = new HashMap<>();
        for (long inode : accepted) {
            if (open.size() < MOST) {
                open.put(inode, since(before, inode, now));
            }
        }
        looks.put(pool, new Look(now, open, open.size() == accepted.size()));
    }

    private static Optional<Ticks> since(@Nullable Look before, long inode, Ticks now) {
        if (before == null) {
            return Optional.empty();
        }
        Optional<Ticks> known = before.open.get(inode);
        if (known != null) {
            return known;
        }
        boolean isNew = before.isComplete && now.since(before.at).compareTo(LONGEST_GAP) <= 0;
        return isNew ? Optional.of(now) : Optional.empty();
    }

    /** Since when a connection is open; empty if that is not known. */
    Optional<Ticks> since(String pool, long inode) {
        Look last = looks.get(pool);
        return last == null ? Optional.empty() : last.open.getOrDefault(inode, Optional.empty());
    }

    /** Forgets the pools that are not among these. */
    void keepOnly(Set<String> pools) {
        looks.keySet().retainAll(pools);
    }
}
