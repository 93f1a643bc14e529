package org.procmon.config;

/** The key {@code restart}: when a process that exits without a command is restarted. */
public enum RestartPolicy {
    ALWAYS,
    ON_FAILURE,
    /** Runs to completion. */
    NEVER
}
