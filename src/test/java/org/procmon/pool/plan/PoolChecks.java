package org.procmon.pool.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.procmon.config.pool.SocketSharing;
import org.procmon.config.pool.WhenStopped;
import org.procmon.lifecycle.Ticks;

/** What holds at every step of every history. */
final class PoolChecks {
    /** Looks come at most every 4 ms, and arming after each. */
    private static final int MOST_WAKES_A_SECOND = 400;

    private static final long SECOND = 1_000_000_000;

    /** A look every 100 ms, and the time that the simulation takes for its own. */
    private static final long PATIENCE = 130 * SimulatedPool.MILLI;

    /** A fresh worker has 30 s, and one that fails is restarted as a fresh one once. */
    private static final long LONGEST_GENERATION = 65 * SECOND;

    private final SimulatedPool pool;
    private long pendingSince;
    private long second;
    private int wakes;
    private int chain;
    private long progress;
    private boolean wasStuck;
    private boolean hasFailed;

    /** Since when clients have the present limits. */
    private long limited;

    /** Before the step: the places that it frees after a refusal could not be used for it. */
    private PoolState decided;

    PoolChecks(SimulatedPool pool) {
        this.pool = pool;
        decided = PoolState.initial(new Ticks(0));
    }

    void wakes() {
        if (pool.now - second > SECOND) {
            second = pool.now;
            wakes = 0;
        }
        wakes++;
        chain = 0;
        assertThat(wakes).as("wake-ups within a second").isLessThan(MOST_WAKES_A_SECOND);
    }

    void stepped(PoolState before, PoolEvent event, PoolStep step) {
        decided = before;
        PoolState after = step.next();
        int max = Math.max(pool.spec.workers().max(), before.workers().size());
        assertThat(step.actions()).as("actions of a step").hasSizeLessThan(2 * max + 8);
        assertThat(after.workers()).hasSizeLessThan(2 * RandomPoolHistoriesTest.MOST_WORKERS + 2);
        boolean isDraining = after.generation().is(Generation.Stage.DRAINING);
        assertThat(
                        after.workers().stream()
                                .filter(PoolWorker::isRetiringGently)
                                .filter(w -> !isDraining || !w.isDraining()))
                .as("workers that retire gently")
                .hasSizeLessThan(2);
        if (!after.generation().isPending()) {
            pendingSince = pool.now;
        }
        assertThat(pool.now - pendingSince)
                .as("time of a generation that is pending")
                .isLessThan(LONGEST_GENERATION);
        assertThat(after.busy() + after.idle()).isEqualTo(after.total());
        assertThat(after.busy()).isBetween(0, after.total());
        after.history().ifPresent(h -> assertThat(h.peaks()).hasSizeLessThan(10));
        PoolPlan.deadline(pool.spec, after)
                .ifPresent(at ->
                        assertThat(at.since(new Ticks(pool.now)))
                                .as("time until the next wake-up")
                                .isPositive());
        if (event instanceof PoolEvent.WorkerSeen seen) {
            noteFailure(before, seen);
        }
        if (event instanceof PoolEvent.WorkerGone) {
            hasFailed = true;
        }
        if (event instanceof PoolEvent.Reconfigured) {
            limited = pool.now;
        }
        boolean isAnswer =
                event instanceof PoolEvent.QueueSeen || event instanceof PoolEvent.BusySeen;
        chain = isAnswer ? chain + 1 : 0;
        assertThat(chain).as("looks without a pause").isLessThan(10);
    }

    private void noteFailure(PoolState before, PoolEvent.WorkerSeen seen) {
        boolean wasStarting =
                before.worker(seen.number()).filter(w -> w.is(WorkerPhase.STARTING)).isPresent();
        hasFailed =
                seen.phase() != WorkerPhase.READY
                        && (hasFailed
                                || wasStarting
                                || List.of(WorkerPhase.BACKING_OFF, WorkerPhase.FAILED)
                                        .contains(seen.phase()));
    }

