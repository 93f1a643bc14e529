package org.procmon.pool.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.pool.plan.PoolDriver.reports;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.procmon.pool.plan.PoolAction.AnswerBell;
import org.procmon.pool.plan.PoolAction.LookAtQueue;
import org.procmon.pool.plan.PoolAction.RefuseOldest;
import org.procmon.pool.plan.PoolAction.StartWorker;

/** When clients that wait are refused by a limit. */
class PoolQueueTest {
    private static PoolDriver full(PoolSpecBuilder spec) {
        PoolDriver pool = PoolDriver.ready(spec, 2);
        var _ = pool.readable();
        return pool;
    }

    @Test
    void withoutLimitsClientsWait() {
        PoolDriver pool = full(PoolSpecBuilder.fixed(2));
        assertThat(pool.queue(10_000, 3_600_000))
                .noneMatch(action -> action instanceof RefuseOldest);
    }

    @Test
    void moreClientsThanMayWaitAreRefusedAndThatIsToldOnce() {
        PoolDriver pool = full(PoolSpecBuilder.fixed(2).queueMax(10));
        assertThat(pool.queue(10, 50)).noneMatch(action -> action instanceof RefuseOldest);
        var _ = pool.pass(100);
        var actions = pool.queue(13, 50);
        assertThat(actions).contains(new RefuseOldest(3, RefuseReason.QUEUE_FULL));
        assertThat(reports(actions))
                .containsExactly(new PoolReport.QueueOverflow(13, RefuseReason.QUEUE_FULL));
        var _ = pool.pass(100);
        assertThat(pool.queue(12, 50))
                .containsExactly(new RefuseOldest(2, RefuseReason.QUEUE_FULL));
        assertThat(pool.state.counters().refused()).isEqualTo(5);
        assertThat(pool.state.counters().overflows()).isEqualTo(1);
        assertThat(pool.state.queue().waiting()).isEqualTo(10);
    }

    @Test
    void noneIsRefusedWhileWorkersCanBeStartedForThem() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.onDemand(50).queueMax(10));
        var _ = pool.readable();
        assertThat(pool.queue(40)).noneMatch(action -> action instanceof RefuseOldest);
        var _ = pool.pass(4);
        assertThat(pool.queue(40)).noneMatch(action -> action instanceof RefuseOldest);
    }

    @Test
    void aClientIsRefusedWhenItHasWaitedTooLongAndTheQueueIsLookedAtAgain() {
        PoolDriver pool = full(PoolSpecBuilder.fixed(2).queueTimeout(Duration.ofSeconds(2)));
        assertThat(pool.queue(3, 1_970)).noneMatch(action -> action instanceof RefuseOldest);
        assertThat(pool.untilDeadline()).isLessThanOrEqualTo(30);
        var _ = pool.pass(30);
        assertThat(pool.queue(3, 2_000))
                .contains(new RefuseOldest(1, RefuseReason.WAITED_TOO_LONG), new LookAtQueue());
        assertThat(pool.queue(2, 2_000))
                .contains(new RefuseOldest(1, RefuseReason.WAITED_TOO_LONG), new LookAtQueue());
        assertThat(pool.queue(1, 300)).isEmpty();
    }

    @Test
    void thoseWhoAskForAWorkerAreAnsweredAtOnceWhenItIsReady() {
        PoolDriver pool = PoolDriver.up(PoolSpecBuilder.onDemand(1).byArgument());
        var _ = pool.readable();
        assertThat(pool.queue(3)).containsExactly(new StartWorker(1));
        var _ = pool.see(1, WorkerPhase.STARTING);
        assertThat(pool.queue(3)).isEmpty();
        assertThat(pool.see(1, WorkerPhase.READY)).containsExactly(new LookAtQueue());
        assertThat(pool.queue(3)).containsExactly(new AnswerBell());
        assertThat(pool.state.queue().waiting()).isZero();
        var _ = pool.pass(pool.untilDeadline());
        assertThat(pool.readable()).containsExactly(new LookAtQueue());
        assertThat(pool.queue(1)).as("asked while one is ready").contains(new AnswerBell());
    }

    @Test
    void thoseWhoAskForAWorkerAreRefusedWhenThereWillBeNone() {
        PoolDriver pool =
                PoolDriver.up(
                        PoolSpecBuilder.onDemand(1)
                                .byArgument()
                                .queueTimeout(Duration.ofSeconds(1)));
        var _ = pool.readable();
        var _ = pool.queue(2);
        var _ = pool.see(1, WorkerPhase.STARTING);
        assertThat(pool.queue(2, 1_000))
                .contains(new RefuseOldest(1, RefuseReason.WAITED_TOO_LONG));
        var _ = pool.tell(new PoolEvent.OperatorStopped());
        assertThat(pool.queue(1)).contains(new RefuseOldest(1, RefuseReason.STOPPED));
    }

    @Test
    void theNextLookComesInTimeForTheOldestClient() {
        PoolDriver pool = full(PoolSpecBuilder.fixed(2).queueTimeout(Duration.ofSeconds(2)));
        for (int i = 0; i < 8; i++) {
            var _ = pool.queue(3, 50);
            var _ = pool.pass(pool.untilDeadline());
        }
        var _ = pool.queue(3, 1_950);
        assertThat(pool.untilDeadline()).isEqualTo(50);
    }

    @Test
    void aClientThatCannotBeRefusedIsNotTriedWithoutAPause() {
        PoolDriver pool = full(PoolSpecBuilder.fixed(2).queueTimeout(Duration.ofSeconds(2)));
        assertThat(pool.queue(3, 2_000)).contains(new LookAtQueue());
        assertThat(pool.queue(3, 2_000)).doesNotContain(new LookAtQueue());
        assertThat(pool.untilDeadline()).isEqualTo(4);
    }

    @Test
    void withoutTheAgeOfAClientItsTimeIsNotUp() {
        PoolDriver pool = full(PoolSpecBuilder.fixed(2).queueTimeout(Duration.ofSeconds(2)));
        for (int i = 0; i < 100; i++) {
            assertThat(pool.queue(3)).noneMatch(action -> action instanceof RefuseOldest);
            var _ = pool.pass(100);
        }
    }
}
