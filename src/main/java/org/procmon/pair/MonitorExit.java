package org.procmon.pair;

/** What a monitor exits with. */
public final class MonitorExit {
    /** It could not start. */
    public static final int FAILED = 1;

    /** A thread that it needs has failed. */
    public static final int BUG = 70;

    private MonitorExit() {}
}
