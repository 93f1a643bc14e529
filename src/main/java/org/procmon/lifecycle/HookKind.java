package org.procmon.lifecycle;

/** The hooks that a process waits for. */
public enum HookKind {
    /** Decides whether a run may start. */
    BEFORE_START("before_start"),
    /** Cleans up after a run. */
    AFTER_STOP("after_stop");

    private final String key;

    HookKind(String key) {
        this.key = key;
    }

    /** Its key in the configuration. */
    public String key() {
        return key;
    }
}
