package org.procmon.pool.plan;

import java.util.Optional;
import org.procmon.lifecycle.Ticks;

/**
 * A worker, as its pool sees it.
 *
 * @param number from 1; a name only, and free again when the worker is gone
 * @param phase what it does
 * @param since when that began
 * @param run the number of its present or last run; 0 if none was reported since its start
 * @param started when that run started, from which its age counts
 * @param wasReady whether that run was ever ready
 * @param failures how many runs in a row ended before they were ready
 * @param retireFor why it is to be replaced, or why it is being stopped
 */
public record PoolWorker(
        int number,
        WorkerPhase phase,
        Ticks since,
        long run,
        Ticks started,
        boolean wasReady,
        int failures,
        Optional<RetireReason> retireFor) {
    /** The most that {@code failures} counts. */
    static final int MOST_FAILURES = 1_000;

    /** A worker that the pool starts for the first time. */
    static PoolWorker starting(int number, Ticks now) {
        return new PoolWorker(
                number, WorkerPhase.STARTING, now, 0, now, false, 0, Optional.empty());
    }

    /** The same, started again by the pool. */
    PoolWorker startedAgain(Ticks now) {
        return new PoolWorker(
                number, WorkerPhase.STARTING, now, 0, now, false, failures, Optional.empty());
    }

    PoolWorker retiring(RetireReason reason, Ticks now) {
        return new PoolWorker(
                number,
                WorkerPhase.RETIRING,
                now,
                run,
                started,
                wasReady,
                failures,
                Optional.of(reason));
    }

    PoolWorker dueFor(RetireReason reason) {
        return new PoolWorker(
                number, phase, since, run, started, wasReady, failures, Optional.of(reason));
    }

    PoolWorker notDue() {
        return new PoolWorker(
                number, phase, since, run, started, wasReady, failures, Optional.empty());
    }

    PoolWorker withFailures(int count) {
        return new PoolWorker(
                number,
                phase,
                since,
                run,
                started,
                wasReady,
                Math.min(count, MOST_FAILURES),
                retireFor);
    }

    boolean is(WorkerPhase other) {
        return phase == other;
    }

    /** Whether it is to be replaced or is being stopped since it is outdated. */
    boolean isOutdated() {
        return retireFor.filter(reason -> reason == RetireReason.OUTDATED).isPresent();
    }

    /** Whether it is being stopped since it is outdated. */
    boolean isDraining() {
        return is(WorkerPhase.RETIRING) && isOutdated();
    }

    /** Whether a run of it has failed since it last worked, or it waits for a restart. */
    boolean isBroken() {
        return switch (phase) {
            case BACKING_OFF, FAILED -> true;
            case ENDED -> !wasReady;
            case STARTING -> failures > 0;
            case READY, RETIRING, HELD -> false;
        };
    }

    /** Whether it serves clients, or will soon; one that a command stops may come back. */
    boolean isPromising() {
        return switch (phase) {
            case READY -> true;
            case ENDED -> wasReady;
            case STARTING -> failures == 0;
            case RETIRING -> wasReady && !isRetiredByPool();
            case BACKING_OFF, FAILED, HELD -> false;
        };
    }

    /** Whether the pool stops it; others that are being stopped may come back. */
    boolean isRetiredByPool() {
        return is(WorkerPhase.RETIRING) && retireFor.isPresent();
    }

    /** Whether it is being stopped for a reason that allows one such worker of a pool at a time. */
    boolean isRetiringGently() {
        return is(WorkerPhase.RETIRING) && retireFor.filter(RetireReason::isGentle).isPresent();
    }
}
