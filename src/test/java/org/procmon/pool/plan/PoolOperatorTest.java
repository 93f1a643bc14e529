package org.procmon.pool.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.pool.plan.PoolDriver.retirements;
import static org.procmon.pool.plan.PoolDriver.starts;

import org.junit.jupiter.api.Test;
import org.procmon.pool.plan.PoolAction.Arm;
import org.procmon.pool.plan.PoolAction.LookAtQueue;
import org.procmon.pool.plan.PoolAction.RefuseOldest;
import org.procmon.pool.plan.PoolAction.RetireWorker;
import org.procmon.pool.plan.PoolAction.StartWorker;

/** What operators, configurations and takeovers do to a pool. */
class PoolOperatorTest {
    @Test
    void aStopStopsAllWorkersAtOnceAndRefusesClients() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(3), 3);
        assertThat(pool.tell(new PoolEvent.OperatorStopped()))
                .containsExactly(
                        new RetireWorker(1, RetireReason.STOPPED),
                        new RetireWorker(2, RetireReason.STOPPED),
                        new RetireWorker(3, RetireReason.STOPPED));
        assertThat(pool.readable()).containsExactly(new LookAtQueue());
        assertThat(pool.queue(4)).containsExactly(new RefuseOldest(4, RefuseReason.STOPPED));
        assertThat(pool.pass(4)).containsExactly(new Arm());
        assertThat(pool.deadline()).isEmpty();
        assertThat(starts(pool.gone(1))).isEmpty();
    }

    @Test
    void clientsOfAStoppedPoolWaitWhereTheyAreMeantTo() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.onDemand(3).clientsWaitWhileStopped());
        var _ = pool.tell(new PoolEvent.OperatorStopped());
        var _ = pool.readable();
        assertThat(pool.queue(4)).isEmpty();
        assertThat(pool.deadline()).isEmpty();
        assertThat(pool.tell(new PoolEvent.OperatorStarted())).containsExactly(new Arm());
        var _ = pool.readable();
        assertThat(starts(pool.queue(4))).hasSize(3);
    }

    @Test
    void limitsHoldForThoseThatWaitForAStart() {
        PoolDriver pool =
                PoolDriver.up(PoolSpecBuilder.fixed(1).clientsWaitWhileStopped().queueMax(3));
        var _ = pool.tell(new PoolEvent.OperatorStopped());
        var _ = pool.readable();
        assertThat(pool.queue(4)).contains(new RefuseOldest(1, RefuseReason.QUEUE_FULL));
        assertThat(pool.untilDeadline()).isPositive();
    }

    @Test
    void aStartMakesAStoppedPoolWhatItWas() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(2), 2);
        var _ = pool.tell(new PoolEvent.OperatorStopped());
        assertThat(starts(pool.tell(new PoolEvent.OperatorStarted())))
                .as("two that are being stopped, and one more")
                .containsExactly(new StartWorker(3));
        assertThat(pool.gone(1)).containsExactly(new StartWorker(1));
        assertThat(pool.gone(2)).isEmpty();
    }

    @Test
    void nothingTakesThePlaceOfAWorkerOfAStaticPoolThatAnOperatorStopped() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(2), 2);
        assertThat(pool.see(1, WorkerPhase.RETIRING)).isEmpty();
        assertThat(pool.see(1, WorkerPhase.HELD)).isEmpty();
        assertThat(starts(pool.queue(5))).as("clients wait").isEmpty();
        assertThat(pool.see(2, WorkerPhase.ENDED).size() + pool.pass(200).size()).isPositive();
        assertThat(pool.state.worker(2).orElseThrow().phase())
                .as("the other one is restarted")
                .isEqualTo(WorkerPhase.STARTING);
        assertThat(pool.state.workers()).hasSize(2);
        var _ = pool.tell(new PoolEvent.OperatorStarted());
        assertThat(pool.state.worker(1).orElseThrow().phase()).isEqualTo(WorkerPhase.HELD);
        var _ = pool.tell(new PoolEvent.OperatorStopped());
        assertThat(pool.state.worker(1).orElseThrow().phase()).isEqualTo(WorkerPhase.HELD);
    }

    @Test
    void aWorkerOfAnotherPoolThatAnOperatorStoppedIsReplacedUnderAnotherNumber() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.dynamic(2, 2, 0, 2), 2);
        assertThat(starts(pool.see(1, WorkerPhase.HELD))).containsExactly(new StartWorker(3));
    }

    @Test
    void aHeldWorkerThatAnOperatorStartsTakesItsPlaceAgain() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.dynamic(2, 2, 0, 2), 2);
        var _ = pool.see(1, WorkerPhase.HELD);
        var _ = pool.see(3, WorkerPhase.READY);
        assertThat(retirements(pool.see(1, WorkerPhase.STARTING, 2)))
                .containsExactly(new RetireWorker(1, RetireReason.SCALE));
    }

    @Test
    void numbersOfHeldWorkersAreBounded() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(2), 2);
        for (int i = 1; i <= 5; i++) {
            var _ = pool.see(i, WorkerPhase.HELD);
        }
        assertThat(pool.state.workers()).hasSize(5);
        assertThat(pool.state.count(WorkerPhase.HELD)).isEqualTo(5);
    }

    @Test
    void aSmallerConfigurationStopsTheHighestNumbers() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(4), 4);
        assertThat(pool.tell(new PoolEvent.Reconfigured(PoolSpecBuilder.fixed(2).build())))
                .containsExactly(
                        new RetireWorker(4, RetireReason.SCALE),
                        new RetireWorker(3, RetireReason.SCALE));
    }

    @Test
    void aLargerConfigurationStartsMore() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(1), 1);
        assertThat(pool.tell(new PoolEvent.Reconfigured(PoolSpecBuilder.fixed(3).build())))
                .containsExactly(new StartWorker(2), new StartWorker(3));
    }

    @Test
    void aTakeoverKeepsTheWorkersThatExist() {
        PoolDriver pool = new PoolDriver(PoolSpecBuilder.fixed(3).build());
        assertThat(pool.see(1, WorkerPhase.READY)).isEmpty();
        assertThat(pool.see(3, WorkerPhase.STARTING)).isEmpty();
        assertThat(pool.tell(new PoolEvent.OperatorStarted()))
                .containsExactly(new StartWorker(2), new Arm());
    }

    @Test
    void aTakeoverOfAStoppedPoolStartsNothing() {
        PoolDriver pool = new PoolDriver(PoolSpecBuilder.fixed(3).build());
        assertThat(pool.tell(new PoolEvent.OperatorStopped())).containsExactly(new Arm());
        assertThat(pool.deadline()).isEmpty();
    }

    @Test
    void aTakeoverDoesNotTryAgainWhatHasGivenUp() {
        PoolDriver pool = new PoolDriver(PoolSpecBuilder.fixed(1).build());
        var _ = pool.see(1, WorkerPhase.FAILED);
        assertThat(pool.tell(new PoolEvent.OperatorStarted())).containsExactly(new Arm());
        assertThat(pool.tell(new PoolEvent.OperatorStarted()))
                .containsExactly(new RetireWorker(1, RetireReason.NOT_NEEDED), new StartWorker(2));
    }
}
