package org.procmon.pool.plan;

import java.util.Optional;
import org.procmon.pool.plan.PoolEvent.MemorySeen;
import org.procmon.pool.plan.PoolEvent.WorkerSeen;

/** What a pool notes of each worker. */
final class WorkerChanges {
    private WorkerChanges() {}

    static void seen(PoolDraft draft, WorkerSeen event) {
        Optional<PoolWorker> known = draft.state.worker(event.number());
        if (known.isEmpty()) {
            draft.put(found(draft, event));
            joinIfLive(draft, event);
        } else if (known.get().isRetiredByPool() && !endsRetirement(known.get(), event)) {
            if (known.get().run() == 0) {
                draft.put(withRun(known.get(), event));
            }
        } else {
            if (endsUnready(known.get(), event)) {
                draft.noteFailure(known.get().since());
            }
            draft.put(changed(draft, known.get(), event));
            if (isNewRun(known.get(), event)) {
                joinIfLive(draft, event);
            }
        }
        if (event.phase() == WorkerPhase.READY) {
            draft.noteSuccess();
        }
    }

    private static void joinIfLive(PoolDraft draft, WorkerSeen event) {
        if (event.phase().isLive()) {
            GenerationRule.join(draft, event.number());
        }
    }

    private static PoolWorker found(PoolDraft draft, WorkerSeen event) {
        return new PoolWorker(
                event.number(),
                event.phase(),
                draft.now,
                event.run(),
                event.started(),
                event.phase() == WorkerPhase.READY || event.phase() == WorkerPhase.ENDED,
                0,
                Optional.empty());
    }

    private static PoolWorker withRun(PoolWorker worker, WorkerSeen event) {
        return new PoolWorker(
                worker.number(),
                worker.phase(),
                worker.since(),
                event.run(),
                event.started(),
                worker.wasReady(),
                worker.failures(),
                worker.retireFor());
    }

    /** A worker that is being stopped ends or is removed; only an operator changes that. */
    private static boolean endsRetirement(PoolWorker worker, WorkerSeen event) {
        return event.phase() == WorkerPhase.HELD
                || (event.phase().isLive() && isNewRun(worker, event));
    }

    private static boolean isNewRun(PoolWorker worker, WorkerSeen event) {
        return worker.run() > 0 && event.run() > worker.run();
    }

    private static boolean endsUnready(PoolWorker worker, WorkerSeen event) {
        boolean wasStarting = worker.is(WorkerPhase.STARTING);
        return switch (event.phase()) {
            case BACKING_OFF, ENDED, FAILED ->
                    wasStarting || (worker.is(WorkerPhase.RETIRING) && !worker.wasReady());
            case STARTING -> wasStarting && isNewRun(worker, event);
            case READY, RETIRING, HELD -> false;
        };
    }

    private static PoolWorker changed(PoolDraft draft, PoolWorker worker, WorkerSeen event) {
        WorkerPhase phase = event.phase();
        boolean isNew = isNewRun(worker, event);
        boolean isSame = phase == worker.phase() && !isNew;
        boolean wasReady = worker.wasReady() && !isNew && phase != WorkerPhase.STARTING;
        boolean keepsReason = !isNew && phase != WorkerPhase.HELD && phase != WorkerPhase.RETIRING;
        return new PoolWorker(
                        event.number(),
                        phase,
                        isSame ? worker.since() : draft.now,
                        event.run(),
                        event.started(),
                        wasReady || phase == WorkerPhase.READY,
                        0,
                        keepsReason ? worker.retireFor() : Optional.empty())
                .withFailures(failures(worker, event));
    }

    private static int failures(PoolWorker worker, WorkerSeen event) {
        if (endsUnready(worker, event)) {
            return worker.failures() + 1;
        }
        boolean isFirstTry =
                event.phase() == WorkerPhase.STARTING
                        && switch (worker.phase()) {
                            case FAILED, HELD, RETIRING -> true;
                            case STARTING, READY, BACKING_OFF, ENDED -> false;
                        };
        return event.phase() == WorkerPhase.READY || isFirstTry ? 0 : worker.failures();
    }

    /** One that goes while it is starting could not be made. */
    static void gone(PoolDraft draft, int number) {
        draft.state
                .worker(number)
                .filter(w -> w.is(WorkerPhase.STARTING))
                .ifPresent(w -> draft.noteFailure(w.since()));
        draft.remove(number);
    }

    static void outdated(PoolDraft draft, int number) {
        if (GenerationRule.isFresh(draft.state, number)) {
            GenerationRule.restart(draft);
        }
        draft.change(number, w -> isDown(w) ? w : w.dueFor(RetireReason.OUTDATED));
    }

    private static boolean isDown(PoolWorker worker) {
        return worker.is(WorkerPhase.RETIRING) || worker.is(WorkerPhase.HELD);
    }

    static void measured(PoolDraft draft, MemorySeen event) {
        boolean isTooLarge =
                draft.spec.recycle().memory().isPresent()
                        && event.bytes() > draft.spec.recycle().memory().getAsLong();
        draft.change(event.number(), w -> measured(w, isTooLarge, draft.state.isRollStopped()));
    }

    /** An older configuration is the stronger reason, unless the new one does not work. */
    private static PoolWorker measured(PoolWorker worker, boolean isTooLarge, boolean isStopped) {
        Optional<RetireReason> reason = worker.retireFor();
        if (isDown(worker)) {
            return worker;
        }
        if (isTooLarge && (reason.isEmpty() || isStopped)) {
            return worker.dueFor(RetireReason.MEMORY);
        }
        boolean hasShrunk = !isTooLarge && reason.equals(Optional.of(RetireReason.MEMORY));
        return hasShrunk ? worker.notDue() : worker;
    }
}
