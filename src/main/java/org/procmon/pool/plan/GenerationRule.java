package org.procmon.pool.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolMode;
import org.procmon.config.pool.SocketSharing;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.plan.Generation.Stage;
import org.procmon.pool.plan.PoolAction.AbandonGeneration;
import org.procmon.pool.plan.PoolAction.OpenGeneration;
import org.procmon.pool.plan.PoolAction.PromoteGeneration;
import org.procmon.pool.plan.PoolReport.Cause;

/** How outdated workers are replaced all at once, by others on a second listener. */
final class GenerationRule {
    private GenerationRule() {}

    /** Begins if a worker is outdated, and there is room for all that are to be started. */
    static void begin(PoolDraft draft) {
        PoolState state = draft.state;
        boolean isDue =
                draft.spec.sharing() == SocketSharing.SHARED
                        && !state.isRollStopped()
                        && state.generation().is(Stage.NONE)
                        && !RecycleRule.isBusy(state)
                        && !outdated(state).isEmpty();
        if (!isDue) {
            return;
        }
        int wanted = wanted(draft);
        if (isCovered(draft)) {
            to(draft, Stage.DRAINING);
            outdated(state).forEach(w -> draft.retire(w, RetireReason.OUTDATED));
        } else if (WorkerNeed.lastingNumbers(draft.spec, state) < wanted) {
            to(draft, Stage.IMPOSSIBLE);
        } else if (WorkerNeed.roomForGeneration(draft.spec, state) >= wanted) {
            draft.act(new OpenGeneration());
            to(draft, Stage.OPENING);
        }
    }

    private static void to(PoolDraft draft, Stage stage) {
        draft.state = draft.state.with(new Generation(stage, Set.of()));
    }

    private static List<PoolWorker> outdated(PoolState state) {
        return state.workers().stream()
                .filter(w -> w.isOutdated() && RecycleRule.isCandidate(w))
                .toList();
    }

    /** Whether those that are not outdated are enough. */
    private static boolean isCovered(PoolDraft draft) {
        long ready =
                draft.state.workers().stream()
                        .filter(w -> w.is(WorkerPhase.READY) && !w.isOutdated())
                        .count();
        return ready >= Math.max(1, WorkerNeed.needed(draft.spec, draft.state, draft.now));
    }

    /** As many as there are: all of them have the old listener. */
    private static int wanted(PoolDraft draft) {
        int least =
                draft.spec.mode() == PoolMode.ON_DEMAND
                        ? 1
                        : Math.max(1, draft.spec.workers().min());
        return Math.clamp(WorkerNeed.live(draft.state), least, WorkerNeed.max(draft.spec));
    }

    static void opened(PoolDraft draft) {
        if (!draft.state.generation().is(Stage.OPENING)) {
            return;
        }
        if (outdated(draft.state).isEmpty()) {
            abandon(draft, Stage.NONE);
            return;
        }
        int count = Math.min(wanted(draft), WorkerNeed.roomForGeneration(draft.spec, draft.state));
        if (count <= 0) {
            abandon(draft, Stage.IMPOSSIBLE);
            return;
        }
        to(draft, Stage.STARTING);
        for (int i = 0; i < count; i++) {
            draft.startAnother().ifPresent(number -> join(draft, number));
        }
    }

    /** A run began while the second listener was open. */
    static void join(PoolDraft draft, int number) {
        Generation generation = draft.state.generation();
        if (generation.isOpen()) {
            Set<Integer> fresh = new HashSet<>(generation.fresh());
            if (fresh.add(number)) {
                draft.change(number, w -> w.withFailures(0));
            }
            draft.state = draft.state.with(new Generation(generation.stage(), fresh));
        }
    }

    static boolean isFresh(PoolState state, int number) {
        return state.generation().is(Stage.STARTING) && state.generation().fresh().contains(number);
    }

    static void impossible(PoolDraft draft) {
        switch (draft.state.generation().stage()) {
            case OPENING -> to(draft, Stage.IMPOSSIBLE);
            case STARTING -> abandon(draft, Stage.IMPOSSIBLE);
            case NONE, IMPOSSIBLE, PROMOTING, DRAINING -> {}
        }
    }

    static void promoted(PoolDraft draft) {
        Generation generation = draft.state.generation();
        if (!generation.is(Stage.PROMOTING)) {
            return;
        }
        to(draft, Stage.DRAINING);
        // What was armed is the old listener, and those that wait there do not come to the new one.
        draft.state = draft.state.with(QueueWatch.off(draft.now));
        for (PoolWorker worker : draft.state.workers()) {
            if (!generation.fresh().contains(worker.number())) {
                switch (worker.phase()) {
                    case STARTING, READY -> draft.retire(worker, RetireReason.OUTDATED);
                    case BACKING_OFF, ENDED, FAILED ->
                            draft.retire(worker, RetireReason.NOT_NEEDED);
                    case RETIRING, HELD -> {}
                }
            }
        }
    }

