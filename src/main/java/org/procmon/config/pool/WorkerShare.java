package org.procmon.config.pool;

/**
 * The key {@code share}: a cap that several pools have together.
 *
 * @param name of an entry of {@code shares}
 * @param most how many workers these pools may have in all
 */
public record WorkerShare(String name, int most) {
    /** The most workers of a share. */
    public static final int MOST = 100_000;
}
