package org.procmon.pool.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.pool.plan.PoolDriver.reports;
import static org.procmon.pool.plan.PoolDriver.retirements;
import static org.procmon.pool.plan.PoolDriver.starts;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.procmon.pool.plan.PoolAction.Arm;
import org.procmon.pool.plan.PoolAction.RetireWorker;
import org.procmon.pool.plan.PoolAction.StartWorker;

/** Pools whose workers have a socket each: a worker's number is its address. */
class PoolPerWorkerTest {
    private static PoolDriver ready(PoolSpecBuilder spec, int count) {
        return PoolDriver.ready(spec.perWorker(), count);
    }

    private static void assertReplacedInPlace(PoolDriver pool, int number, RetireReason reason) {
        assertThat(starts(pool.gone(number))).containsExactly(new StartWorker(number));
        assertThat(pool.see(number, WorkerPhase.STARTING))
                .as(reason + ": the next one only when this one is ready")
                .isEmpty();
    }

    @Test
    void outdatedWorkersAreReplacedInPlaceAndOneAtATime() {
        PoolDriver pool = ready(PoolSpecBuilder.fixed(2), 2);
        var actions = pool.tell(new PoolEvent.RollRequested());
        assertThat(retirements(actions))
                .containsExactly(new RetireWorker(1, RetireReason.OUTDATED));
        assertThat(starts(actions)).isEmpty();
        assertReplacedInPlace(pool, 1, RetireReason.OUTDATED);
        assertThat(retirements(pool.see(1, WorkerPhase.READY)))
                .containsExactly(new RetireWorker(2, RetireReason.OUTDATED));
        assertReplacedInPlace(pool, 2, RetireReason.OUTDATED);
        assertThat(pool.state.isRolling()).isTrue();
        assertThat(pool.see(2, WorkerPhase.READY)).isEmpty();
        assertThat(pool.state.isRolling()).isFalse();
        assertThat(pool.deadline()).isEmpty();
    }

    @Test
    void aWorkerThatIsTooLargeOrTooOldIsReplacedInPlace() {
        PoolDriver large = ready(PoolSpecBuilder.fixed(2).memory(1_000), 2);
        assertThat(retirements(large.tell(new PoolEvent.MemorySeen(2, 2_000))))
                .containsExactly(new RetireWorker(2, RetireReason.MEMORY));
        assertReplacedInPlace(large, 2, RetireReason.MEMORY);
        PoolDriver old = ready(PoolSpecBuilder.fixed(1).age(Duration.ofMinutes(1)), 1);
        assertThat(retirements(old.pass(old.untilDeadline() + 1)))
                .containsExactly(new RetireWorker(1, RetireReason.AGE));
        assertReplacedInPlace(old, 1, RetireReason.AGE);
    }

    @Test
    void aNewRunThatFailsStopsTheRoll() {
        PoolDriver pool = ready(PoolSpecBuilder.fixed(2), 2);
        var _ = pool.tell(new PoolEvent.RollRequested());
        var _ = pool.gone(1);
        var actions = pool.see(1, WorkerPhase.BACKING_OFF);
        assertThat(reports(actions))
                .containsExactly(
                        new PoolReport.ReplacementFailed(
                                1, 1, RetireReason.OUTDATED, PoolReport.Cause.EXITED));
        assertThat(retirements(actions)).as("it keeps its place").isEmpty();
        assertThat(pool.state.isRollStopped()).isTrue();
        assertThat(pool.see(1, WorkerPhase.READY, 2)).as("the other one stays").isEmpty();
    }

    @Test
    void aNewRunThatCannotBeMadeOrIsNeverReadyStopsTheRoll() {
        PoolDriver unmade = ready(PoolSpecBuilder.fixed(2), 2);
        var _ = unmade.tell(new PoolEvent.RollRequested());
        var _ = unmade.gone(1);
        var _ = unmade.gone(1);
        assertThat(unmade.state.isRollStopped()).isTrue();
        PoolDriver slow = ready(PoolSpecBuilder.fixed(2), 2);
        var _ = slow.tell(new PoolEvent.RollRequested());
        slow.later(60_000);
        assertThat(slow.deadline()).as("while the old run ends").isEmpty();
        var _ = slow.gone(1);
        assertThat(slow.untilDeadline()).isEqualTo(30_000);
        assertThat(reports(slow.pass(30_000)))
                .containsExactly(
                        new PoolReport.ReplacementFailed(
                                1, 1, RetireReason.OUTDATED, PoolReport.Cause.TOO_SLOW));
    }

    @Test
    void thereIsAlwaysOneForEachAddressWhateverTheMode() {
        for (PoolSpecBuilder spec :
                List.of(PoolSpecBuilder.onDemand(2), PoolSpecBuilder.dynamic(0, 2, 0, 0))) {
            PoolDriver pool = PoolDriver.up(spec.perWorker());
            assertThat(starts(pool.tell(new PoolEvent.OperatorStarted()))).isEmpty();
            assertThat(pool.state.workers()).hasSize(2);
            var _ = pool.see(1, WorkerPhase.READY);
            var _ = pool.see(2, WorkerPhase.READY);
            assertThat(pool.passWhileBusy(60_000, 0)).isEmpty();
        }
    }

    @Test
    void noWorkerTakesAnotherAddress() {
        PoolDriver pool = ready(PoolSpecBuilder.fixed(2), 2);
        assertThat(pool.see(1, WorkerPhase.HELD)).isEmpty();
        var _ = pool.readable();
        assertThat(starts(pool.queue(5, 50))).isEmpty();
    }

    @Test
    void aNumberWithoutAnAddressIsNotKept() {
        PoolDriver pool = new PoolDriver(PoolSpecBuilder.fixed(2).perWorker().build());
        var _ = pool.see(1, WorkerPhase.READY);
        var _ = pool.see(3, WorkerPhase.READY);
        assertThat(pool.tell(new PoolEvent.OperatorStarted()))
                .containsExactly(
                        new RetireWorker(3, RetireReason.SCALE), new StartWorker(2), new Arm());
    }
}
