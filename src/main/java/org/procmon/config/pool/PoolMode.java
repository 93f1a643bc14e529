package org.procmon.config.pool;

/** The key {@code mode}: when workers are started. */
public enum PoolMode {
    /** All at once, and always. */
    STATIC,
    /** Some at once, more while clients wait. */
    DYNAMIC,
    /** None before a client waits. */
    ON_DEMAND
}
