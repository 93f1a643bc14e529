package org.procmon.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.procmon.config.PoolBuilder;
import org.procmon.config.PoolSpec;
import org.procmon.control.FakePools;
import org.procmon.control.FakeSupervisor;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.PoolView.Activity;
import org.procmon.status.PoolView.Work;
import org.procmon.status.PoolView.Worker;

/** A pool whose program does not work is not said to be well. */
class WorkerTextTest {
    private static final Ticks NOW = FakeSupervisor.NOW;
    private static final PoolSpec APP = PoolBuilder.pool("app").program("app").fixed(2).build();

    @Test
    void aWorkerThatNeverAcceptsIsNotCalledIdle() {
        PoolView view = pool(worker(starting(5), Work.STARTING));
        assertThat(PoolText.cause(view)).isEqualTo("no worker is ready yet");
        assertThat(PoolText.reasons(view, NOW))
                .containsExactly(
                        "app.1 has been starting for 5.0 s: it is ready when it accepts"
                                + " connections on descriptor 0");
        assertThat(PoolText.failing(view, NOW)).isEmpty();
    }

    @Test
    void theUsualTimeOfAStartIsNoReason() {
        assertThat(PoolText.reasons(pool(worker(starting(1), Work.STARTING)), NOW)).isEmpty();
    }

    @Test
    void workersThatAreReadyAreCountedWhileOthersStart() {
        PoolView view = pool(worker(starting(1), Work.STARTING), worker(after(0, 13), Work.IDLE));
        assertThat(PoolText.cause(view)).isEqualTo("1 of 2 workers is ready");
    }

    @Test
    void aCrashIsNamedThoughAnotherRunIsReady() {
        PoolView view = pool(worker(after(11, 13), Work.IDLE));
        assertThat(PoolText.cause(view)).isEqualTo("its worker is idle");
        assertThat(PoolText.reasons(view, NOW))
                .containsExactly(
                        "app.1 was ended by SIGSEGV after 7.0 s, 13.0 s ago; this is run 4");
        assertThat(PoolText.failing(view, NOW)).map(ProcessView::name).contains("app.1");
    }

    @Test
    void anEndWithSuccessAndACrashLongAgoAreNoReasons() {
        for (PoolView view :
                List.of(
                        pool(worker(after(0, 13), Work.IDLE)),
                        pool(worker(after(11, 301), Work.IDLE)))) {
            assertThat(PoolText.reasons(view, NOW)).isEmpty();
            assertThat(PoolText.failing(view, NOW)).isEmpty();
        }
    }

    @Test
    void aStaticPoolWhoseWorkersExitAtOnceHasFailed() {
        Run run = new Run(42, 1, 1, FakeSupervisor.before(2));
        RunExit exit =
                new RunExit(
                        run,
                        new ExitStatus.Exited(0),
                        new ResourceUsage(Duration.ZERO, Duration.ZERO, 0),
                        FakeSupervisor.before(2));
        ProcessStatus ended =
                new ProcessStatus(
                        Goal.UP,
                        new ProcessState.Completed(FakeSupervisor.before(2)),
                        new RunCounters(1, 42, Optional.of(exit), Optional.empty(), 0));
        Worker worker =
                new Worker(
                        new ProcessView(APP.worker(1), ended, List.of()), "@app", Optional.empty());
        PoolView view = pool(0, worker);
        assertThat(PoolCondition.of(view)).isEqualTo(PoolCondition.FAILED);
        assertThat(PoolText.cause(view))
                .isEqualTo("no worker starts: app.1 exited with code 0 after 0 ms");
        assertThat(PoolText.outlook(view, NOW))
                .isEqualTo("app.1: its pool starts it again when it is needed");
    }

    private static PoolView pool(Worker... workers) {
        return pool(workers.length, workers);
    }

    private static PoolView pool(int idle, Worker... workers) {
        PoolView other = FakePools.asleep("app");
        return new PoolView(
                APP,
                false,
                other.since(),
                other.listening(),
                Optional.empty(),
                other.queue(),
                0,
                idle,
                other.counters(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(workers));
    }

    private static Worker worker(ProcessStatus status, Work work) {
        Activity activity =
                new Activity(
                        work,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        1);
        return new Worker(
                new ProcessView(APP.worker(1), status, List.of()), "@app", Optional.of(activity));
    }

    private static ProcessStatus starting(int seconds) {
        Run run = new Run(42, 1, 1, FakeSupervisor.before(seconds));
        return new ProcessStatus(Goal.UP, new ProcessState.Starting(run, NOW), RunCounters.NONE);
    }

    /** A run that is ready, after one that lasted for 7 s. */
    private static ProcessStatus after(int signal, int secondsAgo) {
        Run last = new Run(41, 1, 3, FakeSupervisor.before(secondsAgo + 7));
        ExitStatus status =
                signal == 0 ? new ExitStatus.Exited(0) : new ExitStatus.Signaled(signal);
        RunExit exit =
                new RunExit(
                        last,
                        status,
                        new ResourceUsage(Duration.ZERO, Duration.ZERO, 0),
                        FakeSupervisor.before(secondsAgo));
        Run run = new Run(42, 1, 4, FakeSupervisor.before(secondsAgo));
        return new ProcessStatus(
                Goal.UP,
                new ProcessState.Running(run),
                new RunCounters(4, 42, Optional.of(exit), Optional.empty(), 0));
    }
}
