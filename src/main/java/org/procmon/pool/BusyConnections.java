package org.procmon.pool;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.socket.ProcessDetails.RunTime;

/**
 * Since when the workers of a pool are busy with each of their connections, known by the inodes of
 * the sockets. A time counts from the first look that has found the connection in work, so it is
 * too short rather than too long. Holds {@link #MOST} connections at most. Thread of the pools.
 */
final class BusyConnections {
    static final int MOST = 4096;

    /**
     * A connection that a worker has accepted.
     *
     * @param since when its present request was first seen
     * @param isKept whether it was idle at the last look: the web server keeps it open
     * @param isReported whether users know that its request is slow
     * @param holder the worker that has it, as far as is known
     */
    record Busy(
            long inode, Ticks since, boolean isKept, boolean isReported, Optional<Holder> holder) {
        Busy keptBy(Holder by, Ticks now) {
            return new Busy(inode, now, true, false, Optional.of(by));
        }

        /** It is in work. One that was idle before has a new request. */
        Busy workedOn(Holder by, Ticks now) {
            return isKept
                    ? new Busy(inode, now, false, false, Optional.of(by))
                    : new Busy(inode, since, false, isReported, Optional.of(holder.orElse(by)));
        }

        Busy reported() {
            return new Busy(inode, since, isKept, true, holder);
        }

        Duration age(Ticks now) {
            return now.since(since);
        }
    }

    /**
     * A worker that has a connection.
     *
     * @param run the number of its run
     * @param runTime its processor time when it was found; empty if not known
     */
    record Holder(int worker, long run, Ticks found, Optional<RunTime> runTime) {}

    private Map<Long, Busy> open = Map.of();

    /** Takes note of all connections that workers have now. */
    void seen(Set<Long> accepted, Ticks now) {
        Map<Long, Busy> next = new HashMap<>();
        for (long inode : accepted) {
            Busy known = open.get(inode);
            if (known != null) {
                next.put(inode, known);
            }
        }
        for (long inode : accepted) {
            if (next.size() >= MOST) {
                break;
            }
            next.computeIfAbsent(inode, _ -> new Busy(inode, now, false, false, Optional.empty()));
        }
        open = next;
    }

    /** Whether any may have a request. */
    boolean hasWork() {
        return open.values().stream().anyMatch(one -> !one.isKept());
    }

    /** Those with a request that has taken so long, and those that are kept. */
    List<Busy> toLookAt(Duration least, Ticks now) {
        return open.values().stream()
                .filter(one -> one.isKept() || one.age(now).compareTo(least) >= 0)
                .toList();
    }

    Optional<Busy> of(long inode) {
        return Optional.ofNullable(open.get(inode));
    }

    void put(Busy changed) {
        open.replace(changed.inode(), changed);
    }
}