    static void notPromoted(PoolDraft draft) {
        if (!draft.state.generation().is(Stage.PROMOTING)) {
            return;
        }
        if (draft.state.goal() == PoolGoal.UP) {
            fail(draft, numbers(draft.state).getFirst(), Cause.NOT_PROMOTED);
        } else {
            abandon(draft, Stage.NONE);
        }
    }

    private static List<Integer> numbers(PoolState state) {
        return state.generation().fresh().stream().sorted().toList();
    }

    /** What is wanted has changed. What clients may reach already is not taken back. */
    static void restart(PoolDraft draft) {
        switch (draft.state.generation().stage()) {
            case OPENING, STARTING -> abandon(draft, Stage.NONE);
            case IMPOSSIBLE -> to(draft, Stage.NONE);
            case NONE, PROMOTING, DRAINING -> {}
        }
    }

    /** An operator stops the pool, with all workers. */
    static void stop(PoolDraft draft) {
        switch (draft.state.generation().stage()) {
            case OPENING, STARTING -> {
                draft.act(new AbandonGeneration());
                to(draft, Stage.NONE);
            }
            case IMPOSSIBLE -> to(draft, Stage.NONE);
            case NONE, PROMOTING, DRAINING -> {}
        }
    }

    private static void abandon(PoolDraft draft, Stage next) {
        Set<Integer> fresh = draft.state.generation().fresh();
        draft.act(new AbandonGeneration());
        to(draft, next);
        draft.state.workers().stream()
                .filter(w -> fresh.contains(w.number()))
                .filter(w -> !w.is(WorkerPhase.RETIRING) && !w.is(WorkerPhase.HELD))
                .forEach(w -> draft.retire(w, RetireReason.NOT_NEEDED));
    }

    /** Follows the generation that there is. */
    static void follow(PoolDraft draft) {
        switch (draft.state.generation().stage()) {
            case NONE, OPENING, PROMOTING -> {}
            case IMPOSSIBLE -> {
                if (outdated(draft.state).isEmpty() && !RecycleRule.isBusy(draft.state)) {
                    to(draft, Stage.NONE);
                }
            }
            case STARTING -> followStart(draft);
            case DRAINING -> {
                if (draft.state.workers().stream().noneMatch(PoolWorker::isDraining)) {
                    to(draft, Stage.NONE);
                }
            }
        }
    }

    private static void followStart(PoolDraft draft) {
        boolean areReady = true;
        for (int number : numbers(draft.state)) {
            Optional<PoolWorker> fresh = draft.state.worker(number);
            Optional<Cause> failure = RecycleRule.failure(draft, fresh);
            if (failure.isPresent()) {
                fail(draft, number, failure.get());
                return;
            }
            areReady &= fresh.filter(w -> w.is(WorkerPhase.READY)).isPresent();
        }
        if (areReady) {
            draft.act(new PromoteGeneration());
            draft.state = draft.state.with(draft.state.generation().to(Stage.PROMOTING));
        }
    }

    /** The old workers stay, and the roll stops. */
    private static void fail(PoolDraft draft, int number, Cause cause) {
        Set<Integer> fresh = draft.state.generation().fresh();
        int stays =
                draft.state.workers().stream()
                        .filter(w -> w.phase().isLive() && !fresh.contains(w.number()))
                        .mapToInt(PoolWorker::number)
                        .findFirst()
                        .orElse(number);
        abandon(draft, Stage.NONE);
        draft.state =
                draft.state
                        .withReplacement(draft.state.replacement(), true)
                        .withFailures(Math.max(1, draft.state.failures()), draft.now);
        draft.report(new PoolReport.ReplacementFailed(number, stays, RetireReason.OUTDATED, cause));
    }

    /** When a fresh worker has failed unless it is ready. */
    static Optional<Ticks> deadline(PoolState state) {
        return state.workers().stream()
                .filter(w -> isFresh(state, w.number()) && w.is(WorkerPhase.STARTING))
                .map(RecycleRule::readyBy)
                .min(Ticks::compareTo);
    }

    /** Whether outdated workers are replaced one at a time. */
    static boolean isOneByOne(PoolSpec spec, PoolState state) {
        return spec.sharing() == SocketSharing.PER_WORKER
                || state.generation().is(Stage.IMPOSSIBLE);
    }
}
