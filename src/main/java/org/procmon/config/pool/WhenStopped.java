package org.procmon.config.pool;

/** The key {@code when_stopped}. */
public enum WhenStopped {
    /** Clients get 503. */
    REFUSE,
    /** Clients wait until the pool is started. */
    WAIT
}
