package org.procmon.pool.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.procmon.lifecycle.Ticks;

/** A worker of the simulated kernel, and what the loop does with it. */
final class SimulatedWorker {
    private static final long MILLI = SimulatedPool.MILLI;

    final int number;

    /** The one that its run has. */
    int listener;

    private final SimulatedPool pool;
    WorkerPhase phase = WorkerPhase.ENDED;
    private boolean isBusy;
    private boolean isAccepting;
    private boolean isHolding;
    private boolean isHanging;
    private long run;
    private long started;

    /** Counts all changes, so that what was planned before one does not happen. */
    private long changes;

    private int failures;

    SimulatedWorker(SimulatedPool pool, int number) {
        this.pool = pool;
        this.number = number;
    }

    boolean isBusy() {
        return isBusy;
    }

    boolean isIdle() {
        return isAccepting && !isBusy && phase == WorkerPhase.READY && listener == pool.listener;
    }

    boolean isProcess() {
        return phase.isLive() || phase == WorkerPhase.RETIRING;
    }

    PoolEvent seen() {
        return new PoolEvent.WorkerSeen(number, phase, run, new Ticks(started));
    }

    private void become(WorkerPhase next) {
        phase = next;
        changes++;
        pool.tell(seen());
    }

    /** Does something later, unless the worker changes before. */
    private void later(long nanos, Runnable what) {
        long planned = changes;
        pool.in(
                nanos,
                () -> {
                    if (changes == planned && pool.workers.get(number) == this) {
                        what.run();
                    }
                });
    }

    void start() {
        assertThat(phase)
                .as("phase of worker %d that is started", number)
                .isEqualTo(WorkerPhase.ENDED);
        begin();
    }

    private void begin() {
        run++;
        started = pool.now;
        listener = pool.second.orElse(pool.listener);
        isBusy = false;
        isAccepting = false;
        become(WorkerPhase.STARTING);
        Random random = pool.random;
        long time = MILLI + random.nextInt(2 * pool.program.startMillis) * MILLI;
        int luck = random.nextInt(100);
        SimulatedPool.Program program = pool.program;
        isHanging = false;
        if (luck < program.fails) {
            later(time, this::fail);
        } else if (luck < program.fails + program.endsBeforeReady) {
            later(time, () -> become(WorkerPhase.ENDED));
        } else if (luck >= program.fails + program.endsBeforeReady + program.hangs) {
            later(time, this::ready);
        } else {
            isHanging = true;
        }
    }

    void stopHanging() {
        if (phase == WorkerPhase.STARTING && isHanging) {
            ready();
        }
    }

    private void ready() {
        isAccepting = true;
        failures = 0;
        become(WorkerPhase.READY);
        pool.accept();
    }

    private void fail() {
        isBusy = false;
        isAccepting = false;
        failures++;
        if (failures > pool.program.restartsUntilGivenUp) {
            become(WorkerPhase.FAILED);
        } else if (failures == 1) {
            begin();
        } else {
            become(WorkerPhase.BACKING_OFF);
            later(Math.min(5_000, 100L << Math.min(10, failures)) * MILLI, this::begin);
        }
    }

    void serve(long service) {
        isBusy = true;
        later(service, this::served);
    }

    private void served() {
        isBusy = false;
        int luck = pool.random.nextInt(100);
        if (luck < pool.program.crashes) {
            fail();
        } else if (luck < pool.program.crashes + pool.program.endsAfterRequest) {
            isAccepting = false;
            become(WorkerPhase.ENDED);
        } else {
            pool.accept();
        }
    }

    void retire() {
        assertThat(phase)
                .as("phase of worker %d that is retired", number)
                .isNotIn(WorkerPhase.HELD);
        boolean wasServing = isBusy;
        isAccepting = false;
        phase = WorkerPhase.RETIRING;
        changes++;
        later((wasServing ? 1 + pool.random.nextInt(200) : 1) * MILLI, this::remove);
    }

    private void remove() {
        isBusy = false;
        changes++;
        var _ = pool.workers.remove(number);
        pool.tell(new PoolEvent.WorkerGone(number));
    }

    void hold() {
        if (phase != WorkerPhase.HELD && phase != WorkerPhase.RETIRING && !isHolding) {
            pool.note("an operator stops worker " + number);
            isHolding = true;
            isAccepting = false;
            become(WorkerPhase.RETIRING);
            later(
                    20 * MILLI,
                    () -> {
                        isBusy = false;
                        isHolding = false;
                        become(WorkerPhase.HELD);
                    });
        }
    }

    void release() {
        if (phase == WorkerPhase.HELD) {
            pool.note("an operator starts worker " + number);
            failures = 0;
            begin();
        }
    }

    /** An operator removes the process while the pool counts on it. */
    void vanish() {
        if (phase != WorkerPhase.RETIRING) {
            pool.note("worker " + number + " is removed");
            remove();
        }
    }
}
