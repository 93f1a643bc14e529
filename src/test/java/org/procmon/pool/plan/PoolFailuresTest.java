package org.procmon.pool.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.pool.plan.PoolDriver.reports;
import static org.procmon.pool.plan.PoolDriver.starts;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.procmon.pool.plan.PoolAction.RefuseOldest;
import org.procmon.pool.plan.PoolAction.RetireWorker;
import org.procmon.pool.plan.PoolAction.StartWorker;

/** What a pool does about workers that end or fail. */
class PoolFailuresTest {
    private static final RefuseOldest REFUSE = new RefuseOldest(3, RefuseReason.ALL_FAILED);

    private static List<PoolAction> look(PoolDriver pool) {
        var _ = pool.pass(100);
        var _ = pool.readable();
        return pool.queue(3, 50);
    }

    @Test
    void aWorkerThatEndsAfterItWorkedIsStartedAgainAtOnce() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(2), 2);
        pool.later(1_000);
        assertThat(pool.see(1, WorkerPhase.ENDED)).containsExactly(new StartWorker(1));
        assertThat(pool.state.counters().recycled()).isEqualTo(1);
    }

    @Test
    void aWorkerThatEndsBeforeItIsReadyIsStartedAgainEverLater() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.fixed(1));
        List<Long> delays = new ArrayList<>();
        for (int run = 1; run <= 6; run++) {
            var _ = pool.see(1, WorkerPhase.STARTING, run);
            assertThat(pool.see(1, WorkerPhase.ENDED, run)).isEmpty();
            delays.add(pool.untilDeadline());
            assertThat(pool.pass(pool.untilDeadline() + 1)).contains(new StartWorker(1));
        }
        assertThat(delays).isSorted();
        assertThat(delays.getFirst()).isBetween(89L, 111L);
        assertThat(delays.getLast()).isGreaterThan(2_500L);
    }

    @Test
    void aWorkerThatEndsAndIsNotNeededIsForgotten() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.onDemand(9), 2);
        var _ = pool.passWhileBusy(8_100, 1);
        var _ = pool.gone(2);
        var _ = pool.passWhileBusy(9_200, 0);
        var _ = pool.gone(1);
        var _ = pool.readable();
        var _ = pool.queue(1, 50);
        assertThat(pool.see(1, WorkerPhase.STARTING)).isEmpty();
        var _ = pool.queue(0);
        assertThat(pool.see(1, WorkerPhase.ENDED))
                .containsExactly(new RetireWorker(1, RetireReason.NOT_NEEDED));
    }

    @Test
    void clientsAreRefusedWhenAllWorkersHaveFailedUntilOneWorks() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.fixed(2));
        var _ = pool.see(1, WorkerPhase.BACKING_OFF);
        assertThat(look(pool)).as("the other one may work").doesNotContain(REFUSE);
        var _ = pool.see(2, WorkerPhase.FAILED);
        var actions = look(pool);
        assertThat(actions).contains(REFUSE);
        assertThat(reports(actions)).containsExactly(new PoolReport.AllFailed());
        var _ = pool.see(1, WorkerPhase.STARTING, 2);
        assertThat(look(pool)).containsExactly(REFUSE);
        var _ = pool.see(1, WorkerPhase.READY, 2);
        assertThat(look(pool)).doesNotContain(REFUSE);
    }

    @Test
    void noneIsRefusedWhileTheFirstWorkerStarts() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.onDemand(2));
        var _ = pool.see(1, WorkerPhase.STARTING);
        for (int i = 0; i < 50; i++) {
            assertThat(look(pool)).doesNotContain(REFUSE);
        }
    }

    @Test
    void noneIsRefusedWhileAWorkerThatWorkedIsRestarted() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(1), 1);
        var _ = pool.see(1, WorkerPhase.STARTING, 2);
        assertThat(look(pool)).doesNotContain(REFUSE);
        var _ = pool.see(1, WorkerPhase.BACKING_OFF, 2);
        assertThat(look(pool)).contains(REFUSE);
    }

    @Test
    void oneThatHasGivenUpDoesNotStopOthersFromBeingTried() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.onDemand(4));
        var _ = pool.readable();
        var _ = pool.queue(1);
        var _ = pool.see(1, WorkerPhase.STARTING);
        var _ = pool.see(1, WorkerPhase.FAILED);
        var _ = pool.pass(8);
        assertThat(pool.queue(3, 5)).contains(REFUSE);
        assertThat(starts(look(pool))).as("one at a time").containsExactly(new StartWorker(2));
        assertThat(look(pool)).doesNotContain(REFUSE);
        var _ = pool.see(2, WorkerPhase.READY);
        assertThat(starts(look(pool))).hasSize(2);
    }

    @Test
    void workersThatFailTogetherAreOneFailure() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.fixed(4));
        pool.later(50);
        for (int i = 1; i <= 4; i++) {
            var _ = pool.see(i, WorkerPhase.BACKING_OFF);
        }
        assertThat(pool.state.failures()).isEqualTo(1);
    }

    @Test
    void aWorkerThatCannotBeMadeIsNotTriedWithoutAPause() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.fixed(1));
        assertThat(pool.gone(1)).isEmpty();
        assertThat(pool.untilDeadline()).isGreaterThan(80);
        assertThat(pool.pass(200)).containsExactly(new StartWorker(1));
    }

    @Test
    void aWorkerThatACommandRestartsKeepsItsPlace() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(2), 2);
        assertThat(pool.see(1, WorkerPhase.RETIRING)).isEmpty();
        assertThat(pool.see(1, WorkerPhase.STARTING, 2)).isEmpty();
        assertThat(pool.see(1, WorkerPhase.READY, 2)).isEmpty();
    }

    @Test
    void noneIsRefusedWhileACommandRestartsTheOneThatWorks() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(2), 2);
        var _ = pool.see(1, WorkerPhase.BACKING_OFF);
        var _ = pool.see(2, WorkerPhase.RETIRING);
        assertThat(look(pool)).doesNotContain(REFUSE);
        var _ = pool.see(2, WorkerPhase.BACKING_OFF);
        assertThat(look(pool)).contains(REFUSE);
    }
}
