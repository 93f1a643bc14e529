package org.procmon.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.config.Cron;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Schedule;
import org.procmon.config.Schedule.Action;
import org.procmon.config.Schedule.Overlap;
import org.procmon.config.Signal;
import org.procmon.config.Triggers;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;

/** What times, files and reloads lead to. */
class TriggerTransitionsTest {
    private static final Ticks NOW = new Ticks(5_000_000_000L);
    private static final Run RUN = new Run(77, 770, 2, new Ticks(0));
    private static final Optional<Cron> CRON = Optional.of(new Cron("", 1, 1, 1, 2, 2, 1));
    private static final Triggers TRIGGERS =
            new Triggers(
                    Optional.of(new Schedule(CRON, CRON, CRON, Optional.empty())),
                    Optional.empty(),
                    Optional.of(Signal.HUP));
    private static final ProcessSpec JOB =
            process("job").restart(RestartPolicy.NEVER).triggers(TRIGGERS).build();
    private static final ProcessSpec SERVICE = process("service").triggers(TRIGGERS).build();
    private static final ProcessStatus UP =
            new ProcessStatus(Goal.UP, new Running(RUN), RunCounters.NONE);

    private static ProcessStatus step(ProcessSpec spec, ProcessStatus before, Event event) {
        return Lifecycle.step(spec, before, event, NOW).next();
    }

    private static ProcessStatus down(StopReason why) {
        return new ProcessStatus(Goal.DOWN, new Stopped(why, NOW), RunCounters.NONE);
    }

    private static Event time(Action action) {
        return new Event.ScheduleFired(action);
    }

    @Test
    void aScheduleStopsAndStartsAgain() {
        ProcessStatus stopping = step(SERVICE, UP, time(Action.STOP));
        assertThat(stopping.goal()).isEqualTo(Goal.DOWN);
        assertThat(stopping.endedFor(StopReason.SCHEDULE)).isTrue();
        assertThat(step(SERVICE, stopping, time(Action.START)).goal()).isEqualTo(Goal.UP);
        assertThat(step(SERVICE, down(StopReason.SCHEDULE), time(Action.START)).state())
                .isEqualTo(new Waiting(NOW));
    }

    @ParameterizedTest
    @EnumSource(Action.class)
    void whatAnOperatorStoppedNoTimeStarts(Action action) {
        ProcessStatus stopped = down(StopReason.OPERATOR);
        assertThat(step(SERVICE, stopped, time(action))).isEqualTo(stopped);
        ProcessStatus stopping = step(SERVICE, UP, new Event.Stop(StopReason.OPERATOR));
        assertThat(step(SERVICE, stopping, time(action))).isEqualTo(stopping);
    }

    @ParameterizedTest
    @EnumSource(
            value = StopReason.class,
            names = {"SCHEDULE", "NEVER_STARTED"})
    void pausesTheScheduleOfAStoppedProcess(StopReason why) {
        ProcessStatus paused = step(JOB, down(why), new Event.Stop(StopReason.OPERATOR));
        assertThat(paused.isHeldDown()).isTrue();
        assertThat(step(JOB, paused, time(Action.START))).isEqualTo(paused);
        assertThat(step(JOB, step(JOB, paused, new Event.Start()), time(Action.STOP)).isHeldDown())
                .isFalse();
    }

    @Test
    void scheduleDoesNotStartASkippedProcess() {
        ProcessStatus skipped = down(StopReason.SKIPPED);
        assertThat(step(JOB, skipped, time(Action.START))).isEqualTo(skipped);
    }

    @Test
    void skipsAndCountsAJobThatStillRuns() {
        ProcessStatus skipped = step(JOB, UP, time(Action.START));
        assertThat(skipped.state()).isEqualTo(UP.state());
        assertThat(skipped.tally().diary().skipped()).isEqualTo(1);
        assertThat(step(SERVICE, UP, time(Action.START))).isEqualTo(UP);
    }

