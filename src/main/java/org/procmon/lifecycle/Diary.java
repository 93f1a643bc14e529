package org.procmon.lifecycle;

import java.util.ArrayList;
import java.util.List;

/**
 * The latest runs of a process that has a schedule.
 *
 * @param runs how they ended, the oldest first; at most ten
 * @param skipped how many starts were left out, since the last run was still going
 */
public record Diary(List<RunExit> runs, long skipped) {
    public static final Diary EMPTY = new Diary(List.of(), 0);

    /** How many runs are kept. */
    public static final int LONGEST = 10;

    public Diary {
        runs = List.copyOf(runs);
    }

    Diary with(RunExit exit) {
        List<RunExit> latest =
                new ArrayList<>(runs.subList(Math.max(0, runs.size() - LONGEST + 1), runs.size()));
        latest.add(exit);
        return new Diary(latest, skipped);
    }

    Diary withSkipped() {
        return new Diary(runs, skipped + 1);
    }
}
