package org.procmon.pool.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.pool.plan.PoolDriver.retirements;
import static org.procmon.pool.plan.PoolDriver.starts;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.procmon.pool.plan.PoolAction.LookAtBusy;
import org.procmon.pool.plan.PoolAction.RetireWorker;

/** When workers that have nothing to do are stopped. */
class PoolIdleTest {
    private static final int IDLE = 8_000;

    private static PoolDriver ready(int count) {
        return PoolDriver.ready(PoolSpecBuilder.onDemand(9), count);
    }

    private static RetireWorker idle(int number) {
        return new RetireWorker(number, RetireReason.IDLE);
    }

    @Test
    void idleWorkersAreStoppedOneAfterTheOther() {
        PoolDriver pool = ready(3);
        assertThat(retirements(pool.passWhileBusy(IDLE - 100, 0))).isEmpty();
        assertThat(retirements(pool.passWhileBusy(400, 0))).containsExactly(idle(3));
        assertThat(retirements(pool.passWhileBusy(5_000, 0))).isEmpty();
        assertThat(pool.gone(3)).containsExactly(idle(2));
        assertThat(pool.gone(2)).containsExactly(idle(1));
        var _ = pool.gone(1);
        assertThat(pool.deadline()).isEmpty();
        assertThat(pool.state.counters().idle()).isEqualTo(3);
    }

    @Test
    void theBusiestMomentDecidesHowManyStay() {
        PoolDriver pool = ready(4);
        var _ = pool.passWhileBusy(IDLE / 2, 0);
        var _ = pool.busy(2);
        assertThat(retirements(pool.passWhileBusy(IDLE / 2 + 300, 0))).containsExactly(idle(4));
        assertThat(pool.gone(4)).containsExactly(idle(3));
        assertThat(pool.gone(3)).isEmpty();
        assertThat(retirements(pool.passWhileBusy(IDLE / 2 - 1_500, 0))).isEmpty();
        assertThat(retirements(pool.passWhileBusy(3_000, 0))).containsExactly(idle(2));
    }

    @Test
    void aPoolAtItsLeastDoesNotWake() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.onDemand(2, 9), 2);
        assertThat(pool.deadline()).isEmpty();
        assertThat(PoolDriver.ready(PoolSpecBuilder.dynamic(2, 9, 3, 4), 3).deadline()).isEmpty();
        assertThat(PoolDriver.ready(PoolSpecBuilder.fixed(9), 9).deadline()).isEmpty();
    }

    @Test
    void aWorkerThatIsNotReadyGoesFirst() {
        PoolDriver pool = ready(3);
        var _ = pool.see(2, WorkerPhase.BACKING_OFF);
        assertThat(retirements(pool.passWhileBusy(IDLE + 300, 0))).containsExactly(idle(2));
    }

    @Test
    void noneIsStoppedWhileAClientWaits() {
        PoolDriver pool = ready(3);
        var _ = pool.passWhileBusy(IDLE - 100, 0);
        var _ = pool.readable();
        var _ = pool.queue(1, 0);
        pool.later(1_000);
        assertThat(retirements(pool.busy(0))).isEmpty();
    }

    @Test
    void aWorkerThatWasStartedForAClientIsNotIdleAtOnce() {
        PoolDriver pool = ready(2);
        var _ = pool.passWhileBusy(IDLE + 100, 2);
        var _ = pool.readable();
        assertThat(starts(pool.queue(1, 5))).hasSize(1);
        var _ = pool.see(3, WorkerPhase.READY);
        var _ = pool.pass(4);
        var _ = pool.queue(0);
        assertThat(retirements(pool.passWhileBusy(IDLE - 1_500, 2))).isEmpty();
        assertThat(retirements(pool.passWhileBusy(3_000, 2))).containsExactly(idle(3));
    }

    @Test
    void whenNobodyCountedForAWhileTheTimeBeginsAgain() {
        PoolDriver pool = ready(3);
        var _ = pool.passWhileBusy(IDLE - 100, 0);
        pool.later(60_000);
        assertThat(retirements(pool.busy(0))).isEmpty();
        assertThat(retirements(pool.passWhileBusy(IDLE - 100, 0))).isEmpty();
        assertThat(retirements(pool.passWhileBusy(400, 0))).hasSize(1);
    }

    @Test
    void aDynamicPoolKeepsItsSpareWorkersWhenItShrinks() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.dynamic(1, 9, 2, 9), 6);
        assertThat(retirements(pool.passWhileBusy(IDLE + 400, 2))).containsExactly(idle(6));
        assertThat(pool.gone(6)).containsExactly(idle(5));
        assertThat(pool.gone(5)).isEmpty();
        assertThat(pool.untilDeadline()).isPositive();
    }

    @Test
    void idleWorkersAboveSpareMaxAreStoppedWithoutWaiting() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.dynamic(1, 9, 1, 3), 6);
        assertThat(pool.busy(1)).containsExactly(idle(6));
        assertThat(pool.busy(1)).isEmpty();
        var _ = pool.gone(6);
        assertThat(pool.busy(1)).containsExactly(idle(5));
        var _ = pool.gone(5);
        assertThat(pool.busy(1)).isEmpty();
    }

    @Test
    void busyWorkersAreCountedFourToTenTimesASecond() {
        assertThat(samples(Duration.ofSeconds(20))).isEqualTo(4);
        assertThat(samples(Duration.ofMillis(1_200))).isEqualTo(6);
        assertThat(samples(Duration.ofMillis(10))).isEqualTo(10);
    }

    private static long samples(Duration idleTimeout) {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.onDemand(3).idleTimeout(idleTimeout), 1);
        return pool.passWhileBusy(1_000, 1).stream().filter(new LookAtBusy()::equals).count();
    }
}
