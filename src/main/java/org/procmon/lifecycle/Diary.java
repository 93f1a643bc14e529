package org.procmon.lifecycle;

import java.util.ArrayList;
import java.util.List;

/**
 * The latest runs of a process that has a schedule.
 *
 * @param runs how they ended, the oldest first; at most ten
 * @param skipped how many starts were left out, since the last run was still going
 * @param queued whether a start waits for the end of the last run
 */
public record Diary(List<RunExit> runs, long skipped, boolean queued) {
    public static final Diary EMPTY = new Diary(List.of(), 0);

    /** How many runs are kept. */
    public static final int LONGEST = 10;

    public Diary {
        runs = List.copyOf(runs);
    }

    /** With no start that waits. */
    public Diary(List<RunExit> runs, long skipped) {
        this(runs, skipped, false);
    }

    Diary with(RunExit exit) {
        List<RunExit> latest =
                new ArrayList<>(runs.subList(Math.max(0, runs.size() - LONGEST + 1), runs.size()));
        latest.add(exit);
        return new Diary(latest, skipped, queued);
    }

    Diary withSkipped() {
        return new Diary(runs, skipped + 1, queued);
    }

    Diary withQueued(boolean waits) {
        return waits == queued ? this : new Diary(runs, skipped, waits);
    }
}
