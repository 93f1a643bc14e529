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
    /** Its schedule stops or restarts it. */
    SCHEDULE,
    /** A file that is watched for it has changed. */
    WATCH,
    /** Its leader ended by itself; what is left of its group has to go before the next run. */
    ENDED
}
