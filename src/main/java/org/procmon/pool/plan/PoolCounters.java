package org.procmon.pool.plan;

/**
 * What a pool has done since the monitor started or took over.
 *
 * @param started workers that it started, first and later times; without the restarts by the loop
 * @param idle workers that it stopped since they had nothing to do
 * @param recycled workers that were replaced, or ended with success and were started again
 * @param maxReached how often clients began to wait although the pool had all its workers
 * @param overflows how often a limit of the queue began to refuse clients
 * @param refused clients that were to be refused, for any reason
 */
public record PoolCounters(
        long started, long idle, long recycled, long maxReached, long overflows, long refused) {
    public static final PoolCounters NONE = new PoolCounters(0, 0, 0, 0, 0, 0);

    PoolCounters oneStarted() {
        return new PoolCounters(started + 1, idle, recycled, maxReached, overflows, refused);
    }

    PoolCounters oneIdle() {
        return new PoolCounters(started, idle + 1, recycled, maxReached, overflows, refused);
    }

    PoolCounters oneRecycled() {
        return new PoolCounters(started, idle, recycled + 1, maxReached, overflows, refused);
    }

    PoolCounters onceAtMax() {
        return new PoolCounters(started, idle, recycled, maxReached + 1, overflows, refused);
    }

    PoolCounters oneOverflow() {
        return new PoolCounters(started, idle, recycled, maxReached, overflows + 1, refused);
    }

    PoolCounters refusedMore(int count) {
        return new PoolCounters(started, idle, recycled, maxReached, overflows, refused + count);
    }
}
