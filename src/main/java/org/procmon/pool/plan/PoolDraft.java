package org.procmon.pool.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.procmon.config.PoolSpec;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.plan.PoolAction.RefuseOldest;
import org.procmon.pool.plan.PoolAction.Report;
import org.procmon.pool.plan.PoolAction.RetireWorker;
import org.procmon.pool.plan.PoolAction.StartWorker;

/** One step while it is being decided: the state so far and the actions so far. */
final class PoolDraft {
    final PoolSpec spec;
    final Ticks now;
    PoolState state;
    private final List<PoolAction> actions = new ArrayList<>();

    PoolDraft(PoolSpec spec, PoolState state, Ticks now) {
        this.spec = spec;
        this.state = state;
        this.now = now;
    }

    PoolStep finish() {
        return new PoolStep(state, actions);
    }

    void act(PoolAction action) {
        actions.add(action);
    }

    void report(PoolReport what) {
        actions.add(new Report(what));
    }

    /** The number under which a worker was started, if one is free. */
    Optional<Integer> startAnother() {
        Optional<Integer> number = WorkerNeed.freeNumber(spec, state);
        number.ifPresent(n -> start(PoolWorker.starting(n, now)));
        return number;
    }

    void startAgain(PoolWorker worker) {
        start(worker.startedAgain(now));
    }

    private void start(PoolWorker worker) {
        put(worker);
        state = state.with(state.counters().oneStarted());
        act(new StartWorker(worker.number()));
    }

    void retire(PoolWorker worker, RetireReason reason) {
        put(worker.retiring(reason, now));
        act(new RetireWorker(worker.number(), reason));
        if (reason == RetireReason.IDLE) {
            state = state.with(state.counters().oneIdle());
        } else if (reason.isRecycling()) {
            state = state.with(state.counters().oneRecycled());
            report(new PoolReport.Recycled(worker.number(), reason));
        }
    }

    void refuse(int count, RefuseReason reason) {
        act(new RefuseOldest(count, reason));
        state = state.with(state.counters().refusedMore(count));
    }

    /** Adds a worker, or replaces the one of its number. */
    void put(PoolWorker worker) {
        List<PoolWorker> others = new ArrayList<>(state.workers());
        others.removeIf(w -> w.number() == worker.number());
        others.add(worker);
        others.sort(Comparator.comparingInt(PoolWorker::number));
        state = state.with(others);
    }

    void remove(int number) {
        state = state.with(state.workers().stream().filter(w -> w.number() != number).toList());
    }

    void change(int number, UnaryOperator<PoolWorker> how) {
        state.worker(number).map(how).ifPresent(this::put);
    }

    /**
     * A run ended before it was ready. Those that began before the last failure count as one with
     * it, so that many workers that fail at once are one failure.
     */
    void noteFailure(Ticks begun) {
        boolean isAnother = state.failures() == 0 || begun.hasReached(state.lastFailure());
        state = state.withFailures(state.failures() + (isAnother ? 1 : 0), now);
    }

    void noteSuccess() {
        PoolState.Episodes told = state.episodes();
        state =
                state.withFailures(0, state.lastFailure())
                        .with(new PoolState.Episodes(told.maxReached(), told.overflow(), false));
    }
}
