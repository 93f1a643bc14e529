package org.procmon.pool.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.pool.plan.PoolDriver.reports;
import static org.procmon.pool.plan.PoolDriver.starts;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.procmon.config.DurationText;
import org.procmon.pool.plan.PoolAction.Arm;
import org.procmon.pool.plan.PoolAction.LookAtBusy;
import org.procmon.pool.plan.PoolAction.LookAtQueue;
import org.procmon.pool.plan.PoolAction.StartWorker;

/** How many workers there are, and how clients that wait are noticed. */
class PoolGrowthTest {
    @Test
    void aStaticPoolStartsAllItsWorkersAndRests() {
        PoolDriver pool = new PoolDriver(PoolSpecBuilder.fixed(3).build());
        assertThat(pool.tell(new PoolEvent.OperatorStarted()))
                .containsExactly(
                        new StartWorker(1), new StartWorker(2), new StartWorker(3), new Arm());
        assertThat(pool.deadline()).isEmpty();
    }

    @Test
    void aDynamicPoolStartsItsLeastOrItsSpareWorkers() {
        assertThat(PoolDriver.up(PoolSpecBuilder.dynamic(2, 9, 1, 3)).state.workers()).hasSize(2);
        assertThat(PoolDriver.up(PoolSpecBuilder.dynamic(2, 9, 4, 5)).state.workers()).hasSize(4);
        assertThat(PoolDriver.up(PoolSpecBuilder.dynamic(2, 3, 5, 6)).state.workers()).hasSize(3);
    }

    @Test
    void anOnDemandPoolStartsNothingUntilAClientWaits() {
        PoolDriver pool = new PoolDriver(PoolSpecBuilder.onDemand(5).build());
        assertThat(pool.tell(new PoolEvent.OperatorStarted())).containsExactly(new Arm());
        assertThat(pool.deadline()).isEmpty();
        assertThat(pool.readable()).containsExactly(new LookAtQueue());
        assertThat(pool.queue(2)).containsExactly(new StartWorker(1), new StartWorker(2));
    }

