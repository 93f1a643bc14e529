package org.procmon.pool.plan;

import java.util.Optional;
import java.util.stream.Stream;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolMode;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.plan.PoolAction.LookAtBusy;
import org.procmon.pool.plan.PoolEvent.BusySeen;
import org.procmon.pool.plan.PoolEvent.GenerationImpossible;
import org.procmon.pool.plan.PoolEvent.GenerationNotPromoted;
import org.procmon.pool.plan.PoolEvent.GenerationOpened;
import org.procmon.pool.plan.PoolEvent.GenerationPromoted;
import org.procmon.pool.plan.PoolEvent.ListenerReadable;
import org.procmon.pool.plan.PoolEvent.MemorySeen;
import org.procmon.pool.plan.PoolEvent.OperatorStarted;
import org.procmon.pool.plan.PoolEvent.OperatorStopped;
import org.procmon.pool.plan.PoolEvent.QueueSeen;
import org.procmon.pool.plan.PoolEvent.Reconfigured;
import org.procmon.pool.plan.PoolEvent.RollRequested;
import org.procmon.pool.plan.PoolEvent.ShareWanted;
import org.procmon.pool.plan.PoolEvent.TimePassed;
import org.procmon.pool.plan.PoolEvent.WorkerGone;
import org.procmon.pool.plan.PoolEvent.WorkerOutdated;
import org.procmon.pool.plan.PoolEvent.WorkerSeen;

/** Decides what a pool does. The package documentation has the rules. Any thread. */
public final class PoolPlan {
    private PoolPlan() {}

    /** What follows from an event. An event that does not fit the state changes nothing. */
    public static PoolStep step(PoolSpec spec, PoolState state, PoolEvent event, Ticks now) {
        PoolSpec newest = event instanceof Reconfigured changed ? changed.spec() : spec;
        PoolDraft draft = new PoolDraft(newest, state, now);
        switch (event) {
            case ListenerReadable _ -> readable(draft);
            case QueueSeen seen -> {
                if (state.goal() != PoolGoal.UNDECIDED) {
                    QueueRule.seen(draft, seen);
                }
            }
            case BusySeen seen -> IdleRule.sampled(draft, seen.busy());
            case WorkerSeen seen -> {
                WorkerChanges.seen(draft, seen);
                QueueRule.workerReady(draft);
            }
            case WorkerGone gone -> WorkerChanges.gone(draft, gone.number());
            case WorkerOutdated outdated -> WorkerChanges.outdated(draft, outdated.number());
            case MemorySeen seen -> WorkerChanges.measured(draft, seen);
            case OperatorStopped _ -> draft.state = state.with(PoolGoal.STOPPED);
            case OperatorStarted _ -> started(draft);
            case Reconfigured _ -> reconfigured(draft, spec);
            case RollRequested _ -> rollRequested(draft);
            case GenerationOpened _ -> GenerationRule.opened(draft);
            case GenerationImpossible _ -> GenerationRule.impossible(draft);
            case GenerationPromoted _ -> GenerationRule.promoted(draft);
            case GenerationNotPromoted _ -> GenerationRule.notPromoted(draft);
            case ShareWanted wanted -> IdleRule.giveToShare(draft, wanted.busy());
            case TimePassed _ -> {}
        }
        UpkeepRule.apply(draft);
        return draft.finish();
    }

    private static void readable(PoolDraft draft) {
        QueueRule.readable(draft);
        if (draft.state.goal() == PoolGoal.UP && WorkerNeed.mode(draft.spec) == PoolMode.DYNAMIC) {
            draft.act(new LookAtBusy());
        }
    }

    /** An operator's start: what failed before does not count, and is tried again at once. */
    private static void started(PoolDraft draft) {
        if (draft.state.goal() == PoolGoal.UNDECIDED) {
            draft.state = draft.state.with(PoolGoal.UP);
            return;
        }
        if (draft.state.isRollStopped()) {
            GenerationRule.restart(draft);
        }
        draft.state =
                draft.state
                        .with(PoolGoal.UP)
                        .withReplacement(draft.state.replacement(), false)
                        .withFailures(0, draft.state.lastFailure());
        draft.state.workers().stream()
                .filter(UpkeepRule::isDown)
                .forEach(w -> draft.retire(w, RetireReason.NOT_NEEDED));
    }

    private static void rollRequested(PoolDraft draft) {
        GenerationRule.restart(draft);
        draft.state = draft.state.withReplacement(draft.state.replacement(), false);
        draft.state.workers().stream()
                .filter(w -> w.phase().isLive())
                .forEach(w -> draft.put(w.dueFor(RetireReason.OUTDATED)));
    }

    private static void reconfigured(PoolDraft draft, PoolSpec before) {
        GenerationRule.restart(draft);
        boolean isSameTime = before.idleTimeout().equals(draft.spec.idleTimeout());
        draft.state =
                draft.state
                        .withReplacement(draft.state.replacement(), false)
                        .withFailures(0, draft.state.lastFailure())
                        .withBusy(
                                draft.state.lastBusy(),
                                isSameTime ? draft.state.history() : Optional.empty());
        draft.state.workers().stream()
                .filter(w -> w.failures() > 0)
                .forEach(w -> draft.put(w.withFailures(0)));
    }

    /**
     * When {@link TimePassed} is due, unless another event comes first. Empty for a pool at rest:
     * no client waits, it has no more workers than its least, and none of them may become too old.
     */
    public static Optional<Ticks> deadline(PoolSpec spec, PoolState state) {
        Stream<Ticks> watch = state.queue().due().stream();
        if (state.goal() != PoolGoal.UP) {
            return watch.findFirst();
        }
        Stream<Ticks> workers =
                Stream.of(
                                state.history().map(BusyHistory::next),
                                RecycleRule.startDeadline(state),
                                GenerationRule.deadline(state),
                                RecycleRule.deadline(spec, state))
                        .flatMap(Optional::stream);
        return Stream.of(watch, workers, UpkeepRule.deadlines(spec, state))
                .flatMap(s -> s)
                .min(Ticks::compareTo);
    }
}
