package org.procmon.pool.plan;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.SocketSharing;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.plan.PoolReport.Cause;

/**
 * How workers that are too old, too large or outdated are replaced, one at a time: by one that is
 * ready before the old one is stopped; or, where each worker has its own socket, by a new run after
 * the old one.
 */
final class RecycleRule {
    /** How long a replacement may take to become ready. */
    static final Duration REPLACEMENT_LIMIT = Duration.ofSeconds(30);

    private RecycleRule() {}

    /** Follows the replacement that is being started. */
    static void follow(PoolDraft draft) {
        draft.state.replacement().ifPresent(r -> follow(draft, r));
    }

    private static void follow(PoolDraft draft, Replacement replacement) {
        if (replacement.old() == replacement.fresh()) {
            followInPlace(draft, replacement);
            return;
        }
        Optional<PoolWorker> old =
                draft.state.worker(replacement.old()).filter(RecycleRule::isCandidate);
        if (old.filter(w -> w.run() == replacement.run()).isEmpty()) {
            drop(draft);
            return;
        }
        Optional<PoolWorker> fresh = draft.state.worker(replacement.fresh());
        if (fresh.filter(w -> w.is(WorkerPhase.READY)).isPresent()) {
            drop(draft);
            draft.retire(old.get(), replacement.reason());
        } else {
            failure(draft, fresh).ifPresent(why -> fail(draft, replacement, why));
        }
    }

    private static void followInPlace(PoolDraft draft, Replacement replacement) {
        Optional<PoolWorker> worker = draft.state.worker(replacement.fresh());
        boolean isOver =
                draft.spec.sharing() == SocketSharing.SHARED
                        || replacement.fresh() > WorkerNeed.max(draft.spec)
                        || worker.filter(w -> w.is(WorkerPhase.READY)).isPresent();
        boolean isStopping = worker.filter(PoolWorker::isRetiredByPool).isPresent();
        boolean isToBeStarted = worker.isEmpty() && draft.state.failures() == 0;
        if (isOver) {
            drop(draft);
        } else if (!isStopping && !isToBeStarted) {
            failure(draft, worker).ifPresent(why -> fail(draft, replacement, why));
        }
    }

    /** Why one that was started has not become ready, if it will not in time. */
    static Optional<Cause> failure(PoolDraft draft, Optional<PoolWorker> fresh) {
        if (fresh.isEmpty()) {
            return Optional.of(Cause.EXITED);
        }
        return switch (fresh.get().phase()) {
            case STARTING -> {
                if (fresh.get().failures() > 0) {
                    yield Optional.of(Cause.EXITED);
                }
                boolean isSlow = draft.now.hasReached(readyBy(fresh.get()));
                yield isSlow ? Optional.of(Cause.TOO_SLOW) : Optional.empty();
            }
            case BACKING_OFF, ENDED, FAILED -> Optional.of(Cause.EXITED);
            case RETIRING, HELD -> Optional.of(Cause.STOPPED);
            case READY -> Optional.empty();
        };
    }

    private static void fail(PoolDraft draft, Replacement replacement, Cause cause) {
        boolean isRoll = replacement.reason() == RetireReason.OUTDATED;
        draft.state =
                draft.state
                        .withReplacement(Optional.empty(), draft.state.isRollStopped() || isRoll)
                        .withFailures(Math.max(1, draft.state.failures()), draft.now);
        draft.state
                .worker(replacement.fresh())
                .filter(_ -> replacement.fresh() != replacement.old())
                .filter(w -> !w.is(WorkerPhase.RETIRING) && !w.is(WorkerPhase.HELD))
                .ifPresent(w -> draft.retire(w, RetireReason.NOT_NEEDED));
        draft.report(
                new PoolReport.ReplacementFailed(
                        replacement.fresh(), replacement.old(), replacement.reason(), cause));
    }

    private static void drop(PoolDraft draft) {
        draft.state = draft.state.withReplacement(Optional.empty(), draft.state.isRollStopped());
    }

    /** Begins with the next one. */
    static void begin(PoolDraft draft) {
        if (isBusy(draft.state) || draft.state.generation().isPending()) {
            return;
        }
        draft.state.workers().stream()
                .filter(w -> isCandidate(w) && isDue(draft, w))
                .min(
                        Comparator.comparing((PoolWorker w) -> w.is(WorkerPhase.READY))
                                .thenComparingInt(PoolWorker::number))
                .ifPresent(w -> begin(draft, w));
    }

