package org.procmon.pool.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolMode;
import org.procmon.config.pool.SocketSharing;

/**
 * Random histories of pools over a simulated kernel: clients come in bursts, programs start slowly,
 * fail, hang or end by themselves, and operators interfere. {@code PoolChecks} has what holds at
 * every step; in the end the program works, no client comes, and the pool comes to rest.
 */
class RandomPoolHistoriesTest {
    private static final int HISTORIES = 2_000;
    private static final int SCENES = 12;
    static final int MOST_WORKERS = 10;
    private static final long MILLI = SimulatedPool.MILLI;

    private long served;
    private long starts;
    private long refused;
    private long promotions;

    @Test
    void noHistoryBreaksAnInvariant() {
        long seed = Long.getLong("procmon.seed", System.nanoTime());
        for (int i = 0; i < HISTORIES; i++) {
            Random random = new Random(seed + i);
            SimulatedPool pool = new SimulatedPool(spec(random), random);
            try {
                live(pool);
                settle(pool);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "history with -Dprocmon.seed=%d: %s%n%s%n%s"
                                .formatted(
                                        seed + i,
                                        e.getMessage(),
                                        String.join("\n", pool.trace()),
                                        pool.state),
                        e);
            }
            served += pool.served;
            starts += pool.starts;
            promotions += pool.promotions;
            refused += pool.state.counters().refused();
        }
        // That the histories are not idle is part of the test.
        assertThat(served).isGreaterThan(HISTORIES * 20L);
        assertThat(starts).isGreaterThan(HISTORIES * 5L);
        assertThat(refused).isGreaterThan(HISTORIES);
        assertThat(promotions).isGreaterThan(HISTORIES / 2);
    }

    private static PoolSpec spec(Random random) {
        int max = 1 + random.nextInt(MOST_WORKERS);
        int min = random.nextInt(max + 1);
        PoolSpecBuilder builder =
                switch (random.nextInt(3)) {
                    case 0 -> PoolSpecBuilder.fixed(max);
                    case 1 -> {
                        int spare = random.nextInt(max + 1);
                        yield PoolSpecBuilder.dynamic(min, max, spare, spare + random.nextInt(3));
                    }
                    default -> PoolSpecBuilder.onDemand(random.nextBoolean() ? 0 : min, max);
                };
        var _ = builder.idleTimeout(Duration.ofMillis(random.nextInt(4_000)));
        if (random.nextInt(3) == 0) {
            var _ = builder.queueMax(random.nextInt(20));
        }
        if (random.nextInt(3) == 0) {
            var _ = builder.queueTimeout(Duration.ofMillis(1 + random.nextInt(2_000)));
        }
        if (random.nextInt(3) == 0) {
            var _ = builder.age(Duration.ofMillis(500 + random.nextInt(5_000)));
        }
        if (random.nextInt(3) == 0) {
            var _ = builder.memory(1_000);
        }
        if (random.nextInt(4) == 0) {
            var _ = builder.perWorker();
        }
        return (random.nextBoolean() ? builder.clientsWaitWhileStopped() : builder).build();
    }

    private static void live(SimulatedPool pool) {
        pool.takeOver(pool.random.nextInt(10) == 0);
        for (int i = 0; i < SCENES; i++) {
            for (int j = 0; j < 2; j++) {
                something(pool);
            }
            clientsCome(pool);
            pool.run(pool.random.nextInt(1_500) * MILLI);
        }
    }

    private static void clientsCome(SimulatedPool pool) {
        Random random = pool.random;
        int count = random.nextInt(random.nextInt(4) == 0 ? 100 : 10);
        long within = 1L + random.nextInt(random.nextBoolean() ? 5 : 1_000);
        for (int i = 0; i < count; i++) {
            pool.in((long) (random.nextDouble() * within * MILLI), pool::clientComes);
        }
    }

    private static void something(SimulatedPool pool) {
        Random random = pool.random;
        switch (random.nextInt(16)) {
            case 0, 1 -> theProgramChanges(pool);
            case 2 -> pool.tell(new PoolEvent.OperatorStopped());
            case 3, 4 -> pool.tell(new PoolEvent.OperatorStarted());
            case 5 -> {
                pool.reconfigure(spec(random));
                List.copyOf(pool.workers.keySet())
                        .forEach(n -> pool.tell(new PoolEvent.WorkerOutdated(n)));
            }
            case 6 ->
                    List.copyOf(pool.workers.keySet())
                            .forEach(n -> pool.tell(new PoolEvent.MemorySeen(n, 500 * n)));
            case 7 -> pick(pool).ifPresent(SimulatedWorker::hold);
            case 8 -> List.copyOf(pool.workers.values()).forEach(SimulatedWorker::release);
            case 9 -> pick(pool).ifPresent(SimulatedWorker::vanish);
            case 10 -> pool.takeOver(pool.state.goal() == PoolGoal.STOPPED);
            case 11, 12 -> pool.tell(new PoolEvent.RollRequested());
            default -> pool.run(random.nextInt(300) * MILLI);
        }
    }

    private static Optional<SimulatedWorker> pick(SimulatedPool pool) {
        return pool.workers.values().stream()
                .skip(pool.random.nextInt(pool.workers.size() + 1))
                .findFirst();
    }

    private static void theProgramChanges(SimulatedPool pool) {
        Random random = pool.random;
        SimulatedPool.Program program = pool.program;
        boolean isBad = random.nextInt(3) == 0;
        program.startMillis = 1 + random.nextInt(100);
        program.serviceMillis = 1 + random.nextInt(random.nextInt(3) == 0 ? 1_000 : 20);
        program.fails = isBad ? random.nextInt(110) : 0;
        program.endsBeforeReady = random.nextInt(4) == 0 ? random.nextInt(110) : 0;
        program.hangs = random.nextInt(5) == 0 ? random.nextInt(100) : 0;
        program.crashes = random.nextInt(4) == 0 ? random.nextInt(30) : 0;
        program.endsAfterRequest = random.nextInt(3) == 0 ? random.nextInt(30) : 0;
        program.restartsUntilGivenUp = random.nextInt(3) == 0 ? 3 : Integer.MAX_VALUE;
        program.impossible = random.nextInt(2) == 0 ? random.nextInt(100) : 0;
        program.notPromoted = random.nextInt(3) == 0 ? random.nextInt(100) : 0;
        pool.note("the program changes");
    }

    private static void heal(SimulatedPool pool) {
        SimulatedPool.Program program = pool.program;
        program.startMillis = 20;
        program.serviceMillis = 10;
        program.fails = 0;
        program.endsBeforeReady = 0;
        program.hangs = 0;
        program.crashes = 0;
        program.endsAfterRequest = 0;
        program.impossible = 0;
        program.notPromoted = 0;
        pool.note("the program works");
        List.copyOf(pool.workers.values()).forEach(SimulatedWorker::stopHanging);
    }

    /** The program works and no client comes: the pool has its least, and nothing more to do. */
    private static void settle(SimulatedPool pool) {
        heal(pool);
        pool.tell(new PoolEvent.OperatorStarted());
        List.copyOf(pool.workers.values()).forEach(SimulatedWorker::release);
        for (int i = 0; i < 20 && (i == 0 || !pool.queue.isEmpty()); i++) {
            pool.run(60_000 * MILLI);
        }
        pool.tell(new PoolEvent.OperatorStarted());
        pool.run(20_000 * MILLI);
        assertThat(pool.queue).as("clients in the end").isEmpty();
        assertThat(pool.state.isRolling()).as("a roll in the end").isFalse();
        assertThat(pool.state.isRollStopped()).as("a roll that has stopped").isFalse();
        assertThat(pool.workers.values())
                .as("workers that clients reach in the end")
                .allMatch(w -> !w.phase.isLive() || w.listener == pool.listener);
        boolean isAging = pool.spec.recycle().age().isPresent();
        int least = Math.max(0, WorkerNeed.least(pool.spec) - heldPlaces(pool));
        if (!isAging && pool.state.count(WorkerPhase.STARTING) == 0) {
            assertThat(pool.state.count(WorkerPhase.READY))
                    .as("workers in the end")
                    .isEqualTo(least);
            assertThat(PoolPlan.deadline(pool.spec, pool.state)).as("deadline at rest").isEmpty();
        }
        if (pool.spec.mode() == PoolMode.STATIC) {
            // One that is replaced is stopped first where its number is its address.
            int missing = pool.spec.sharing() == SocketSharing.PER_WORKER ? 1 : 0;
            assertThat(WorkerNeed.live(pool.state)).isBetween(least - missing, least + 1);
        }
        assertThat(pool.state.total()).isLessThanOrEqualTo(pool.spec.workers().max() + 1);
    }

    /** In a static pool, nothing takes the place of one that is held. */
    private static int heldPlaces(SimulatedPool pool) {
        boolean isPerWorker = pool.spec.sharing() == SocketSharing.PER_WORKER;
        return (int)
                pool.state.workers().stream()
                        .filter(_ -> isPerWorker || pool.spec.mode() == PoolMode.STATIC)
                        .filter(w -> w.is(WorkerPhase.HELD))
                        .filter(w -> !isPerWorker || w.number() <= pool.spec.workers().max())
                        .count();
    }
}
