package org.procmon.pool;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.procmon.lifecycle.Ticks;

/**
 * Since when clients wait in a queue, known by numbers of their sockets. A client counts from the
 * first look that has found it. Holds no more than the queue does. Thread of the pools.
 */
final class QueueAges {
    /** The number of any client that has hung up: its age is not known. */
    private static final long HUNG_UP = 0;

    private Map<Long, Ticks> firstSeen = Map.of();

    /**
     * Takes note of the clients that wait now.
     *
     * @return how long one of them has waited at most; empty if none waits. Clients that have hung
     *     up count only if all have
     */
    Optional<Duration> seen(Collection<Long> clients, Ticks now) {
        Map<Long, Ticks> next = new HashMap<>();
        for (long client : clients) {
            next.put(client, firstSeen.getOrDefault(client, now));
        }
        firstSeen = next;
        return next.entrySet().stream()
                .filter(client -> client.getKey() != HUNG_UP || next.size() == 1)
                .map(Map.Entry::getValue)
                .min(Ticks::compareTo)
                .map(now::since);
    }
}