    void starts(int number) {
        int max = pool.spec.workers().max();
        long others =
                pool.workers.values().stream()
                        .filter(w -> w.number != number && w.isProcess())
                        .count();
        assertThat(pool.state.goal()).isEqualTo(PoolGoal.UP);
        Generation generation = pool.state.generation();
        assertThat(others)
                .as("processes before worker %d is started", number)
                .isLessThan(generation.isDouble() ? 2 * max : max + 1);
        int extra = pool.state.replacement().isPresent() ? 1 : 0;
        if (!generation.isPending()) {
            assertThat(WorkerNeed.places(pool.state))
                    .as("workers")
                    .isLessThanOrEqualTo(max + extra);
        }
        if (pool.spec.sharing() == SocketSharing.PER_WORKER) {
            assertThat(number).as("a number that has an address").isLessThanOrEqualTo(max);
        }
        assertThat(number).isBetween(1, 2 * RandomPoolHistoriesTest.MOST_WORKERS + 1);
        progress = pool.now;
    }

    void retires(SimulatedWorker worker, RetireReason reason) {
        boolean isPromoted = pool.event instanceof PoolEvent.GenerationPromoted;
        if (reason == RetireReason.OUTDATED) {
            assertThat(Optional.of(worker.listener))
                    .as("the listener of outdated worker %d", worker.number)
                    .isNotEqualTo(isPromoted ? Optional.of(pool.listener) : pool.second);
        }
    }

    void refuses(PoolAction.RefuseOldest refuse) {
        progress = pool.now;
        chain = 0;
        int waiting = pool.queue.size();
        switch (refuse.reason()) {
            case STOPPED -> {
                assertThat(pool.state.goal()).isEqualTo(PoolGoal.STOPPED);
                assertThat(pool.spec.whenStopped()).isEqualTo(WhenStopped.REFUSE);
            }
            case QUEUE_FULL -> {
                assertThat(refuse.count())
                        .isEqualTo(waiting - pool.spec.queue().max().orElseThrow());
                boolean mayStart = pool.state.goal() == PoolGoal.UP && pool.state.failures() == 0;
                assertThat(mayStart ? WorkerNeed.room(pool.spec, decided) : 0)
                        .as("workers that could be started instead")
                        .isZero();
            }
            case WAITED_TOO_LONG ->
                    assertThat(Duration.ofNanos(pool.now - pool.queue.element().came()))
                            .isGreaterThanOrEqualTo(pool.spec.queue().timeout().orElseThrow());
            case ALL_FAILED -> {
                assertThat(
                                hasFailed
                                        || pool.state.workers().stream()
                                                .anyMatch(PoolWorker::isBroken))
                        .as("a worker has failed")
                        .isTrue();
                assertThat(pool.workers.values()).noneMatch(w -> w.phase == WorkerPhase.READY);
            }
        }
    }

    /** After the actions of a step: whether clients can hope. */
    void performed(PoolEvent event) {
        looksForProgress();
        boolean waits =
                pool.state.goal() == PoolGoal.UP
                        || (pool.state.goal() == PoolGoal.STOPPED
                                && pool.spec.whenStopped() == WhenStopped.WAIT);
        if (waits && event instanceof PoolEvent.TimePassed && !pool.queue.isEmpty()) {
            pool.spec
                    .queue()
                    .timeout()
                    .ifPresent(most ->
                            assertThat(pool.now - Math.max(limited, pool.queue.element().came()))
                                    .as("time that the oldest client waits")
                                    .isLessThan(most.toNanos() + PATIENCE));
        }
    }

    void looksForProgress() {
        boolean isStuck = !pool.queue.isEmpty() && mustGrow();
        if (!isStuck || !wasStuck) {
            progress = pool.now;
        }
        wasStuck = isStuck;
        assertThat(pool.now - progress)
                .as("time without a start although clients wait")
                .isLessThan(PATIENCE);
    }

    /** Whether nothing but a start can help the clients that wait. */
    private boolean mustGrow() {
        PoolState state = pool.state;
        boolean isStarting =
                state.workers().stream()
                        .anyMatch(w ->
                                w.is(WorkerPhase.STARTING)
                                        && pool.now - w.since().nanos()
                                                < GrowthRule.SLOW_START.toNanos());
        return state.goal() == PoolGoal.UP
                && state.failures() == 0
                && !isStarting
                && pool.workers.values().stream().noneMatch(SimulatedWorker::isIdle)
                && WorkerNeed.room(pool.spec, state) > 0;
    }
}
