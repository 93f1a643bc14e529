package org.procmon.pool.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.pool.plan.PoolDriver.reports;
import static org.procmon.pool.plan.PoolDriver.retirements;
import static org.procmon.pool.plan.PoolDriver.starts;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.plan.PoolAction.RetireWorker;
import org.procmon.pool.plan.ShareRule.Claim;

/** How pools divide the workers of a share. */
class ShareRuleTest {
    private static final Ticks NOW = new Ticks(1_000_000_000L);

    private static Claim content(String pool, int used, int least) {
        return new Claim(pool, used, least, false, Optional.empty());
    }

    private static Claim waiting(String pool, int used, int secondsAgo) {
        Ticks since = NOW.plus(Duration.ofSeconds(-secondsAgo));
        return new Claim(pool, used, 0, true, Optional.of(since));
    }

    private static Claim claim(PoolDriver pool) {
        return ShareRule.claim(pool.spec, pool.state, pool.now);
    }

    @Test
    void aPoolMayHaveWhatTheOthersLeave() {
        Claim own = content("a", 3, 0);
        assertThat(ShareRule.limit(10, own, List.of())).isEqualTo(10);
        assertThat(ShareRule.limit(10, own, List.of(content("b", 4, 0), content("c", 1, 0))))
                .isEqualTo(5);
        assertThat(ShareRule.limit(10, own, List.of(content("b", 12, 0)))).isZero();
    }

    @Test
    void theLeastOfOthersIsLeftToThemBeforeTheyHaveIt() {
        assertThat(ShareRule.limit(10, waiting("a", 3, 9), List.of(content("b", 1, 4))))
                .isEqualTo(6);
    }

    @Test
    void aPoolWithoutAWorkerHasItsTurnFirst() {
        Claim none = waiting("a", 0, 1);
        Claim some = waiting("b", 4, 60);
        assertThat(ShareRule.limit(5, none, List.of(some))).isEqualTo(1);
        assertThat(ShareRule.limit(5, some, List.of(none))).isEqualTo(4);
        assertThat(ShareRule.isBlocked(some, 4)).isTrue();
        assertThat(ShareRule.isBlocked(none, 1)).isFalse();
    }

    @Test
    void thenThePoolWhoseClientsWaitForLonger() {
        Claim first = waiting("b", 2, 60);
        Claim second = waiting("a", 2, 1);
        assertThat(ShareRule.limit(5, first, List.of(second))).isEqualTo(3);
        assertThat(ShareRule.limit(5, second, List.of(first))).isEqualTo(2);
    }

    @Test
    void oneOfPoolsThatWaitForTheSameTimeHasItsTurn() {
        List<Claim> claims = List.of(waiting("a", 0, 1), waiting("b", 0, 1), waiting("c", 0, 1));
        long notBlocked =
                claims.stream()
                        .filter(own -> {
                            List<Claim> others =
                                    claims.stream().filter(c -> !c.equals(own)).toList();
                            return !ShareRule.isBlocked(own, ShareRule.limit(1, own, others));
                        })
                        .count();
        assertThat(notBlocked).isEqualTo(1);
    }

    @Test
    void aPoolThatDoesNotWaitLetsAllOthersGoFirst() {
        List<Claim> others = List.of(waiting("b", 1, 1), waiting("c", 0, 1));
        assertThat(ShareRule.limit(5, content("a", 1, 0), others)).isEqualTo(2);
    }

    @Test
    void clientsWaitWhenTheShareIsFull() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.onDemand(8));
        pool.state = pool.state.withShareLimit(2);
        var _ = pool.readable();
        List<PoolAction> actions = pool.queue(5, 10);
        assertThat(starts(actions)).hasSize(2);
        assertThat(reports(actions)).containsExactly(new PoolReport.ShareFull(5));
        assertThat(claim(pool).used()).isEqualTo(2);
        assertThat(ShareRule.isBlocked(claim(pool), 2)).isTrue();

        var _ = pool.see(1, WorkerPhase.READY);
        var _ = pool.see(2, WorkerPhase.READY);
        assertThat(starts(pool.queue(5, 50))).isEmpty();
        pool.state = pool.state.withShareLimit(3);
        assertThat(starts(pool.queue(5, 60))).hasSize(1);
    }

    @Test
    void aFullShareRefusesClientsBeyondTheQueue() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.onDemand(8).queueMax(3));
        pool.state = pool.state.withShareLimit(0);
        var _ = pool.readable();
        assertThat(pool.queue(5, 10))
                .contains(new PoolAction.RefuseOldest(2, RefuseReason.QUEUE_FULL));
    }

    @Test
    void thePoolsOwnMaximumIsReportedBeforeTheShare() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.onDemand(2));
        pool.state = pool.state.withShareLimit(5);
        var _ = pool.readable();
        assertThat(reports(pool.queue(5, 10))).containsExactly(new PoolReport.MaxReached(5));
    }

    @Test
    void anIdleWorkerAboveTheLeastIsGivenToAnotherPool() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.dynamic(2, 9, 1, 9), 4);
        assertThat(pool.tell(new PoolEvent.ShareWanted(4))).as("all are busy").isEmpty();
        assertThat(pool.tell(new PoolEvent.ShareWanted(3)))
                .containsExactly(new RetireWorker(4, RetireReason.IDLE));
        assertThat(pool.tell(new PoolEvent.ShareWanted(0))).as("one at a time").isEmpty();
        assertThat(claim(pool).used()).isEqualTo(3);
        var _ = pool.gone(4);
        assertThat(retirements(pool.tell(new PoolEvent.ShareWanted(0)))).hasSize(1);
        var _ = pool.gone(3);
        assertThat(pool.tell(new PoolEvent.ShareWanted(0))).as("its least").isEmpty();
    }

    @Test
    void aPoolWhoseClientsWaitAndAStaticOneGiveNone() {
        PoolDriver crowded = PoolDriver.ready(PoolSpecBuilder.onDemand(9), 2);
        var _ = crowded.readable();
        var _ = crowded.queue(1, 0);
        assertThat(retirements(crowded.tell(new PoolEvent.ShareWanted(0)))).isEmpty();
        PoolDriver fixed = PoolDriver.ready(PoolSpecBuilder.fixed(3), 3);
        assertThat(fixed.tell(new PoolEvent.ShareWanted(0))).isEmpty();
    }

    @Test
    void aWorkerThatEndedIsNotStartedAgainWhenItsPlaceIsAnothers() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.onDemand(9), 3);
        pool.state = pool.state.withShareLimit(2);
        pool.later(1_000);
        assertThat(retirements(pool.see(1, WorkerPhase.ENDED)))
                .containsExactly(new RetireWorker(1, RetireReason.NOT_NEEDED));
        assertThat(starts(pool.see(2, WorkerPhase.ENDED))).hasSize(1);
    }

    @Test
    void theWorkersOfAGenerationCountOnce() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.onDemand(9), 3);
        pool.state = pool.state.withShareLimit(3);
        var _ = pool.tell(new PoolEvent.RollRequested());
        assertThat(starts(pool.tell(new PoolEvent.GenerationOpened()))).hasSize(3);
        assertThat(claim(pool).used()).isEqualTo(3);
    }

    @Test
    void aStoppedPoolNeedsNothing() {
        PoolDriver pool = PoolDriver.ready(PoolSpecBuilder.fixed(3), 3);
        assertThat(claim(pool)).isEqualTo(content("php", 3, 3));
        var _ = pool.tell(new PoolEvent.OperatorStopped());
        assertThat(claim(pool)).isEqualTo(content("php", 0, 0));
    }
}
