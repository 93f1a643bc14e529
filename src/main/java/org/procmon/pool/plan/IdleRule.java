package org.procmon.pool.plan;

import java.util.Comparator;
import java.util.Optional;
import org.procmon.config.DurationText;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolMode;
import org.procmon.pool.plan.PoolAction.LookAtBusy;

/** When a worker is stopped since the pool does not use it. */
final class IdleRule {
    private IdleRule() {}

    static void sampled(PoolDraft draft, int seen) {
        int busy = Math.clamp(seen, 0, draft.state.total());
        draft.state =
                draft.state.withBusy(
                        busy,
                        draft.state
                                .history()
                                .map(h -> h.with(busy, draft.now, draft.spec.idleTimeout())));
        if (draft.state.goal() == PoolGoal.UP
                && WorkerNeed.mode(draft.spec) == PoolMode.DYNAMIC
                && !draft.state.generation().isPending()) {
            startSpare(draft, busy);
            retireAboveSpareMax(draft, busy);
        }
    }

    private static void startSpare(PoolDraft draft, int busy) {
        int missing =
                busy
                        + draft.spec.workers().spareMin()
                        - draft.state.count(WorkerPhase.READY)
                        - draft.state.count(WorkerPhase.STARTING);
        if (!WorkerNeed.mayStart(draft.spec, draft.state, draft.now)) {
            return;
        }
        int room = WorkerNeed.room(draft.spec, draft.state);
        int most = draft.state.failures() == 0 ? room : Math.min(1, room);
        for (int i = 0; i < Math.min(missing, most); i++) {
            var _ = draft.startAnother();
        }
    }

    private static void retireAboveSpareMax(PoolDraft draft, int busy) {
        int most = Math.max(WorkerNeed.least(draft.spec), busy + draft.spec.workers().spareMax());
        boolean isStarting = draft.state.count(WorkerPhase.STARTING) > 0;
        if (!isStarting && mayRetire(draft) && WorkerNeed.live(draft.state) > most) {
            retireOne(draft);
        }
    }

    /** Another pool of the share wants a worker. */
    static void giveToShare(PoolDraft draft, int busy) {
        if (ShareRule.hasSpare(draft.spec, draft.state)
                && !draft.state.generation().isPending()
                && mayRetire(draft)
                && WorkerNeed.live(draft.state) > busy) {
            retireOne(draft);
        }
    }

    /** Samples while the pool has more than its least, and retires one at a time. */
    static void apply(PoolDraft draft) {
        if (!isSampling(draft.spec, draft.state)) {
            draft.state = draft.state.withBusy(draft.state.lastBusy(), Optional.empty());
            return;
        }
        BusyHistory history =
                draft.state
                        .history()
                        .orElseGet(() -> BusyHistory.from(draft.now, draft.spec.idleTimeout()));
        if (draft.now.hasReached(history.next())) {
            draft.act(new LookAtBusy());
            history = history.asked(draft.now, draft.spec.idleTimeout());
        }
        draft.state = draft.state.withBusy(draft.state.lastBusy(), Optional.of(history));
        int used = history.peak() + WorkerNeed.spare(draft.spec);
        if (history.isComplete(draft.now, draft.spec.idleTimeout())
                && mayRetire(draft)
                && WorkerNeed.live(draft.state) > used) {
            retireOne(draft);
        }
    }

    private static boolean isSampling(PoolSpec spec, PoolState state) {
        int extra = state.replacement().isPresent() ? 1 : 0;
        return spec.idleTimeout().compareTo(DurationText.FOREVER) < 0
                && !state.generation().isPending()
                && WorkerNeed.live(state) - extra > WorkerNeed.least(spec);
    }

    private static boolean mayRetire(PoolDraft draft) {
        return draft.state.queue().waiting() == 0
                && draft.state.replacement().isEmpty()
                && draft.state.workers().stream().noneMatch(PoolWorker::isRetiringGently);
    }

    private static void retireOne(PoolDraft draft) {
        leastUseful(draft.state).ifPresent(w -> draft.retire(w, RetireReason.IDLE));
    }

    /** One that is not ready, or else the highest number. */
    private static Optional<PoolWorker> leastUseful(PoolState state) {
        return state.workers().stream()
                .filter(w -> w.phase().isLive())
                .max(
                        Comparator.comparing((PoolWorker w) -> !w.is(WorkerPhase.READY))
                                .thenComparingInt(PoolWorker::number));
    }
}
