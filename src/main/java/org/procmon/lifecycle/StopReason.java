package org.procmon.lifecycle;

/** Why a process is down, or its run is being ended. */
public enum StopReason {
    /** Nothing has asked for it since the monitor began. */
    NEVER_STARTED,
    /** The configuration says {@code skip}. */
    SKIPPED,
    /** A command stopped it. */
    OPERATOR,
    /** The monitor is shutting down. */
    SHUTDOWN,
    /** A command restarts it. */
    RESTART,
    /** What it depends on was restarted. */
    PARENT_RESTART,
    /** Its configuration has changed. */
    RECONFIGURED,
    /** It is no longer in the configuration. */
    REMOVED,
    /** It was not ready in time, so its start has failed. */
    NOT_READY,
    /** Looking at it showed too often in a row that it does not work. */
    UNHEALTHY,
    /** It gave no sign of life in time. */
    WATCHDOG,
    /** A run of it has lasted as long as one may; another takes its place. */
    MAX_RUNTIME,
    /** A run that is not to be repeated has lasted longer than it may. */
    OVERDUE,
    /** Its group had more memory than it may. */
    MEMORY,
    /** Its schedule stops or restarts it. */
    SCHEDULE,
    /** A file that is watched for it has changed. */
    WATCH,
    /** Its leader ended by itself; what is left of its group has to go before the next run. */
    ENDED;

    /** Whether a run that is ended for this counts as one that ended badly. */
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
                    MAX_RUNTIME,
                    SCHEDULE,
                    WATCH,
                    ENDED ->
                    false;
        };
    }

    /** Whether it says of what is down already why it stays so. */
    boolean isLasting() {
        return this == OPERATOR || this == SKIPPED || this == NEVER_STARTED;
    }
}
