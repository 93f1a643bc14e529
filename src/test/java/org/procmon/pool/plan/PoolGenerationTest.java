package org.procmon.pool.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.pool.plan.PoolDriver.retirements;
import static org.procmon.pool.plan.PoolDriver.starts;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.procmon.pool.plan.PoolAction.AbandonGeneration;
import org.procmon.pool.plan.PoolAction.OpenGeneration;
import org.procmon.pool.plan.PoolAction.PromoteGeneration;
import org.procmon.pool.plan.PoolAction.RefuseOldest;
import org.procmon.pool.plan.PoolAction.RetireWorker;
import org.procmon.pool.plan.PoolAction.StartWorker;

/** How all workers are replaced at once. */
class PoolGenerationTest {
    private static final PoolEvent ROLL = new PoolEvent.RollRequested();
    private static final PoolEvent OPENED = new PoolEvent.GenerationOpened();
    private static final PoolEvent PROMOTED = new PoolEvent.GenerationPromoted();

    private static RetireWorker retire(int number, RetireReason reason) {
        return new RetireWorker(number, reason);
    }

    /** Two old workers, and two fresh ones that are starting. */
    private static PoolDriver renewing() {
        return renewing(PoolSpecBuilder.fixed(2));
    }

    private static PoolDriver renewing(PoolSpecBuilder spec) {
        PoolDriver pool = PoolDriver.ready(spec, 2);
        var _ = pool.tell(ROLL);
        assertThat(starts(pool.tell(OPENED)))
                .containsExactly(new StartWorker(3), new StartWorker(4));
        return pool;
    }

    private static PoolDriver promoting() {
        PoolDriver pool = renewing();
        var _ = pool.see(3, WorkerPhase.READY);
        assertThat(pool.see(4, WorkerPhase.READY)).containsExactly(new PromoteGeneration());
        return pool;
    }

    private static void assertFailed(PoolDriver pool, List<PoolAction> actions, PoolReport what) {
        assertThat(actions)
                .startsWith(new AbandonGeneration())
                .contains(retire(4, RetireReason.NOT_NEEDED), new PoolAction.Report(what));
        assertThat(pool.state.isRollStopped()).isTrue();
        assertThat(pool.state.isRolling()).isFalse();
        var _ = pool.gone(3);
        var _ = pool.gone(4);
        assertThat(pool.pass(3_600_000)).isEmpty();
        assertThat(pool.state.count(WorkerPhase.READY)).isEqualTo(2);
        assertThat(pool.tell(ROLL)).as("an operator tries again").contains(new OpenGeneration());
    }

    private static PoolReport failure(int number, PoolReport.Cause cause) {
        return new PoolReport.ReplacementFailed(number, 1, RetireReason.OUTDATED, cause);
    }

