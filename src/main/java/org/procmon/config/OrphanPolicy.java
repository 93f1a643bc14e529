package org.procmon.config;

/**
 * The key {@code orphans}: what becomes of a process that still runs when a monitor takes over, but
 * that the configuration no longer names.
 */
public enum OrphanPolicy {
    STOP,
    KEEP
}
