package org.procmon.pool.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.procmon.config.PoolSpec;
import org.procmon.lifecycle.Ticks;

/** A pool whose events and times a test chooses, one after the other. */
final class PoolDriver {
    PoolSpec spec;
    PoolState state;
    Ticks now = new Ticks(1_000_000_000L);

    PoolDriver(PoolSpec spec) {
        this.spec = spec;
        state = PoolState.initial(now);
    }

    /** A pool that serves. */
    static PoolDriver up(PoolSpecBuilder spec) {
        PoolDriver pool = new PoolDriver(spec.build());
        var _ = pool.tell(new PoolEvent.OperatorStarted());
        return pool;
    }

    /** A pool with so many workers that are ready. */
    static PoolDriver ready(PoolSpecBuilder spec, int count) {
        PoolDriver pool = new PoolDriver(spec.build());
        IntStream.rangeClosed(1, count).forEach(n -> pool.see(n, WorkerPhase.READY));
        var _ = pool.tell(new PoolEvent.OperatorStarted());
        return pool;
    }

    List<PoolAction> tell(PoolEvent event) {
        PoolStep step = PoolPlan.step(spec, state, event, now);
        if (event instanceof PoolEvent.Reconfigured changed) {
            spec = changed.spec();
        }
        state = step.next();
        return step.actions();
    }

    List<PoolAction> see(int number, WorkerPhase phase) {
        return see(number, phase, 1);
    }

    List<PoolAction> see(int number, WorkerPhase phase, long run) {
        Ticks started =
                state.worker(number)
                        .filter(w -> w.run() == run || w.run() == 0)
                        .map(PoolWorker::started)
                        .orElse(now);
        return tell(new PoolEvent.WorkerSeen(number, phase, run, started));
    }

    List<PoolAction> queue(int waiting, long oldestMillis) {
        return tell(new PoolEvent.QueueSeen(waiting, Optional.of(Duration.ofMillis(oldestMillis))));
    }

    List<PoolAction> queue(int waiting) {
        return tell(new PoolEvent.QueueSeen(waiting, Optional.empty()));
    }

    List<PoolAction> busy(int busy) {
        return tell(new PoolEvent.BusySeen(busy));
    }

    List<PoolAction> gone(int number) {
        return tell(new PoolEvent.WorkerGone(number));
    }

    List<PoolAction> readable() {
        return tell(new PoolEvent.ListenerReadable());
    }

    void later(long millis) {
        now = now.plus(Duration.ofMillis(millis));
    }

    List<PoolAction> pass(long millis) {
        later(millis);
        return tell(new PoolEvent.TimePassed());
    }

    Optional<Ticks> deadline() {
        return PoolPlan.deadline(spec, state);
    }

    /** How long until the next wake-up, in milliseconds. */
    long untilDeadline() {
        return deadline().orElseThrow().since(now).toMillis();
    }

    /** Wakes at each deadline for so long, while {@code busy} workers are seen; all actions. */
    List<PoolAction> passWhileBusy(long millis, int busy) {
        Ticks end = now.plus(Duration.ofMillis(millis));
        List<PoolAction> all = new ArrayList<>();
        while (deadline().filter(end::hasReached).isPresent()) {
            now = deadline().orElseThrow();
            List<PoolAction> actions = tell(new PoolEvent.TimePassed());
            all.addAll(actions);
            if (actions.contains(new PoolAction.LookAtBusy())) {
                all.addAll(busy(busy));
            }
            if (actions.contains(new PoolAction.LookAtQueue())) {
                all.addAll(queue(0));
            }
        }
        now = end;
        return all;
    }

    static List<PoolAction> starts(List<PoolAction> actions) {
        return actions.stream().filter(PoolAction.StartWorker.class::isInstance).toList();
    }

    static List<PoolAction> retirements(List<PoolAction> actions) {
        return actions.stream().filter(PoolAction.RetireWorker.class::isInstance).toList();
    }

    static List<PoolReport> reports(List<PoolAction> actions) {
        return actions.stream()
                .filter(PoolAction.Report.class::isInstance)
                .map(a -> ((PoolAction.Report) a).what())
                .toList();
    }
}
