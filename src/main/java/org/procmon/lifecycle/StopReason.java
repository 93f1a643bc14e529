package org.procmon.lifecycle;

/** Why a process is down, or its run is being stopped. */
public enum StopReason {
    /** Never started since the monitor started. */
    NEVER_STARTED,
    /** The configuration says {@code skip}. */
    SKIPPED,
    /** A command stopped it. */
    OPERATOR,
    /** The monitor is shutting down. */
    SHUTDOWN,
    /** A command restarts it. */
    RESTART,
    /** A dependency was restarted. */
    PARENT_RESTART,
    /** Its configuration has changed. */
    RECONFIGURED,
    /** It is no longer in the configuration. */
    REMOVED,
    /** Its pool no longer needs it. */
    RETIRED,
    /** It was not ready in time, so its start has failed. */
    NOT_READY,
    /** Too many health probes in a row failed. */
    UNHEALTHY,
    /** It sent no watchdog signal in time. */
    WATCHDOG,
    /** A run reached its maximum runtime; another takes its place. */
    MAX_RUNTIME,
    /** A run of a process that is not restarted exceeded its maximum runtime. */
    OVERDUE,
    /** Its group exceeded its memory limit. */
    MEMORY,
    /** Its schedule stops or restarts it. */
    SCHEDULE,
    /** A watched file has changed. */
    WATCH,
    /** Its leader exited by itself; the rest of its group has to exit before the next run. */
    ENDED;

    /** Whether a run stopped for this reason counts as a failure. */
    public boolean isFailure() {
        return switch (this) {
            case NOT_READY, UNHEALTHY, WATCHDOG, OVERDUE, MEMORY -> true;
            case NEVER_STARTED,
                    SKIPPED,
                    OPERATOR,
                    SHUTDOWN,
                    RESTART,
                    PARENT_RESTART,
                    RECONFIGURED,
                    REMOVED,
                    RETIRED,
                    MAX_RUNTIME,
                    SCHEDULE,
                    WATCH,
                    ENDED ->
                    false;
        };
    }

    /** Whether the reason of a process that is down already explains why it stays down. */
    boolean isLasting() {
        return this == OPERATOR || this == SKIPPED || this == NEVER_STARTED;
    }
}
