package org.procmon.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.procmon.config.PoolBuilder;
import org.procmon.config.PoolSpec;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.plan.PoolEvent;
import org.procmon.pool.plan.PoolGoal;
import org.procmon.status.PoolView;
import org.procmon.status.PoolView.Roll;
import org.procmon.status.PoolView.RollState;
import org.procmon.status.ProcessView;

class RunningPoolTest {
    private final RecordingTools tools = new RecordingTools();
    private Ticks now = WorkerViews.SINCE;

    private RunningPool pool(PoolBuilder spec) {
        return new RunningPool(spec.build(), tools, () -> now);
    }

    private RunningPool started(PoolBuilder spec) {
        RunningPool pool = pool(spec);
        pool.take(new PoolEvent.OperatorStarted());
        return pool;
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void aStaticPoolStartsAllItsWorkers() {
        RunningPool pool = started(PoolBuilder.pool("php").fixed(3));
        assertThat(tools.done()).contains("start php.1", "start php.2", "start php.3");
        assertThat(pool.state().goal()).isEqualTo(PoolGoal.UP);
        assertThat(pool.since()).isEqualTo(WorkerViews.SINCE);
    }

    @Test
    void aPoolOnDemandIsOnlyWatchedUntilAClientWaits() {
        RunningPool pool = started(PoolBuilder.pool("php").onDemand(8));
        assertThat(tools.done()).containsExactly("arm");

        tools.clientsWait(1);
        pool.take(new PoolEvent.ListenerReadable());

        assertThat(tools.done()).contains("start php.1").doesNotContain("start php.2");
        assertThat(pool.longestQueue()).isEqualTo(1);
    }

    @Test
    void itsDeadlineIsThatOfItsPlan() {
        RunningPool pool = started(PoolBuilder.pool("php").onDemand(8));
        assertThat(pool.deadline()).isEmpty();
        tools.clientsWait(1);
        pool.take(new PoolEvent.ListenerReadable());
        Ticks due = pool.deadline().orElseThrow();
        tools.clientsWait(0);
        pass(due.since(now));
        pool.take(new PoolEvent.TimePassed());
        assertThat(tools.done()).as("the watch is armed again").contains("arm");
    }

    @Test
    void itsWorkersAreKnownUntilTheyAreGone() {
        PoolBuilder spec = PoolBuilder.pool("php").fixed(1);
        RunningPool pool = started(spec);
        PoolSpec php = spec.build();

        pool.workerChanged(WorkerViews.starting(php, 1, 4711), 1);
        assertThat(pool.hasRunningWorkers()).isFalse();
        assertThat(pool.pids()).containsExactly(4711);

        pool.workerChanged(WorkerViews.running(php, 1, 4711), 1);
        assertThat(pool.hasRunningWorkers()).isTrue();
        assertThat(pool.worker(1)).contains(WorkerViews.running(php, 1, 4711));

        pool.workerChanged(WorkerViews.gone(php, 1), 1);
        assertThat(pool.workers()).isEmpty();
        assertThat(pool.pids()).isEmpty();
    }

    @Test
    void aWorkerThatEndsBeforeItIsReadyIsRememberedUntilOneIsReady() {
        PoolBuilder spec = PoolBuilder.pool("php").fixed(1);
        RunningPool pool = started(spec);
        PoolSpec php = spec.build();
        pool.workerChanged(WorkerViews.starting(php, 1, 4711), 1);
        assertThat(pool.lastUnready()).isEmpty();
        pool.workerChanged(
                WorkerViews.view(php, 1, Goal.UP, new ProcessState.Completed(WorkerViews.SINCE)),
                1);
        assertThat(pool.lastUnready().map(PoolView.Unready::worker)).contains("php.1");
        pool.workerChanged(WorkerViews.gone(php, 1), 1);
        assertThat(pool.lastUnready()).isPresent();
        pool.workerChanged(WorkerViews.running(php, 1, 4712), 1);
        assertThat(pool.lastUnready()).isEmpty();
    }

    @Test
    void aWorkerThatCannotBeStartedIsRememberedWithTheReason() {
        PoolBuilder spec = PoolBuilder.pool("php").fixed(1);
        RunningPool pool = started(spec);
        StartError error = new StartError(0, "line 1 of app.env is no NAME=VALUE", true);
        pool.workerChanged(
                new ProcessView(
                        spec.build().worker(1),
                        new ProcessStatus(
                                Goal.UP,
                                new ProcessState.Failed(Optional.of(error), WorkerViews.SINCE),
                                new RunCounters(0, 0, Optional.empty(), Optional.of(error), 0)),
                        List.of()),
                1);
        assertThat(pool.lastUnready().map(PoolView.Unready::cause)).contains(error.reason());
    }

    @Test
    void theMostBusyWorkersAreNoMoreThanThereAre() {
        PoolBuilder spec = PoolBuilder.pool("php").dynamic(1, 4);
        RunningPool pool = started(spec);
        pool.workerChanged(WorkerViews.running(spec.build(), 1, 4711), 1);
        tools.clientsWait(3);
        tools.accepted = Set.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        pool.take(new PoolEvent.ListenerReadable());
        for (int i = 0; i < 100 && pool.deadline().isPresent(); i++) {
            pass(pool.deadline().get().since(now));
            pool.take(new PoolEvent.TimePassed());
        }
        assertThat(pool.mostBusy()).isBetween(1, 4);
        assertThat(pool.longestQueue()).isEqualTo(3);
    }

    @Test
    void aPoolThatIsStoppedRetiresItsWorkers() {
        PoolBuilder spec = PoolBuilder.pool("php").fixed(2);
        RunningPool pool = started(spec);
        pool.workerChanged(WorkerViews.running(spec.build(), 1, 4711), 1);
        pool.workerChanged(WorkerViews.running(spec.build(), 2, 4712), 2);
        tools.done();

        pool.take(new PoolEvent.OperatorStopped());

        assertThat(tools.done()).contains("retire php.1 STOPPED", "retire php.2 STOPPED");
    }

    @Test
    void aWorkerThatHasNoProcessYetIsGoneAtOnce() {
        RunningPool pool = started(PoolBuilder.pool("php").fixed(1));
        tools.done();

        pool.take(new PoolEvent.OperatorStopped());

        assertThat(tools.done()).noneMatch(call -> call.startsWith("retire"));
        assertThat(pool.state().total()).isZero();
    }

    @Test
    void moreWorkersAreStartedWhenTheConfigurationAllowsThem() {
        PoolBuilder two = PoolBuilder.pool("php").fixed(2);
        RunningPool pool = started(two);
        tools.done();
        PoolSpec three = PoolBuilder.pool("php").fixed(3).build();

        pool.reconfigure(three);

        assertThat(pool.spec()).isEqualTo(three);
        assertThat(tools.done()).contains("start php.3");
    }

    @Test
    void theLastReplacementOfAllWorkersIsRemembered() {
        tools.hasGenerations = true;
        PoolBuilder builder = PoolBuilder.pool("php").fixed(1);
        RunningPool pool = started(builder);
        PoolSpec php = builder.build();
        pool.workerChanged(WorkerViews.running(php, 1, 4711), 1);
        assertThat(pool.lastRoll()).isEmpty();

        pass(Duration.ofSeconds(5));
        pool.roll(_ -> {});
        assertThat(pool.lastRoll()).contains(new Roll(RollState.UNDER_WAY, now, Optional.empty()));

        pass(Duration.ofSeconds(5));
        pool.workerChanged(WorkerViews.gone(php, 2), 2);
        Roll failed =
                new Roll(
                        RollState.FAILED,
                        now,
                        Optional.of(
                                "php.1 stays (outdated): its replacement php.2 exited or could not"
                                        + " be started"));
        assertThat(pool.lastRoll()).contains(failed);
        pass(Duration.ofSeconds(5));
        pool.take(new PoolEvent.TimePassed());
        assertThat(pool.lastRoll()).contains(failed);

        pool.roll(_ -> {});
        assertThat(pool.lastRoll()).contains(new Roll(RollState.UNDER_WAY, now, Optional.empty()));
        pool.workerChanged(WorkerViews.running(php, 2, 4712), 2);
        pool.workerChanged(WorkerViews.gone(php, 1), 1);
        assertThat(pool.lastRoll()).contains(new Roll(RollState.DONE, now, Optional.empty()));
    }

    @Test
    void aReplacementOfAllWorkersIsGivenUpWhenThePoolIsStopped() {
        tools.hasGenerations = true;
        PoolBuilder builder = PoolBuilder.pool("php").fixed(1);
        RunningPool pool = started(builder);
        pool.workerChanged(WorkerViews.running(builder.build(), 1, 4711), 1);
        pool.roll(_ -> {});
        pool.take(new PoolEvent.OperatorStopped());
        assertThat(pool.lastRoll()).contains(new Roll(RollState.DROPPED, now, Optional.empty()));
    }

    /** What a tool reports while it is called comes after the step that has called it. */
    @Test
    void anEventDuringAStepIsTakenAfterIt() {
        PoolBuilder spec = PoolBuilder.pool("php").fixed(2);
        RunningPool pool = pool(spec);
        tools.whileStarting =
                () -> {
                    tools.whileStarting = () -> {};
                    pool.workerChanged(
                            WorkerViews.view(
                                    spec.build(),
                                    1,
                                    Goal.DOWN,
                                    new ProcessState.Failed(Optional.empty(), WorkerViews.SINCE)),
                            1);
                    tools.calls.add("reported");
                };

        pool.take(new PoolEvent.OperatorStarted());

        List<String> done = tools.done();
        assertThat(done.indexOf("start php.2")).isGreaterThan(done.indexOf("reported"));
        assertThat(done).startsWith("start php.1", "reported", "start php.2");
    }
}
