package org.procmon.pool.plan;

/** What a worker does, as its pool sees it. */
public enum WorkerPhase {
    /** It is being started and was not yet seen waiting in accept. */
    STARTING,
    /** It was seen waiting in accept. */
    READY,
    /** It failed; the loop restarts it after a delay. */
    BACKING_OFF,
    /** It exited with success; the loop does not restart it. */
    ENDED,
    /** It failed too often, and the loop has given up. */
    FAILED,
    /** It is being stopped. */
    RETIRING,
    /** An operator has stopped this worker. Only an operator starts it again. */
    HELD;

    /** Whether it is a process, or becomes one without the pool. */
    boolean isLive() {
        return this == STARTING || this == READY || this == BACKING_OFF;
    }
}