    private static Triggers triggers(Optional<Cron> stop, Overlap overlap) {
        Schedule schedule =
                new Schedule(
                        CRON,
                        stop,
                        Optional.empty(),
                        Optional.empty(),
                        Schedule.Missed.LATE,
                        Duration.ZERO,
                        List.of(),
                        overlap);
        return new Triggers(Optional.of(schedule), Optional.empty(), Optional.empty());
    }

    private static ProcessSpec job(RestartPolicy restart, Overlap overlap) {
        return process("job")
                .restart(restart)
                .triggers(triggers(Optional.empty(), overlap))
                .build();
    }

    private static Event exit(int code) {
        return new Event.LeaderExited(
                RUN.number(), new ExitStatus.Exited(code), ResourceUsage.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aStartThatIsQueuedComesOnceWhenTheRunHasEnded(int code) {
        ProcessSpec job = job(RestartPolicy.NEVER, Overlap.QUEUE);
        ProcessStatus queued = step(job, UP, time(Action.START));
        assertThat(queued.state()).isEqualTo(UP.state());
        assertThat(queued.tally().diary().queued()).isTrue();
        assertThat(step(job, queued, time(Action.START))).isEqualTo(queued);
        assertThat(Lifecycle.isStartDue(job, queued)).isFalse();
        ProcessStatus ended = step(job, queued, exit(code));
        assertThat(ended.state().phase()).isEqualTo(code == 0 ? Phase.COMPLETED : Phase.FAILED);
        assertThat(Lifecycle.isStartDue(job, ended)).isTrue();
        ProcessStatus again = step(job, ended, time(Action.START));
        assertThat(again.state()).isEqualTo(new Waiting(NOW));
        assertThat(again.tally().diary().queued()).isFalse();
        assertThat(again.tally().diary().skipped()).isZero();
    }

    @Test
    void aStopOrRestartDropsAQueuedStart() {
        ProcessSpec job = job(RestartPolicy.NEVER, Overlap.QUEUE);
        ProcessStatus queued = step(job, UP, time(Action.START));
        for (StopReason why : List.of(StopReason.OPERATOR, StopReason.SCHEDULE)) {
            ProcessStatus stopped = step(job, queued, new Event.Stop(why));
            assertThat(stopped.tally().diary().queued()).isFalse();
        }
        ProcessStatus restarted =
                step(
                        job,
                        step(
                                job,
                                step(job, queued, new Event.Restart(StopReason.RESTART)),
                                exit(0)),
                        new Event.GroupGone(RUN.number()));
        assertThat(restarted.state()).isEqualTo(new Waiting(NOW));
        assertThat(restarted.tally().diary().queued()).isFalse();
    }

    @Test
    void aStartThatIsQueuedCountsNoMoreOnceItsKeyHasAnotherValue() {
        ProcessSpec job = job(RestartPolicy.NEVER, Overlap.QUEUE);
        ProcessStatus ended = step(job, step(job, UP, time(Action.START)), exit(0));
        assertThat(Lifecycle.isStartDue(job(RestartPolicy.NEVER, Overlap.SKIP), ended)).isFalse();
        assertThat(Lifecycle.isStartDue(process("job").build(), ended)).isFalse();
    }

    @Test
    void aJobThatIsRetriedQueuesAndSkipsStartsToo() {
        ProcessStatus queued =
                step(job(RestartPolicy.ON_FAILURE, Overlap.QUEUE), UP, time(Action.START));
        assertThat(queued.tally().diary().queued()).isTrue();
        ProcessStatus retried = step(job(RestartPolicy.ON_FAILURE, Overlap.QUEUE), queued, exit(1));
        assertThat(retried.tally().diary().queued()).isTrue();
        ProcessStatus skipped =
                step(job(RestartPolicy.ON_FAILURE, Overlap.SKIP), UP, time(Action.START));
        assertThat(skipped.tally().diary().skipped()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(RestartPolicy.class)
    void aStartThatReplacesARunEndsItAndStartsAnother(RestartPolicy restart) {
        ProcessSpec job = job(restart, Overlap.REPLACE);
        ProcessStatus replaced = step(job, UP, time(Action.START));
        assertThat(replaced.goal()).isEqualTo(Goal.UP);
        assertThat(replaced.endedFor(StopReason.SCHEDULE)).isTrue();
        ProcessStatus again = step(job, step(job, replaced, exit(0)), new Event.GroupGone(2));
        assertThat(again.state()).isEqualTo(new Waiting(NOW));
        assertThat(again.tally().diary().skipped()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Overlap.class)
    void scheduledStartLeavesARunningServiceAlone(Overlap overlap) {
        ProcessSpec window = process("w").triggers(triggers(CRON, overlap)).build();
        assertThat(step(window, UP, time(Action.START))).isEqualTo(UP);
        ProcessSpec retried =
                process("w")
                        .restart(RestartPolicy.ON_FAILURE)
                        .triggers(triggers(CRON, overlap))
                        .build();
        assertThat(step(retried, UP, time(Action.START))).isEqualTo(UP);
    }

    @Test
    void aTimeToRestartStartsNothingThatIsDown() {
        assertThat(step(SERVICE, UP, time(Action.RESTART)).endedFor(StopReason.SCHEDULE)).isTrue();
        for (StopReason why : StopReason.values()) {
            assertThat(step(SERVICE, down(why), time(Action.RESTART))).isEqualTo(down(why));
        }
        ProcessStatus done = new ProcessStatus(Goal.UP, new Completed(NOW), RunCounters.NONE);
        assertThat(step(JOB, done, time(Action.RESTART))).isEqualTo(done);
    }

    @Test
    void scheduledStopLeavesACompletedProcess() {
        ProcessStatus done = new ProcessStatus(Goal.UP, new Completed(NOW), RunCounters.NONE);
        assertThat(step(JOB, done, time(Action.STOP))).isEqualTo(done);
        ProcessStatus failed =
                new ProcessStatus(Goal.UP, new Failed(Optional.empty(), NOW), RunCounters.NONE);
        assertThat(step(JOB, failed, time(Action.STOP))).isEqualTo(failed);
    }

    @Test
    void aChangedFileStartsNothingThatIsDownOrDone() {
        for (StopReason why : StopReason.values()) {
            assertThat(step(SERVICE, down(why), new Event.FilesChanged())).isEqualTo(down(why));
        }
        ProcessStatus failed =
                new ProcessStatus(Goal.UP, new Failed(Optional.empty(), NOW), RunCounters.NONE);
        assertThat(step(JOB, failed, new Event.FilesChanged())).isEqualTo(failed);
        assertThat(step(SERVICE, failed, new Event.FilesChanged()).state())
                .isEqualTo(new Waiting(NOW));
    }

    @Test
    void aReloadSignalTakesThePlaceOfARestart() {
        List<Effect> signal = List.of(new Effect.SignalLeader(RUN, Signal.HUP));
        for (Event event : List.of(new Event.FilesChanged(), new Event.Refresh())) {
            Step step = Lifecycle.step(SERVICE, UP, event, NOW);
            assertThat(step.next()).isEqualTo(UP);
            assertThat(step.effects()).isEqualTo(signal);
            Step without = Lifecycle.step(process("plain").build(), UP, event, NOW);
            assertThat(without.next().state()).isInstanceOf(Stopping.class);
        }
    }

    @Test
    void theDiaryHasTheLatestTenRunsAndOnlyWhereThereIsASchedule() {
        ProcessStatus process = UP;
        for (int code = 0; code < 12; code++) {
            Event exit =
                    new Event.LeaderExited(
                            RUN.number(), new ExitStatus.Exited(code), ResourceUsage.NONE);
            process =
                    step(JOB, new ProcessStatus(Goal.UP, new Running(RUN), process.tally()), exit);
        }
        assertThat(process.tally().diary().runs())
                .hasSize(RecentRuns.LONGEST)
                .extracting(run -> ((ExitStatus.Exited) run.status()).code())
                .startsWith(2)
                .endsWith(11);
        Event exit =
                new Event.LeaderExited(RUN.number(), new ExitStatus.Exited(0), ResourceUsage.NONE);
        assertThat(step(process("plain").build(), UP, exit).tally().diary())
                .isEqualTo(RecentRuns.EMPTY);
    }
}
