package org.procmon.spec;

/**
 * The key {@code orphans}: what becomes of a running process that the configuration no longer has
 * when a monitor takes over.
 */
public enum OrphanPolicy {
    STOP,
    KEEP
}