    @Test
    void aHundredColdClientsStartExactlyMaxWorkersInOneLook() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.onDemand(32));
        var _ = pool.readable();
        assertThat(starts(pool.queue(100))).hasSize(32);
        var _ = pool.pass(4);
        assertThat(starts(pool.queue(100))).isEmpty();
    }

    @Test
    void workersThatAreStartingAreNotStartedAgain() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.onDemand(9));
        var _ = pool.readable();
        assertThat(starts(pool.queue(2))).hasSize(2);
        var _ = pool.pass(4);
        assertThat(starts(pool.queue(2))).isEmpty();
        var _ = pool.pass(8);
        assertThat(starts(pool.queue(5))).hasSize(3);
    }

    @Test
    void aWorkerThatStartsForeverDoesNotKeepOthersFromStarting() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.onDemand(9));
        var _ = pool.readable();
        var _ = pool.queue(1);
        pool.later(GrowthRule.SLOW_START.toMillis());
        assertThat(starts(pool.queue(1))).hasSize(1);
    }

    @Test
    void aClientThatAReadyWorkerTakesAtOnceStartsNone() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.onDemand(9), 1);
        var _ = pool.readable();
        assertThat(pool.queue(1, 0)).isEmpty();
        assertThat(pool.untilDeadline()).isEqualTo(4);
        assertThat(pool.pass(4)).contains(new LookAtQueue());
        assertThat(pool.queue(0)).isEmpty();
        assertThat(pool.state.workers()).hasSize(1);
    }

    @Test
    void aClientThatStillWaitsStartsAWorker() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.onDemand(9), 1);
        var _ = pool.readable();
        var _ = pool.queue(1, 0);
        var _ = pool.pass(4);
        assertThat(starts(pool.queue(1))).hasSize(1);
    }

    @Test
    void looksBecomeRarerWhileNothingChanges() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(1), 1);
        var _ = pool.readable();
        var _ = pool.queue(5, 10);
        assertThat(gapsWhileWaiting(pool, 8))
                .containsExactly(4L, 8L, 16L, 32L, 64L, 128L, 250L, 250L);
    }

    /** Some client has always just come, and none waits for long. */
    @Test
    void looksAtASaturatedPoolBecomeRarer() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(4), 4);
        var _ = pool.readable();
        var _ = pool.queue(4, 0);
        assertThat(gapsWhileWaiting(pool, 8, 0))
                .containsExactly(4L, 8L, 16L, 32L, 64L, 128L, 250L, 250L);
    }

    @Test
    void looksAtAPoolThatJustKeepsUpBecomeRarer() {
        PoolDriver pool = PoolDriver.ready(withoutSamples(PoolSpecBuilder.onDemand(6)), 4);
        var _ = pool.readable();
        var _ = pool.queue(4, 0);
        assertThat(gapsWhileWaiting(pool, 7, 0)).containsExactly(4L, 4L, 8L, 16L, 32L, 64L, 100L);
    }

    @Test
    void theFirstClientAfterALongGapIsLookedForAgainAtOnce() {
        PoolDriver pool = PoolDriver.ready(withoutSamples(PoolSpecBuilder.onDemand(6)), 4);
        var _ = pool.readable();
        var _ = pool.queue(4, 0);
        var _ = gapsWhileWaiting(pool, 7, 0);
        var _ = pool.queue(0);
        var _ = pool.pass(100);
        var _ = pool.readable();
        var _ = pool.queue(1, 1);
        assertThat(pool.untilDeadline()).isEqualTo(4);
        var _ = pool.pass(4);
        assertThat(PoolDriver.starts(pool.queue(1, 5))).hasSize(1);
    }

    @Test
    void aWorkerThatEndsMakesAFullPoolLookSoon() {
        PoolDriver pool = PoolDriver.ready(withoutSamples(PoolSpecBuilder.onDemand(4)), 4);
        var _ = pool.readable();
        var _ = pool.queue(5, 10);
        var _ = gapsWhileWaiting(pool, 8);
        assertThat(pool.untilDeadline()).isEqualTo(250);
        var _ = pool.gone(4);
        assertThat(pool.untilDeadline()).isLessThanOrEqualTo(100);
    }

    private static PoolSpecBuilder withoutSamples(PoolSpecBuilder spec) {
        return spec.idleTimeout(DurationText.FOREVER);
    }

    private static List<Long> gapsWhileWaiting(PoolDriver pool, int count) {
        return gapsWhileWaiting(pool, count, 10);
    }

    private static List<Long> gapsWhileWaiting(PoolDriver pool, int count, int oldest) {
        return IntStream.range(0, count)
                .mapToObj(_ -> {
                    long gap = pool.untilDeadline();
                    assertThat(pool.pass(gap)).contains(new LookAtQueue());
                    var _ = pool.queue(5, oldest);
                    return gap;
                })
                .toList();
    }

    @Test
    void aPoolThatKeepsUpIsWokenEverMoreRarely() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(4), 4);
        List<Long> gaps =
                IntStream.range(0, 8)
                        .mapToObj(_ -> {
                            assertThat(pool.readable()).containsExactly(new LookAtQueue());
                            assertThat(pool.queue(0)).isEmpty();
                            long gap = pool.untilDeadline();
                            assertThat(pool.pass(gap)).containsExactly(new Arm());
                            assertThat(pool.deadline()).isEmpty();
                            return gap;
                        })
                        .toList();
        assertThat(gaps).containsExactly(4L, 8L, 16L, 32L, 64L, 128L, 250L, 250L);
    }

    @Test
    void afterAQuietSecondThePoolIsQuickAgain() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(4), 4);
        for (int i = 0; i < 7; i++) {
            var _ = pool.readable();
            var _ = pool.queue(0);
            var _ = pool.pass(250);
        }
        pool.later(1_000);
        var _ = pool.readable();
        var _ = pool.queue(0);
        assertThat(pool.untilDeadline()).isEqualTo(4);
    }

    @Test
    void aLookWithoutAnAnswerIsRepeated() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.onDemand(9));
        var _ = pool.readable();
        assertThat(pool.untilDeadline()).isEqualTo(100);
        assertThat(pool.pass(100)).containsExactly(new LookAtQueue());
    }

    @Test
    void aDynamicPoolKeepsSpareWorkersReady() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.dynamic(2, 6, 2, 4), 2);
        assertThat(pool.readable()).containsExactly(new LookAtQueue(), new LookAtBusy());
        var _ = pool.queue(0);
        assertThat(starts(pool.busy(2))).hasSize(2);
        var _ = pool.see(3, WorkerPhase.READY);
        var _ = pool.see(4, WorkerPhase.READY);
        assertThat(starts(pool.busy(4))).as("up to max").hasSize(2);
        assertThat(starts(pool.busy(6))).isEmpty();
    }

    @Test
    void usersAreToldOnceThatAllWorkersAreInUse() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.onDemand(2));
        var _ = pool.readable();
        assertThat(reports(pool.queue(2))).isEmpty();
        var _ = pool.pass(4);
        assertThat(reports(pool.queue(7))).containsExactly(new PoolReport.MaxReached(7));
        var _ = pool.pass(8);
        assertThat(reports(pool.queue(9))).isEmpty();
        assertThat(pool.state.counters().maxReached()).isEqualTo(1);
        var _ = pool.see(1, WorkerPhase.READY);
        var _ = pool.see(2, WorkerPhase.READY);
        var _ = pool.pass(16);
        var _ = pool.queue(0);
        var _ = pool.pass(100);
        pool.later(1_000);
        var _ = pool.readable();
        assertThat(reports(pool.queue(1, 5))).containsExactly(new PoolReport.MaxReached(1));
    }

    @Test
    void busyAndIdleWorkersAreAllThatRun() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.onDemand(5), 3);
        var _ = pool.busy(50);
        assertThat(pool.state.busy()).isEqualTo(3);
        assertThat(pool.state.idle()).isZero();
        var _ = pool.see(3, WorkerPhase.ENDED);
        assertThat(pool.state.busy()).isEqualTo(2);
        assertThat(pool.state.total()).isEqualTo(2);
    }

    @Test
    void aPoolUnderSteadyLoadIsWokenAFewTimesASecond() {
        PoolSpecBuilder spec = PoolSpecBuilder.onDemand(4).idleTimeout(Duration.ofSeconds(10));
        PoolDriver pool = PoolDriver.ready(spec, 4);
        assertThat(pool.passWhileBusy(1_000, 4)).hasSizeLessThan(11);
    }
}
