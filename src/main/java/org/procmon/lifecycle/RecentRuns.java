package org.procmon.lifecycle;

import java.util.ArrayList;
import java.util.List;

/**
 * The latest runs of a process that has a schedule.
 *
 * @param runs how they exited, the oldest first; at most ten
 * @param skipped how many starts were skipped because the last run was still up
 * @param queued whether a start waits for the end of the last run
 */
public record RecentRuns(List<RunExit> runs, long skipped, boolean queued) {
    public static final RecentRuns EMPTY = new RecentRuns(List.of(), 0);

    /** How many runs are kept. */
    public static final int LONGEST = 10;

    public RecentRuns {
        runs = List.copyOf(runs);
    }

    /** With no queued start. */
    public RecentRuns(List<RunExit> runs, long skipped) {
        this(runs, skipped, false);
    }

    RecentRuns with(RunExit exit) {
        List<RunExit> latest =
                new ArrayList<>(runs.subList(Math.max(0, runs.size() - LONGEST + 1), runs.size()));
        latest.add(exit);
        return new RecentRuns(latest, skipped, queued);
    }

    RecentRuns withSkipped() {
        return new RecentRuns(runs, skipped + 1, queued);
    }

    RecentRuns withQueued(boolean waits) {
        return waits == queued ? this : new RecentRuns(runs, skipped, waits);
    }
}