    private static void begin(PoolDraft draft, PoolWorker worker) {
        RetireReason reason = worker.retireFor().orElse(RetireReason.AGE);
        int needed = WorkerNeed.needed(draft.spec, draft.state, draft.now);
        if (draft.spec.sharing() == SocketSharing.PER_WORKER) {
            draft.retire(worker, reason);
            replaceBy(draft, worker, worker.number(), reason);
        } else if (WorkerNeed.live(draft.state) > needed) {
            draft.retire(worker, reason);
        } else if (WorkerNeed.hasRoomForReplacement(draft.spec, draft.state)) {
            draft.startAnother().ifPresent(n -> replaceBy(draft, worker, n, reason));
        }
    }

    private static void replaceBy(
            PoolDraft draft, PoolWorker worker, int fresh, RetireReason reason) {
        Replacement replacement = new Replacement(worker.number(), worker.run(), fresh, reason);
        draft.state =
                draft.state.withReplacement(Optional.of(replacement), draft.state.isRollStopped());
    }

    static boolean isBusy(PoolState state) {
        return state.replacement().isPresent()
                || state.workers().stream().anyMatch(PoolWorker::isRetiringGently);
    }

    static boolean isCandidate(PoolWorker worker) {
        return worker.is(WorkerPhase.READY) || worker.is(WorkerPhase.STARTING);
    }

    private static boolean isDue(PoolDraft draft, PoolWorker worker) {
        if (worker.isOutdated()) {
            return !draft.state.isRollStopped()
                    && GenerationRule.isOneByOne(draft.spec, draft.state);
        }
        boolean isMarked = worker.retireFor().isPresent();
        return (isMarked || ageLimit(draft.spec, worker).filter(draft.now::hasReached).isPresent())
                && WorkerNeed.mayStart(draft.spec, draft.state, draft.now);
    }

    /** When a worker that is starting has failed unless it is ready. */
    static Ticks readyBy(PoolWorker worker) {
        return worker.since().plus(REPLACEMENT_LIMIT);
    }

    /** When the replacement has failed unless it is ready. */
    static Optional<Ticks> startDeadline(PoolState state) {
        return state.replacement()
                .flatMap(r -> state.worker(r.fresh()))
                .filter(w -> w.is(WorkerPhase.STARTING))
                .map(RecycleRule::readyBy);
    }

    /** When the next worker is due; empty while that waits for something else to happen. */
    static Optional<Ticks> deadline(PoolSpec spec, PoolState state) {
        boolean hasRoom =
                spec.sharing() == SocketSharing.PER_WORKER
                        || WorkerNeed.hasRoomForReplacement(spec, state);
        if (isBusy(state) || state.generation().isPending() || !hasRoom) {
            return Optional.empty();
        }
        Optional<Ticks> retry =
                state.failures() == 0
                        ? Optional.empty()
                        : Optional.of(WorkerNeed.retryAt(spec, state));
        return state.workers().stream()
                .filter(w -> isCandidate(w) && !w.isOutdated())
                .flatMap(w -> (w.retireFor().isPresent() ? retry : ageLimit(spec, w)).stream())
                .map(at -> retry.filter(r -> r.hasReached(at)).orElse(at))
                .min(Ticks::compareTo);
    }

    /** When a worker is too old: the same for each run, but not for all workers. */
    private static Optional<Ticks> ageLimit(PoolSpec spec, PoolWorker worker) {
        return spec.recycle()
                .age()
                .map(age -> {
                    double part = 1 + spec.recycle().jitter() * (2 * unit(spec, worker) - 1);
                    return worker.started().plus(Duration.ofNanos((long) (age.toNanos() * part)));
                });
    }

    /** A number in [0, 1) by the finishing steps of MurmurHash3. */
    private static double unit(PoolSpec spec, PoolWorker worker) {
        long h =
                (spec.id().hashCode() * 31L + worker.number()) * 0x9e3779b97f4a7c15L + worker.run();
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        h ^= h >>> 33;
        return (h >>> 11) * 0x1.0p-53;
    }
}
