package org.procmon.pool.plan;

/** What is wanted of a pool. */
public enum PoolGoal {
    /** Not decided yet: the pool only takes note of what happens. */
    UNDECIDED,
    /** It serves clients. */
    UP,
    /** An operator has stopped it. */
    STOPPED
}
