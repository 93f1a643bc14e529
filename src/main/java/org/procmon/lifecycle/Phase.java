package org.procmon.lifecycle;

import java.util.Locale;

/** The name of a state on the wire; these names are stable. */
public enum Phase {
    STOPPED,
    WAITING,
    STARTING,
    RUNNING,
    STOPPING,
    BACKOFF,
    COMPLETED,
    FAILED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in lower case, as clients see it. */
    public String wireName() {
        return wireName;
    }

    /** Whether a run or its process group is alive; upstream calls this running. */
    public boolean isAlive() {
        return switch (this) {
            case STARTING, RUNNING, STOPPING -> true;
            case STOPPED, WAITING, BACKOFF, COMPLETED, FAILED -> false;
        };
    }
}
