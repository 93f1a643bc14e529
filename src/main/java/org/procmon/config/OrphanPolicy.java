package org.procmon.config;

/**
 * The key {@code orphans}: what happens to a process that still runs when a monitor takes over, but
 * is no longer in the configuration.
 */
public enum OrphanPolicy {
    STOP,
    KEEP
}
