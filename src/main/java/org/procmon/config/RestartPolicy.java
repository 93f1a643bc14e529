package org.procmon.config;

/** The key {@code restart}: when a run that has ended by itself is followed by another. */
public enum RestartPolicy {
    ALWAYS,
    ON_FAILURE,
    /** Runs to completion. */
    NEVER
}