    @Test
    void allWorkersAreReplacedAtOnceWhenTheFreshOnesAreReady() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(2), 2);
        assertThat(pool.tell(new PoolEvent.WorkerOutdated(1)))
                .containsExactly(new OpenGeneration());
        assertThat(pool.tell(new PoolEvent.WorkerOutdated(2))).isEmpty();
        assertThat(pool.tell(OPENED)).containsExactly(new StartWorker(3), new StartWorker(4));
        assertThat(pool.see(3, WorkerPhase.READY)).isEmpty();
        assertThat(pool.see(4, WorkerPhase.READY)).containsExactly(new PromoteGeneration());
        assertThat(retirements(pool.tell(PROMOTED)))
                .containsExactly(
                        retire(1, RetireReason.OUTDATED), retire(2, RetireReason.OUTDATED));
        assertThat(pool.state.isRolling()).isTrue();
        assertThat(pool.gone(1)).isEmpty();
        assertThat(pool.gone(2)).isEmpty();
        assertThat(pool.state.isRolling()).isFalse();
        assertThat(pool.state.isRollStopped()).isFalse();
        assertThat(pool.state.counters().recycled()).isEqualTo(2);
        assertThat(pool.deadline()).isEmpty();
    }

    @Test
    void theNewListenerIsWatchedAfterThePromotion() {
        PoolDriver pool = promoting();
        var _ = pool.readable();
        var _ = pool.queue(5, 50);
        assertThat(pool.tell(PROMOTED)).endsWith(new PoolAction.Arm());
        assertThat(pool.state.queue().waiting()).as("of the old one").isZero();
    }

    @Test
    void anOutdatedWorkerThatIsStartingBeginsAGeneration() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.fixed(1));
        var _ = pool.see(1, WorkerPhase.STARTING);
        assertThat(pool.tell(new PoolEvent.WorkerOutdated(1)))
                .containsExactly(new OpenGeneration());
    }

    @Test
    void anOnDemandPoolStartsAsManyAsThereAre() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.onDemand(9), 3);
        assertThat(pool.tell(ROLL)).containsExactly(new OpenGeneration());
        assertThat(starts(pool.tell(OPENED))).hasSize(3);
    }

    @Test
    void aPoolWithoutWorkersHasNothingToRoll() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.onDemand(9));
        assertThat(pool.tell(ROLL)).isEmpty();
        assertThat(pool.state.isRolling()).isFalse();
    }

    @Test
    void aDynamicPoolStartsAtLeastItsLeast() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.dynamic(3, 5, 0, 5), 1);
        var _ = pool.see(2, WorkerPhase.HELD);
        var _ = pool.see(3, WorkerPhase.HELD);
        var _ = pool.see(4, WorkerPhase.HELD);
        var _ = pool.tell(ROLL);
        assertThat(starts(pool.tell(OPENED))).hasSize(3);
    }

    @Test
    void workersThatAreNotOutdatedAreEnough() {
        PoolDriver pool = new PoolDriver(PoolSpecBuilder.fixed(2).build());
        for (int i = 1; i <= 4; i++) {
            var _ = pool.see(i, WorkerPhase.READY);
        }
        var _ = pool.tell(new PoolEvent.WorkerOutdated(1));
        var _ = pool.tell(new PoolEvent.WorkerOutdated(2));
        assertThat(retirements(pool.tell(new PoolEvent.OperatorStarted())))
                .containsExactly(
                        retire(1, RetireReason.OUTDATED), retire(2, RetireReason.OUTDATED));
        assertThat(starts(pool.gone(1))).isEmpty();
    }

    @Test
    void aFreshWorkerThatFailsStopsTheRoll() {
        for (WorkerPhase phase :
                List.of(WorkerPhase.BACKING_OFF, WorkerPhase.FAILED, WorkerPhase.ENDED)) {
            PoolDriver pool = renewing();
            var _ = pool.see(4, WorkerPhase.READY);
            assertFailed(pool, pool.see(3, phase), failure(3, PoolReport.Cause.EXITED));
        }
    }

    @Test
    void aFreshWorkerThatIsGoneOrRestartedStopsTheRoll() {
        PoolDriver gone = renewing();
        assertFailed(gone, gone.gone(3), failure(3, PoolReport.Cause.EXITED));
        PoolDriver restarted = renewing();
        var _ = restarted.see(3, WorkerPhase.STARTING, 1);
        assertFailed(
                restarted,
                restarted.see(3, WorkerPhase.STARTING, 2),
                failure(3, PoolReport.Cause.EXITED));
    }

    @Test
    void aFreshWorkerThatAnOperatorStopsStopsTheRoll() {
        PoolDriver pool = renewing();
        assertFailed(pool, pool.see(3, WorkerPhase.RETIRING), failure(3, PoolReport.Cause.STOPPED));
    }

    @Test
    void aFreshWorkerThatIsNeverReadyStopsTheRoll() {
        PoolDriver pool = renewing();
        pool.later(10_000);
        var _ = pool.see(3, WorkerPhase.READY);
        assertThat(pool.untilDeadline()).isEqualTo(20_000);
        assertFailed(pool, pool.pass(20_000), failure(4, PoolReport.Cause.TOO_SLOW));
    }

    @Test
    void aPromotionThatFailsStopsTheRoll() {
        PoolDriver pool = promoting();
        assertFailed(
                pool,
                pool.tell(new PoolEvent.GenerationNotPromoted()),
                failure(3, PoolReport.Cause.NOT_PROMOTED));
    }

    @Test
    void withoutASecondListenerOneWorkerAtATimeIsReplacedForThisRoll() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(1), 1);
        var _ = pool.tell(ROLL);
        assertThat(pool.tell(new PoolEvent.GenerationImpossible()))
                .containsExactly(new StartWorker(2));
        assertThat(retirements(pool.see(2, WorkerPhase.READY)))
                .containsExactly(retire(1, RetireReason.OUTDATED));
        assertThat(pool.state.isRolling()).isTrue();
        assertThat(pool.gone(1)).isEmpty();
        assertThat(pool.state.isRolling()).isFalse();
        assertThat(pool.tell(ROLL)).as("the next roll").containsExactly(new OpenGeneration());
    }

    @Test
    void withoutNumbersForASecondSetOneWorkerAtATimeIsReplaced() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(2), 2);
        var _ = pool.see(3, WorkerPhase.HELD);
        var _ = pool.see(4, WorkerPhase.HELD);
        assertThat(starts(pool.tell(ROLL))).containsExactly(new StartWorker(5));
    }

    @Test
    void anOldWorkerThatIsRestartedMeanwhileIsFresh() {
        PoolDriver pool = renewing();
        assertThat(pool.see(1, WorkerPhase.BACKING_OFF)).isEmpty();
        assertThat(pool.see(1, WorkerPhase.STARTING, 2)).isEmpty();
        assertThat(pool.see(3, WorkerPhase.READY)).isEmpty();
        assertThat(pool.see(4, WorkerPhase.READY)).as("it is not ready").isEmpty();
        assertThat(pool.see(1, WorkerPhase.READY, 2)).containsExactly(new PromoteGeneration());
        assertThat(retirements(pool.tell(PROMOTED)))
                .contains(retire(2, RetireReason.OUTDATED))
                .doesNotContain(retire(1, RetireReason.OUTDATED));
    }

    @Test
    void everyWorkerOfTheOldListenerIsStoppedEvenIfItIsNotOutdated() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(2), 2);
        var _ = pool.tell(new PoolEvent.WorkerOutdated(1));
        var _ = pool.tell(OPENED);
        var _ = pool.see(3, WorkerPhase.READY);
        var _ = pool.see(4, WorkerPhase.READY);
        assertThat(retirements(pool.tell(PROMOTED))).hasSize(2);
    }

    @Test
    void noWorkerIsStartedOrStoppedByAnotherRuleWhileFreshOnesStart() {
        PoolDriver pool =
                renewing(
                        PoolSpecBuilder.dynamic(0, 4, 1, 1)
                                .idleTimeout(Duration.ofMillis(500))
                                .age(Duration.ofSeconds(1))
                                .queueMax(3));
        var _ = pool.pass(200);
        var _ = pool.readable();
        assertThat(pool.queue(5, 50))
                .contains(new RefuseOldest(2, RefuseReason.QUEUE_FULL))
                .noneMatch(StartWorker.class::isInstance);
        var _ = pool.queue(0);
        var all = pool.passWhileBusy(20_000, 0);
        assertThat(starts(all)).isEmpty();
        assertThat(retirements(all)).isEmpty();
    }

    @Test
    void clientsThatWaitAreServedByMoreWorkersWhileOldOnesDrain() {
        PoolDriver pool = renewing(PoolSpecBuilder.onDemand(3));
        var _ = pool.see(3, WorkerPhase.READY);
        var _ = pool.see(4, WorkerPhase.READY);
        var _ = pool.tell(PROMOTED);
        var _ = pool.readable();
        assertThat(starts(pool.queue(5, 50))).as("three beside two old ones").hasSize(1);
    }

    @Test
    void anOperatorsStopEndsTheGeneration() {
        PoolDriver pool = renewing();
        assertThat(pool.tell(new PoolEvent.OperatorStopped()))
                .startsWith(new AbandonGeneration())
                .contains(retire(1, RetireReason.STOPPED), retire(4, RetireReason.STOPPED));
        assertThat(pool.state.isRolling()).isFalse();
        assertThat(pool.tell(PROMOTED)).isEmpty();
    }

    @Test
    void aStopWaitsForThePromotionThatIsUnderWay() {
        PoolDriver pool = promoting();
        assertThat(pool.tell(new PoolEvent.OperatorStopped()))
                .doesNotContain(new AbandonGeneration());
        assertThat(pool.tell(new PoolEvent.GenerationNotPromoted()))
                .containsExactly(new AbandonGeneration());
    }

    @Test
    void aConfigurationInTheMiddleBeginsAgain() {
        PoolDriver pool = renewing();
        assertThat(pool.tell(new PoolEvent.Reconfigured(PoolSpecBuilder.fixed(2).build())))
                .containsExactly(
                        new AbandonGeneration(),
                        retire(3, RetireReason.NOT_NEEDED),
                        retire(4, RetireReason.NOT_NEEDED));
        var _ = pool.tell(new PoolEvent.WorkerOutdated(1));
        var _ = pool.tell(new PoolEvent.WorkerOutdated(2));
        assertThat(pool.gone(3)).isEmpty();
        assertThat(pool.gone(4)).containsExactly(new OpenGeneration());
    }

    @Test
    void aFreshWorkerThatIsOutdatedBeginsAgain() {
        PoolDriver pool = renewing();
        assertThat(pool.tell(new PoolEvent.WorkerOutdated(3)))
                .startsWith(new AbandonGeneration())
                .contains(retire(3, RetireReason.NOT_NEEDED));
        assertThat(pool.state.isRollStopped()).isFalse();
    }

    @Test
    void aConfigurationDuringThePromotionDoesNotTakeItBack() {
        PoolDriver pool = promoting();
        assertThat(pool.tell(new PoolEvent.Reconfigured(PoolSpecBuilder.fixed(2).build())))
                .isEmpty();
        for (int i = 1; i <= 4; i++) {
            var _ = pool.tell(new PoolEvent.WorkerOutdated(i));
        }
        assertThat(retirements(pool.tell(PROMOTED)))
                .containsExactly(
                        retire(1, RetireReason.OUTDATED), retire(2, RetireReason.OUTDATED));
        var _ = pool.gone(1);
        assertThat(pool.gone(2)).as("the next one").containsExactly(new OpenGeneration());
    }
}
