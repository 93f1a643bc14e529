package org.procmon.config;

/**
 * The key {@code decisions}: how long the monitor keeps operators' decisions, that is, which
 * processes they stopped and deleted, and how many instances they set.
 */
public enum DecisionPolicy {
    /** Across restarts of the monitor, until the machine boots. */
    BOOT,
    /** Permanently; each decision is on disk before the reply. */
    ALWAYS
}
