package org.procmon.pool.plan;

/** Why a worker is stopped. */
public enum RetireReason {
    /**
     * The pool had more workers than it used, for {@code idle_timeout}; or another pool of its
     * share wanted one.
     */
    IDLE,
    /** It is older than {@code recycle.age}. */
    AGE,
    /** It uses more memory than {@code recycle.memory}. */
    MEMORY,
    /** It was started with an older configuration or program. */
    OUTDATED,
    /** The configuration allows fewer workers. */
    SCALE,
    /** An operator has stopped the pool. */
    STOPPED,
    /** It ended or failed, and the pool does not need it. */
    NOT_NEEDED;

    /** Whether only one worker of a pool at a time may be stopped for this reason. */
    public boolean isGentle() {
        return this == IDLE || isRecycling();
    }

    /** Whether another worker takes its place. */
    public boolean isRecycling() {
        return this == AGE || this == MEMORY || this == OUTDATED;
    }
}
