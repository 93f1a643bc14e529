package org.procmon.pool.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.SocketSharing;
import org.procmon.lifecycle.Ticks;

/** Keeps as many workers as the pool needs, after each event. */
final class UpkeepRule {
    private UpkeepRule() {}

    static void apply(PoolDraft draft) {
        switch (draft.state.goal()) {
            case UNDECIDED -> {}
            case STOPPED -> {
                stopAll(draft);
                QueueRule.keepWatching(draft);
            }
            case UP -> {
                RecycleRule.follow(draft);
                GenerationRule.follow(draft);
                keep(draft);
                RecycleRule.begin(draft);
                IdleRule.apply(draft);
                QueueRule.keepWatching(draft);
            }
        }
    }

    /** A generation that is pending decides which workers there are. */
    private static void keep(PoolDraft draft) {
        if (!draft.state.generation().isPending()) {
            forgetOutdated(draft);
            GenerationRule.begin(draft);
        }
        if (!draft.state.generation().isPending()) {
            retireWithoutSocket(draft);
            restartEnded(draft);
            retireExcess(draft);
            startMissing(draft);
        }
    }

    private static void stopAll(PoolDraft draft) {
        GenerationRule.stop(draft);
        draft.state =
                draft.state
                        .withReplacement(Optional.empty(), false)
                        .withBusy(draft.state.lastBusy(), Optional.empty());
        draft.state.workers().stream()
                .filter(w -> !w.is(WorkerPhase.RETIRING) && !w.is(WorkerPhase.HELD))
                .forEach(w -> draft.retire(w, RetireReason.STOPPED));
    }

    /** One that failed with an older configuration is not worth a replacement. */
    private static void forgetOutdated(PoolDraft draft) {
        List<PoolWorker> outdated =
                draft.state.workers().stream()
                        .filter(PoolWorker::isOutdated)
                        .filter(w -> isDown(w) && !w.is(WorkerPhase.ENDED))
                        .toList();
        outdated.forEach(w -> draft.retire(w, RetireReason.NOT_NEEDED));
        if (!outdated.isEmpty()) {
            draft.state = draft.state.withFailures(0, draft.state.lastFailure());
        }
    }

    static boolean isDown(PoolWorker worker) {
        return switch (worker.phase()) {
            case BACKING_OFF, ENDED, FAILED -> true;
            case STARTING, READY, RETIRING, HELD -> false;
        };
    }

    /** One that ended is started again if it is needed, and forgotten if not. */
    private static void restartEnded(PoolDraft draft) {
        int allowed = Math.max(draft.state.shareLimit(), ShareRule.kept(draft.spec));
        int needed = Math.min(allowed, WorkerNeed.needed(draft.spec, draft.state, draft.now));
        int places = WorkerNeed.places(draft.state) - draft.state.count(WorkerPhase.ENDED);
        for (PoolWorker ended : ended(draft.state)) {
            if (places >= needed) {
                draft.retire(ended, RetireReason.NOT_NEEDED);
            } else {
                places++;
                boolean isDue = draft.now.hasReached(WorkerNeed.restartAt(draft.spec, ended));
                if (isDue && WorkerNeed.mayRunAnother(draft.spec, draft.state)) {
                    restart(draft, ended);
                }
            }
        }
    }

    private static void restart(PoolDraft draft, PoolWorker ended) {
        if (ended.wasReady()) {
            draft.state = draft.state.with(draft.state.counters().oneRecycled());
        }
        draft.startAgain(ended);
    }

    private static List<PoolWorker> ended(PoolState state) {
        return state.workers().stream().filter(w -> w.is(WorkerPhase.ENDED)).toList();
    }

    /** Where each worker has its own socket, there is none for higher numbers. */
    private static void retireWithoutSocket(PoolDraft draft) {
        if (draft.spec.sharing() == SocketSharing.PER_WORKER) {
            draft.state.workers().stream()
                    .filter(w -> w.number() > WorkerNeed.max(draft.spec))
                    .filter(w -> w.phase().isLive() || isDown(w))
                    .forEach(w -> draft.retire(w, RetireReason.SCALE));
        }
    }

    /**
     * Those that failed go first, then those that are not ready, then the outdated ones, then the
     * highest numbers.
     */
    private static void retireExcess(PoolDraft draft) {
        Optional<Replacement> replacement = draft.state.replacement();
        int most = WorkerNeed.max(draft.spec) + (replacement.isPresent() ? 1 : 0);
        int excess = WorkerNeed.lasting(draft.state) - most;
        if (excess <= 0) {
            return;
        }
        draft.state.workers().stream()
                .filter(w -> w.phase().isLive() || isDown(w))
                .filter(w -> replacement.filter(r -> r.fresh() == w.number()).isEmpty())
                .sorted(
                        Comparator.comparing((PoolWorker w) -> !isDown(w))
                                .thenComparing(w -> w.is(WorkerPhase.READY))
                                .thenComparing(w -> !w.isOutdated())
                                .thenComparing(PoolWorker::number, Comparator.reverseOrder()))
                .limit(excess)
                .forEach(w -> draft.retire(w, RetireReason.SCALE));
    }

    private static void startMissing(PoolDraft draft) {
        if (!WorkerNeed.mayStart(draft.spec, draft.state, draft.now)) {
            return;
        }
        int missing = missing(draft.spec, draft.state);
        for (int i = 0; i < missing; i++) {
            var _ = draft.startAnother();
        }
    }

    /** How many are missing of the least, and may be started. */
    private static int missing(PoolSpec spec, PoolState state) {
        int missing = WorkerNeed.least(spec, state) - WorkerNeed.places(state);
        return Math.clamp(missing, 0, WorkerNeed.room(spec, state));
    }

    /** When something of this is due. */
    static Stream<Ticks> deadlines(PoolSpec spec, PoolState state) {
        if (state.generation().isPending()) {
            return Stream.empty();
        }
        Stream<Ticks> ended =
                ended(state).stream()
                        .filter(_ -> WorkerNeed.mayRunAnother(spec, state))
                        .map(worker -> WorkerNeed.restartAt(spec, worker));
        Stream<Ticks> retry =
                state.failures() > 0 && missing(spec, state) > 0
                        ? Stream.of(WorkerNeed.retryAt(spec, state))
                        : Stream.empty();
        return Stream.concat(ended, retry);
    }
}
