package org.procmon.pool;

import java.util.Optional;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.plan.PoolEvent;
import org.procmon.pool.plan.WorkerPhase;
import org.procmon.status.ProcessView;

/** What the state of a process means to its pool. Pure. */
final class WorkerEvents {
    private WorkerEvents() {}

    /**
     * The event for a worker in this state; empty for a state that lasts only until the rest of its
     * group is gone, and that decides nothing.
     */
    static Optional<PoolEvent> of(ProcessView view, int number) {
        ProcessStatus process = view.process();
        return switch (process.state()) {
            case ProcessState.Starting _, ProcessState.Waiting _ ->
                    seen(view, number, WorkerPhase.STARTING);
            case ProcessState.Running _ -> seen(view, number, WorkerPhase.READY);
            case ProcessState.Backoff _ -> seen(view, number, WorkerPhase.BACKING_OFF);
            case ProcessState.Completed _ -> seen(view, number, WorkerPhase.ENDED);
            case ProcessState.Failed failed ->
                    seen(
                            view,
                            number,
                            failed.retry().isPresent()
                                    ? WorkerPhase.BACKING_OFF
                                    : WorkerPhase.FAILED);
            case ProcessState.Stopping stopping ->
                    stopping.why() == StopReason.ENDED && process.goal() == Goal.UP
                            ? Optional.empty()
                            : seen(view, number, WorkerPhase.RETIRING);
            case ProcessState.Stopped _ ->
                    process.isHeldDown()
                            ? seen(view, number, WorkerPhase.HELD)
                            : Optional.of(new PoolEvent.WorkerGone(number));
        };
    }

    private static Optional<PoolEvent> seen(ProcessView view, int number, WorkerPhase phase) {
        Optional<Run> run = view.process().state().run();
        Ticks started = run.map(Run::started).orElseGet(() -> view.process().state().since());
        long latest = run.map(Run::number).orElseGet(() -> latest(view.process()));
        return Optional.of(new PoolEvent.WorkerSeen(number, phase, latest, started));
    }

    /** One that waits for its start has the number that it will get: its last run is over. */
    private static long latest(ProcessStatus process) {
        int next = process.state() instanceof ProcessState.Waiting ? 1 : 0;
        return process.tally().runs() + next;
    }
}
