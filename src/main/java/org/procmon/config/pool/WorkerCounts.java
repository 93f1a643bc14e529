package org.procmon.config.pool;

import java.util.Optional;

/**
 * The key {@code workers}. From {@code min} to {@code max}; equal in a static pool.
 *
 * @param min how many there always are
 * @param max how many there may be
 * @param spareMin how many idle ones a dynamic pool keeps ready, if {@code max} allows it; 0 in
 *     others
 * @param spareMax how many idle ones a dynamic pool keeps at most; {@code max} in others
 * @param share the cap that it has together with other pools, if there is one
 */
public record WorkerCounts(
        int min, int max, int spareMin, int spareMax, Optional<WorkerShare> share) {
    /** The most workers of a pool. */
    public static final int MOST = 1000;

    /** Those of a pool without a share. */
    public WorkerCounts(int min, int max, int spareMin, int spareMax) {
        this(min, max, spareMin, spareMax, Optional.empty());
    }

    /** The same as a part of a share. */
    public WorkerCounts of(WorkerShare some) {
        return new WorkerCounts(min, max, spareMin, spareMax, Optional.of(some));
    }

    /**
     * These with another maximum; what exceeds it is cut to it. If as many idle ones are kept as
     * there may be, that stays so.
     *
     * @param isFixed whether there are always as many as there may be
     */
    public WorkerCounts scaled(int most, boolean isFixed) {
        return new WorkerCounts(
                isFixed ? most : Math.min(min, most),
                most,
                Math.min(spareMin, most),
                spareMax == max ? most : Math.min(spareMax, most),
                share);
    }
}
