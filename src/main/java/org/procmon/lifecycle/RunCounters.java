package org.procmon.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is kept about a process across its states.
 *
 * @param runs how many runs were started
 * @param lastPid the pid of the latest run, 0 before the first
 * @param lastExit how the latest run to exit did so
 * @param lastError why the latest attempt to start failed; empty after a successful start
 * @param streak how many restarts in a row followed a short run
 * @param restarts the times of its recent restarts, the oldest first; kept only where there is a
 *     restart limit
 * @param diary its latest runs; kept only where there is a schedule
 */
public record RunCounters(
        long runs,
        int lastPid,
        Optional<RunExit> lastExit,
        Optional<StartError> lastError,
        int streak,
        List<Ticks> restarts,
        RecentRuns diary) {
    public static final RunCounters NONE =
            new RunCounters(0, 0, Optional.empty(), Optional.empty(), 0);

    public RunCounters {
        restarts = List.copyOf(restarts);
    }

    /** With no restart that counts. */
    public RunCounters(
            long runs,
            int lastPid,
            Optional<RunExit> lastExit,
            Optional<StartError> lastError,
            int streak) {
        this(runs, lastPid, lastExit, lastError, streak, List.of(), RecentRuns.EMPTY);
    }

    /**
     * The exit status of the last run as a shell gives it: its code, 128 plus the number of the
     * signal that killed it, or 127 if it could not be started.
     */
    public int exitCode() {
        if (lastError.isPresent() || lastExit.isEmpty()) {
            return 127;
        }
        return switch (lastExit.get().status()) {
            case ExitStatus.Exited exited -> exited.code();
            case ExitStatus.Signaled signaled -> 128 + signaled.signal();
            case ExitStatus.Unknown _ -> 1;
        };
    }

    RunCounters started(Run run) {
        return new RunCounters(
                run.number(), run.pid(), lastExit, Optional.empty(), streak, restarts, diary);
    }

    RunCounters ended(RunExit exit) {
        return new RunCounters(
                runs, lastPid, Optional.of(exit), lastError, streak, restarts, diary);
    }

    RunCounters notStarted(StartError error) {
        return new RunCounters(
                runs, lastPid, lastExit, Optional.of(error), streak, restarts, diary);
    }

    RunCounters noted(RunExit exit) {
        return new RunCounters(
                runs, lastPid, lastExit, lastError, streak, restarts, diary.with(exit));
    }

    RunCounters skipped() {
        return new RunCounters(
                runs, lastPid, lastExit, lastError, streak, restarts, diary.withSkipped());
    }

    /** With or without a queued start. */
    RunCounters queued(boolean waits) {
        return diary.queued() == waits
                ? this
                : new RunCounters(
                        runs,
                        lastPid,
                        lastExit,
                        lastError,
                        streak,
                        restarts,
                        diary.withQueued(waits));
    }

    RunCounters withStreak(int inARow) {
        return new RunCounters(runs, lastPid, lastExit, lastError, inARow, restarts, diary);
    }

    /** After a requested restart, or a long pause: earlier restarts no longer count. */
    RunCounters afresh() {
        return new RunCounters(
                runs, lastPid, lastExit, lastError, 0, List.of(), diary.withQueued(false));
    }

    /** With one more restart, and without those older than the period. */
    RunCounters restarted(Ticks now, Duration period) {
        List<Ticks> lately = new ArrayList<>(restarts.size() + 1);
        for (Ticks at : restarts) {
            if (now.since(at).compareTo(period) < 0) {
                lately.add(at);
            }
        }
        lately.add(now);
        return new RunCounters(runs, lastPid, lastExit, lastError, streak, lately, diary);
    }
}
