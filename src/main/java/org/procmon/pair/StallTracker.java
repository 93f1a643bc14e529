package org.procmon.pair;

import java.time.Duration;
import java.util.Optional;

/**
 * What a backup makes of a primary that does not move, second by second. Counts only seconds in
 * which the primary could have run: not those in which somebody had stopped it, nor those in which
 * this process itself did not run. One thread.
 */
final class StallTracker {
    /** What is to be done. */
    enum Verdict {
        NOTHING,
        /** It is to be said that the primary does not move. */
        REPORT,
        /** It is to be said that the primary was stopped, by somebody who may let it go on. */
        REPORT_STOPPED,
        KILL
    }

    static final Duration LOOK = Duration.ofSeconds(1);

    /** Between two looks; who comes later than this has not run himself. */
    private static final Duration LATE = Duration.ofSeconds(3);

    private static final int REPORTED_AFTER = 10;
    private static final int KILLED_AFTER = 30;

    private final boolean kills;
    private int seconds;
    private int stopped;

    /**
     * @param kills whether the primary is to be killed in the end
     */
    StallTracker(boolean kills) {
        this.kills = kills;
    }

    /**
     * Another look was taken, and it still does not move.
     *
     * @param since how long after the last one
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
