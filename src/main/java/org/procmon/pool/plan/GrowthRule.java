package org.procmon.pool.plan;

import java.time.Duration;
import org.procmon.pool.plan.PoolEvent.QueueSeen;
import org.procmon.pool.plan.PoolState.Episodes;

/** How many workers are started for clients that wait. */
final class GrowthRule {
    /** A worker that is starting for longer is not expected to take a client soon. */
    static final Duration SLOW_START = Duration.ofSeconds(10);

    private GrowthRule() {}

    /**
     * Whether a worker that waits in accept had its chance to take the client. A moment after a
     * client came, the queue of a pool with idle workers is not empty; a moment later another
     * client may wait. Where the kernel does not tell how long the first one has waited, they are
     * taken for the same.
     */
    static boolean isConfirmed(PoolDraft draft, QueueSeen event) {
        Duration waited =
                event.oldestWait()
                        .or(() -> draft.state.queue().waitingSince().map(draft.now::since))
                        .orElse(Duration.ZERO);
        return draft.state.count(WorkerPhase.READY) == 0
                || waited.compareTo(QueueWatch.SHORTEST_GAP) >= 0;
    }

    /** How many are missing: one for each client, without those that are starting. */
    private static int wanted(PoolDraft draft) {
        int starting =
                (int)
                        draft.state.workers().stream()
                                .filter(w -> w.is(WorkerPhase.STARTING) && !w.isBroken())
                                .filter(w -> draft.now.since(w.since()).compareTo(SLOW_START) < 0)
                                .count();
        return Math.max(0, draft.state.queue().waiting() - starting);
    }

    /** How many are started now. */
    static int growth(PoolDraft draft) {
        return Math.min(wanted(draft), mayGrow(draft));
    }

    static boolean couldGrow(PoolDraft draft) {
        return mayGrow(draft) > 0;
    }

    /** After failures, one worker at a time shows whether the program works again. */
    private static int mayGrow(PoolDraft draft) {
        if (draft.state.goal() != PoolGoal.UP) {
            return 0;
        }
        int room = WorkerNeed.room(draft.spec, draft.state);
        if (draft.state.failures() == 0) {
            return room;
        }
        boolean isTrying =
                draft.state.count(WorkerPhase.READY) == 0
                        && draft.state.count(WorkerPhase.STARTING)
                                        + draft.state.count(WorkerPhase.BACKING_OFF)
                                > 0;
        boolean mayTry = !isTrying && WorkerNeed.mayStart(draft.spec, draft.state, draft.now);
        return mayTry ? Math.min(1, room) : 0;
    }

    /** Whether no worker serves or will soon, since they failed, and none can be started now. */
    static boolean haveAllFailed(PoolDraft draft, int growth) {
        return growth == 0
                && draft.state.workers().stream().noneMatch(PoolWorker::isPromising)
                && (draft.state.workers().stream().anyMatch(PoolWorker::isBroken)
                        || !WorkerNeed.mayStart(draft.spec, draft.state, draft.now));
    }

    static void grow(PoolDraft draft, int count) {
        for (int i = 0; i < count; i++) {
            var _ = draft.startAnother();
        }
        // All workers have work, so none of them counts as idle for a while.
        int live = WorkerNeed.live(draft.state);
        draft.state =
                draft.state.withBusy(
                        draft.state.lastBusy(),
                        draft.state
                                .history()
                                .map(h -> h.with(live, draft.now, draft.spec.idleTimeout())));
    }

    /** Reports once that more workers are wanted than there may be. */
    static void noteMax(PoolDraft draft, int growth) {
        if (draft.spec.bell().isPresent()) {
            // One worker is enough for all.
            return;
        }
        Episodes told = draft.state.episodes();
        int places = WorkerNeed.places(draft.state) + growth;
        int own = WorkerNeed.most(draft.spec, draft.state);
        int most = Math.min(own, draft.state.shareLimit());
        boolean isAtMax =
                wanted(draft) > growth && !draft.state.generation().isPending() && places >= most;
        if (isAtMax && !told.maxReached()) {
            int waiting = draft.state.queue().waiting();
            draft.report(
                    places >= own
                            ? new PoolReport.MaxReached(waiting)
                            : new PoolReport.ShareFull(waiting));
            draft.state =
                    draft.state
                            .with(draft.state.counters().onceAtMax())
                            .with(new Episodes(true, told.overflow(), told.allFailed()));
        }
    }
}
