package org.procmon.pair;

/** The exit codes of a monitor. */
public final class MonitorExit {
    /** It could not start. */
    public static final int FAILED = 1;

    /** A thread that the monitor needs has failed. */
    public static final int BUG = 70;

    private MonitorExit() {}
}
