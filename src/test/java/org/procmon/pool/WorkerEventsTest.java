package org.procmon.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.procmon.config.PoolBuilder;
import org.procmon.config.PoolSpec;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.plan.PoolEvent;
import org.procmon.pool.plan.WorkerPhase;

class WorkerEventsTest {
    private static final PoolSpec POOL = PoolBuilder.pool("php").build();
    private static final Ticks SINCE = WorkerViews.SINCE;
    private static final Ticks LATER = new Ticks(SINCE.nanos() + 1);
    private static final Run ALIVE = new Run(4711, 1, 9, LATER);

    private static ProcessState stopping(StopReason why) {
        return new ProcessState.Stopping(ALIVE, why, 1, SINCE, Optional.empty(), SINCE, SINCE);
    }

    private static ProcessState stopped(StopReason why) {
        return new ProcessState.Stopped(why, SINCE);
    }

    static Stream<Arguments> phases() {
        return Stream.of(
                Arguments.of(
                        Goal.UP, new ProcessState.Starting(ALIVE, LATER), WorkerPhase.STARTING),
                Arguments.of(Goal.UP, new ProcessState.Waiting(SINCE), WorkerPhase.STARTING),
                Arguments.of(Goal.UP, new ProcessState.Running(ALIVE), WorkerPhase.READY),
                Arguments.of(
                        Goal.UP,
                        new ProcessState.Backoff(1, LATER, SINCE),
                        WorkerPhase.BACKING_OFF),
                Arguments.of(Goal.DOWN, new ProcessState.Completed(SINCE), WorkerPhase.ENDED),
                Arguments.of(
                        Goal.DOWN,
                        new ProcessState.Failed(Optional.empty(), SINCE),
                        WorkerPhase.FAILED),
                Arguments.of(
                        Goal.UP,
                        new ProcessState.Failed(Optional.empty(), Optional.of(LATER), SINCE),
                        WorkerPhase.BACKING_OFF),
                Arguments.of(Goal.DOWN, stopping(StopReason.ENDED), WorkerPhase.RETIRING),
                Arguments.of(Goal.UP, stopping(StopReason.RESTART), WorkerPhase.RETIRING),
                Arguments.of(Goal.UP, stopping(StopReason.UNHEALTHY), WorkerPhase.RETIRING),
                Arguments.of(Goal.FORGOTTEN, stopping(StopReason.RETIRED), WorkerPhase.RETIRING),
                Arguments.of(Goal.DOWN, stopped(StopReason.OPERATOR), WorkerPhase.HELD));
    }

    @ParameterizedTest
    @MethodSource("phases")
    void aStateIsAPhase(Goal goal, ProcessState state, WorkerPhase phase) {
        boolean hasRun = state.run().isPresent();
        // One that is about to start has the number of that run: the last one is over.
        long latest = WorkerViews.RUN + (state instanceof ProcessState.Waiting ? 1 : 0);
        assertThat(WorkerEvents.of(WorkerViews.view(POOL, 2, goal, state), 2))
                .contains(
                        new PoolEvent.WorkerSeen(
                                2,
                                phase,
                                hasRun ? ALIVE.number() : latest,
                                hasRun ? ALIVE.started() : SINCE));
    }

    static Stream<Arguments> gone() {
        return Stream.of(
                Arguments.of(Goal.FORGOTTEN, StopReason.RETIRED),
                Arguments.of(Goal.FORGOTTEN, StopReason.REMOVED),
                Arguments.of(Goal.DOWN, StopReason.NEVER_STARTED),
                Arguments.of(Goal.DOWN, StopReason.SHUTDOWN));
    }

    @ParameterizedTest
    @MethodSource("gone")
    void aWorkerThatIsDownIsGone(Goal goal, StopReason why) {
        assertThat(WorkerEvents.of(WorkerViews.view(POOL, 2, goal, stopped(why)), 2))
                .contains(new PoolEvent.WorkerGone(2));
    }

    @Test
    void anExitDecidesNothingUntilTheRestOfTheGroupIsGone() {
        assertThat(
                        WorkerEvents.of(
                                WorkerViews.view(POOL, 2, Goal.UP, stopping(StopReason.ENDED)), 2))
                .isEmpty();
    }
}
