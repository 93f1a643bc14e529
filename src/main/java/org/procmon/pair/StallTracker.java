package org.procmon.pair;

import java.time.Duration;
import java.util.Optional;

/**
 * A backup's verdict on a primary that does not move, second by second. Counts only seconds in
 * which the primary could have run: not those in which it was stopped, nor those in which this
 * process itself did not run. One thread.
 */
final class StallTracker {
    /** What to do. */
    enum Verdict {
        NOTHING,
        /** Report that the primary does not move. */
        REPORT,
        /** Report that the primary was stopped; the user who stopped it may continue it. */
        REPORT_STOPPED,
        KILL
    }

    static final Duration LOOK = Duration.ofSeconds(1);

    /** Between two checks; if more time has passed, this process itself did not run. */
    private static final Duration LATE = Duration.ofSeconds(3);

    private static final int REPORTED_AFTER = 10;
    private static final int KILLED_AFTER = 30;

    private final boolean kills;
    private int seconds;
    private int stopped;

    /**
     * @param kills whether to kill the primary in the end
     */
    StallTracker(boolean kills) {
        this.kills = kills;
    }

    /**
     * Another check was made, and the primary still does not move.
     *
     * @param since the time since the last check
     * @param isStopped why it cannot run, if it cannot
     */
    Verdict look(Duration since, Optional<String> isStopped) {
        if (isStopped.isPresent()) {
            seconds = 0;
            stopped++;
            return stopped == REPORTED_AFTER ? Verdict.REPORT_STOPPED : Verdict.NOTHING;
        }
        stopped = 0;
        if (since.compareTo(LATE) >= 0) {
            return Verdict.NOTHING;
        }
        seconds++;
        if (kills && seconds >= KILLED_AFTER) {
            seconds = 0;
            return Verdict.KILL;
        }
        return seconds == REPORTED_AFTER ? Verdict.REPORT : Verdict.NOTHING;
    }
}
