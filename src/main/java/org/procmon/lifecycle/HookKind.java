package org.procmon.lifecycle;

/** The hooks whose ends a process waits for. */
public enum HookKind {
    /** Decides whether a run is started. */
    BEFORE_START("before_start"),
    /** Tidies up after a run. */
    AFTER_STOP("after_stop");

    private final String key;

    HookKind(String key) {
        this.key = key;
    }

    /** As the configuration calls it. */
    public String key() {
        return key;
    }
}
