package org.procmon.pool.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.procmon.lifecycle.Ticks;

/**
 * All that a pool remembers. It does not grow with clients or time.
 *
 * @param goal what is wanted
 * @param workers those that exist, by number
 * @param queue the clients that wait, and how they are noticed
 * @param lastBusy how many workers were busy when that was last seen
 * @param history how many were busy lately; empty while the pool has no more than its least
 * @param replacement the replacement that is being started
 * @param generation the change of all workers at once
 * @param isRollStopped whether a new configuration did not work, so that old workers stay
 * @param failures how many runs of any worker ended before they were ready, since one was
 * @param lastFailure when the last of them ended
 * @param episodes what users were told and need not be told again
 * @param shareLimit how many workers its share leaves to it
 * @param counters what the pool has done
 */
public record PoolState(
        PoolGoal goal,
        List<PoolWorker> workers,
        QueueWatch queue,
        int lastBusy,
        Optional<BusyHistory> history,
        Optional<Replacement> replacement,
        Generation generation,
        boolean isRollStopped,
        int failures,
        Ticks lastFailure,
        Episodes episodes,
        int shareLimit,
        PoolCounters counters) {
    public PoolState {
        workers = List.copyOf(workers);
    }

    /**
     * What users were told of.
     *
     * @param maxReached that clients wait although the pool has all its workers
     * @param overflow that a limit of the queue refuses clients
     * @param allFailed that clients are refused since all workers have failed
     */
    public record Episodes(boolean maxReached, boolean overflow, boolean allFailed) {
        static final Episodes NONE = new Episodes(false, false, false);
    }

    /**
     * A pool without workers that does nothing yet. {@code WorkerSeen} tells it of workers that
     * exist; then {@code OperatorStarted} or {@code OperatorStopped} begins.
     */
    public static PoolState initial(Ticks now) {
        return new PoolState(
                PoolGoal.UNDECIDED,
                List.of(),
                QueueWatch.off(now),
                0,
                Optional.empty(),
                Optional.empty(),
                Generation.NONE,
                false,
                0,
                now,
                Episodes.NONE,
                ShareRule.UNLIMITED,
                PoolCounters.NONE);
    }

    /** How many workers are processes that run. */
    public int total() {
        return (int)
                workers.stream()
                        .filter(w ->
                                w.is(WorkerPhase.STARTING)
                                        || w.is(WorkerPhase.READY)
                                        || w.is(WorkerPhase.RETIRING))
                        .count();
    }

    /** How many of them served a client when that was last seen. */
    public int busy() {
        return Math.min(lastBusy, total());
    }

    /** The others; {@code busy + idle = total}. */
    public int idle() {
        return total() - busy();
    }

    /** How many workers are in a phase. */
    public int count(WorkerPhase phase) {
        return (int) workers.stream().filter(w -> w.is(phase)).count();
    }

    /** The worker of a number. */
    public Optional<PoolWorker> worker(int number) {
        return workers.stream().filter(w -> w.number() == number).findFirst();
    }

    /**
     * Whether outdated workers are being replaced, or will be. It is over when none is left, or
     * when {@link #isRollStopped} or the goal says that they stay.
     */
    public boolean isRolling() {
        return goal == PoolGoal.UP
                && !isRollStopped
                && (generation.isDouble()
                        || replacement.filter(r -> r.reason() == RetireReason.OUTDATED).isPresent()
                        || workers.stream().anyMatch(PoolWorker::isOutdated));
    }

    PoolState with(PoolGoal other) {
        return changed(copy -> copy.goal = other);
    }

    PoolState with(List<PoolWorker> others) {
        return changed(copy -> copy.workers = others);
    }

    PoolState with(QueueWatch other) {
        return changed(copy -> copy.queue = other);
    }

    PoolState withBusy(int count, Optional<BusyHistory> samples) {
        return changed(copy -> {
            copy.lastBusy = count;
            copy.history = samples;
        });
    }

    PoolState with(Generation other) {
        return changed(copy -> copy.generation = other);
    }

    PoolState withReplacement(Optional<Replacement> other, boolean rollStopped) {
        return changed(copy -> {
            copy.replacement = other;
            copy.isRollStopped = rollStopped;
        });
    }

    PoolState withFailures(int count, Ticks last) {
        return changed(copy -> {
            copy.failures = Math.min(count, PoolWorker.MOST_FAILURES);
            copy.lastFailure = last;
        });
    }

    PoolState with(Episodes others) {
        return changed(copy -> copy.episodes = others);
    }

    /** The same with another number of workers that its share leaves to it. */
    public PoolState withShareLimit(int limit) {
        return limit == shareLimit ? this : changed(copy -> copy.shareLimit = limit);
    }

    PoolState with(PoolCounters others) {
        return changed(copy -> copy.counters = others);
    }

    private PoolState changed(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.state();
    }

    /** The same values, to be changed. */
    private static final class Copy {
        private PoolGoal goal;
        private List<PoolWorker> workers;
        private QueueWatch queue;
        private int lastBusy;
        private Optional<BusyHistory> history;
        private Optional<Replacement> replacement;
        private Generation generation;
        private boolean isRollStopped;
        private int failures;
        private Ticks lastFailure;
        private Episodes episodes;
        private int shareLimit;
        private PoolCounters counters;

        Copy(PoolState state) {
            goal = state.goal;
            workers = state.workers;
            queue = state.queue;
            lastBusy = state.lastBusy;
            history = state.history;
            replacement = state.replacement;
            generation = state.generation;
            isRollStopped = state.isRollStopped;
            failures = state.failures;
            lastFailure = state.lastFailure;
            episodes = state.episodes;
            shareLimit = state.shareLimit;
            counters = state.counters;
        }

        PoolState state() {
            return new PoolState(
                    goal,
                    workers,
                    queue,
                    lastBusy,
                    history,
                    replacement,
                    generation,
                    isRollStopped,
                    failures,
                    lastFailure,
                    episodes,
                    shareLimit,
                    counters);
        }
    }
}
