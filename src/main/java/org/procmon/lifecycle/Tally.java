package org.procmon.lifecycle;

import java.util.Optional;

/**
 * What is remembered of a process across its states.
 *
 * @param runs how many runs were started
 * @param lastPid the pid of the latest run, 0 before the first
 * @param lastExit how the latest run to end did so
 * @param lastError why the latest attempt to start failed; empty once a start succeeded
 * @param streak how many restarts in a row followed a short run
 */
public record Tally(
        long runs,
        int lastPid,
        Optional<RunExit> lastExit,
        Optional<StartError> lastError,
        int streak) {
    public static final Tally NONE = new Tally(0, 0, Optional.empty(), Optional.empty(), 0);

    Tally started(Run run) {
        return new Tally(run.number(), run.pid(), lastExit, Optional.empty(), streak);
    }

    Tally ended(RunExit exit) {
        return new Tally(runs, lastPid, Optional.of(exit), lastError, streak);
    }

    Tally notStarted(StartError error) {
        return new Tally(runs, lastPid, lastExit, Optional.of(error), streak);
    }

    Tally withStreak(int restarts) {
        return new Tally(runs, lastPid, lastExit, lastError, restarts);
    }
}
