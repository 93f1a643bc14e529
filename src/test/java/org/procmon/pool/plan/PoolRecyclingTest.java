package org.procmon.pool.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.pool.plan.PoolDriver.reports;
import static org.procmon.pool.plan.PoolDriver.retirements;
import static org.procmon.pool.plan.PoolDriver.starts;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.procmon.pool.plan.PoolAction.RetireWorker;
import org.procmon.pool.plan.PoolAction.StartWorker;

/** How workers that work are replaced. */
class PoolRecyclingTest {
    private static PoolDriver outdated(int count) {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(count), count);
        for (int i = 1; i <= count; i++) {
            var _ = pool.tell(new PoolEvent.WorkerOutdated(i));
        }
        var _ = pool.tell(new PoolEvent.GenerationImpossible());
        return pool;
    }

    private static RetireWorker outdatedWorker(int number) {
        return new RetireWorker(number, RetireReason.OUTDATED);
    }

    @Test
    void aReplacementIsReadyBeforeTheOldWorkerIsStoppedAndOneAtATime() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(2), 2);
        assertThat(pool.tell(new PoolEvent.WorkerOutdated(1)))
                .containsExactly(new PoolAction.OpenGeneration());
        assertThat(pool.tell(new PoolEvent.GenerationImpossible()))
                .containsExactly(new StartWorker(3));
        assertThat(pool.tell(new PoolEvent.WorkerOutdated(2))).isEmpty();
        assertThat(pool.see(3, WorkerPhase.STARTING)).isEmpty();
        var actions = pool.see(3, WorkerPhase.READY);
        assertThat(retirements(actions)).containsExactly(outdatedWorker(1));
        assertThat(reports(actions))
                .containsExactly(new PoolReport.Recycled(1, RetireReason.OUTDATED));
        assertThat(pool.gone(1)).containsExactly(new StartWorker(1));
        assertThat(retirements(pool.see(1, WorkerPhase.READY))).containsExactly(outdatedWorker(2));
        assertThat(pool.gone(2)).isEmpty();
        assertThat(pool.state.counters().recycled()).isEqualTo(2);
        assertThat(pool.deadline()).isEmpty();
    }

    /** Another monitor was stopping the third when this one took over. */
    @Test
    void aWorkerThatStillStopsLeavesNoRoomForAReplacement() {
        PoolDriver pool = new PoolDriver(PoolSpecBuilder.fixed(2).build());
        var _ = pool.see(1, WorkerPhase.READY);
        var _ = pool.see(2, WorkerPhase.FAILED);
        var _ = pool.see(3, WorkerPhase.RETIRING);
        var _ = pool.tell(new PoolEvent.WorkerOutdated(1));
        var _ = pool.tell(new PoolEvent.OperatorStarted());
        assertThat(starts(pool.tell(new PoolEvent.GenerationImpossible()))).isEmpty();
        assertThat(starts(pool.gone(3))).hasSize(1);
    }

    @Test
    void aReplacementThatFailsStopsTheRoll() {
        PoolDriver pool = outdated(2);
        var actions = pool.see(3, WorkerPhase.BACKING_OFF);
        assertThat(retirements(actions))
                .containsExactly(new RetireWorker(3, RetireReason.NOT_NEEDED));
        assertThat(reports(actions))
                .containsExactly(
                        new PoolReport.ReplacementFailed(
                                3, 1, RetireReason.OUTDATED, PoolReport.Cause.EXITED));
        assertThat(pool.gone(3)).isEmpty();
        assertThat(pool.pass(3_600_000)).isEmpty();
        assertThat(pool.state.count(WorkerPhase.READY)).isEqualTo(2);
    }

    @Test
    void aRestartByTheLoopIsAFailureOfTheReplacement() {
        PoolDriver pool = outdated(2);
        var _ = pool.see(3, WorkerPhase.STARTING, 1);
        assertThat(retirements(pool.see(3, WorkerPhase.STARTING, 2)))
                .containsExactly(new RetireWorker(3, RetireReason.NOT_NEEDED));
    }

    @Test
    void aReplacementThatIsNeverReadyFailsInTheEnd() {
        PoolDriver pool = outdated(2);
        var _ = pool.see(3, WorkerPhase.STARTING);
        assertThat(pool.untilDeadline()).isEqualTo(RecycleRule.REPLACEMENT_LIMIT.toMillis());
        assertThat(reports(pool.pass(pool.untilDeadline())))
                .containsExactly(
                        new PoolReport.ReplacementFailed(
                                3, 1, RetireReason.OUTDATED, PoolReport.Cause.TOO_SLOW));
    }

    @Test
    void aConfigurationOrAnOperatorLetsTheRollGoOn() {
        for (PoolEvent event :
                List.of(
                        new PoolEvent.OperatorStarted(),
                        new PoolEvent.RollRequested(),
                        new PoolEvent.Reconfigured(PoolSpecBuilder.fixed(2).build()))) {
            PoolDriver pool = outdated(2);
            var _ = pool.see(3, WorkerPhase.FAILED);
            var _ = pool.gone(3);
            assertThat(pool.tell(event)).containsExactly(new PoolAction.OpenGeneration());
            assertThat(starts(pool.tell(new PoolEvent.GenerationImpossible())))
                    .containsExactly(new StartWorker(3));
        }
    }

    @Test
    void aWorkerThatIsNotNeededIsNotReplaced() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.onDemand(9), 4);
        assertThat(retirements(pool.passWhileBusy(8_300, 1)))
                .containsExactly(new RetireWorker(4, RetireReason.IDLE));
        assertThat(pool.tell(new PoolEvent.WorkerOutdated(1))).as("one at a time").isEmpty();
        var actions = pool.gone(4);
        assertThat(retirements(actions)).containsExactly(outdatedWorker(1));
        assertThat(starts(actions)).isEmpty();
    }

    @Test
    void anOldWorkerThatIsRestartedMeanwhileIsNew() {
        PoolDriver pool = outdated(2);
        var _ = pool.see(3, WorkerPhase.STARTING);
        var _ = pool.see(1, WorkerPhase.STARTING, 2);
        assertThat(pool.state.worker(1).orElseThrow().retireFor()).isEmpty();
        assertThat(pool.state.workers().stream().filter(w -> w.is(WorkerPhase.RETIRING)))
                .as("the pool has one more than it may have")
                .hasSize(1);
    }

    @Test
    void aWorkerThatFailsWithTheOldConfigurationIsStartedWithTheNewOne() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(2), 2);
        var _ = pool.see(1, WorkerPhase.FAILED);
        assertThat(pool.tell(new PoolEvent.WorkerOutdated(1)))
                .containsExactly(new RetireWorker(1, RetireReason.NOT_NEEDED), new StartWorker(3));
    }

    @Test
    void aWorkerThatIsTooLargeIsReplaced() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(2).memory(1_000), 2);
        assertThat(pool.tell(new PoolEvent.MemorySeen(2, 1_000))).isEmpty();
        assertThat(pool.tell(new PoolEvent.MemorySeen(2, 1_001)))
                .containsExactly(new StartWorker(3));
        assertThat(retirements(pool.see(3, WorkerPhase.READY)))
                .containsExactly(new RetireWorker(2, RetireReason.MEMORY));
    }

    @Test
    void workersAreReplacedByAgeButNotAllAtOnce() {
        PoolDriver pool =
                PoolDriver.ready(PoolSpecBuilder.fixed(8).age(Duration.ofMinutes(100)), 8);
        assertThat(pool.untilDeadline()).isBetween(90 * 60_000L, 110 * 60_000L);
        List<Long> ages =
                Stream.generate(() -> replaceNext(pool)).limit(8).sorted().distinct().toList();
        assertThat(ages).hasSize(8);
        assertThat(ages.getLast() - ages.getFirst()).isGreaterThan(5 * 60_000L);
        assertThat(ages.getLast()).isLessThan(111 * 60_000L);
    }

    /** The time of the next replacement, in milliseconds. */
    private static long replaceNext(PoolDriver pool) {
        List<PoolAction> actions = pool.pass(pool.untilDeadline() + 1);
        int fresh = ((StartWorker) starts(actions).getFirst()).number();
        RetireWorker old =
                (RetireWorker) retirements(pool.see(fresh, WorkerPhase.READY)).getFirst();
        assertThat(old.reason()).isEqualTo(RetireReason.AGE);
        var _ = pool.gone(old.number());
        return pool.now.nanos() / 1_000_000;
    }

    @Test
    void afterAFailedReplacementAnOldWorkerIsTriedAgainLater() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(1).age(Duration.ofMinutes(1)), 1);
        var _ = pool.pass(pool.untilDeadline() + 1);
        var _ = pool.see(2, WorkerPhase.FAILED);
        assertThat(pool.gone(2)).isEmpty();
        assertThat(pool.untilDeadline()).isBetween(80L, 120L);
        assertThat(starts(pool.pass(120))).hasSize(1);
    }
}
