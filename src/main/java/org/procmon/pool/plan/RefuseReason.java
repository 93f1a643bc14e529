package org.procmon.pool.plan;

/** Why a client that waits gets 503. */
public enum RefuseReason {
    /** More clients wait than {@code queue.max}, and no worker can be started. */
    QUEUE_FULL,
    /** It has waited for {@code queue.timeout}. */
    WAITED_TOO_LONG,
    /** All workers have failed, and none can be started now. */
    ALL_FAILED,
    /** An operator has stopped the pool. */
    STOPPED;

    /** Whether a limit of the queue is the reason. */
    boolean isOverflow() {
        return this == QUEUE_FULL || this == WAITED_TOO_LONG;
    }
}
