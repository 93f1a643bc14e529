package org.procmon.config;

/**
 * The key {@code decisions}: for how long the monitor keeps what operators decided, that is, which
 * processes they stopped and deleted, and how many instances they asked for.
 */
public enum DecisionPolicy {
    /** Over ends and starts of the monitor, until the machine boots. */
    BOOT,
    /** For good; each decision is on disk before it is answered. */
    ALWAYS
}
