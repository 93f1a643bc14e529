package org.procmon.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.procmon.config.Dependency;
import org.procmon.config.DurationText;
import org.procmon.config.Exec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Schedule;
import org.procmon.config.Signal;
import org.procmon.config.SpecBuilder;
import org.procmon.config.StopPlan;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;

class NextStepsTest {
    private static final Ticks NOW = new Ticks(Duration.ofHours(1).toNanos());
    private static final Ticks SOON = NOW.plus(Duration.ofMillis(250));
    private static final Run RUN = new Run(77, 770, 3, NOW);
    private static final StopPlan PLAN =
            new StopPlan(
                    List.of(
                            new StopPlan.Step(Signal.INT, Duration.ofSeconds(1)),
                            new StopPlan.Step(Signal.TERM, Duration.ofSeconds(1))));
    private static final ScheduledAction STOP = at(Schedule.Action.STOP, "2026-06-01T20:00Z");
    private static final ScheduledAction START = at(Schedule.Action.START, "2026-06-02T08:00Z");
    private static final ScheduledAction RESTART = at(Schedule.Action.RESTART, "2026-06-02T12:00Z");
    private static final String BY_COMMAND = "nothing by itself; 'procmon start web' starts it";

    @Test
    void aStoppedProcessStaysDownUntilACommand() {
        assertThat(of(new ProcessState.Stopped(StopReason.OPERATOR, NOW))).isEqualTo(BY_COMMAND);
        assertThat(of(new ProcessState.Completed(NOW))).isEqualTo(BY_COMMAND);
        assertThat(of(new ProcessState.Failed(Optional.empty(), NOW))).isEqualTo(BY_COMMAND);
        assertThat(of(new ProcessState.Failed(Optional.empty(), Optional.of(SOON), NOW)))
                .isEqualTo("it is tried again in 250 ms");
        assertThat(of(new ProcessState.Stopped(StopReason.SHUTDOWN, NOW)))
                .isEqualTo("it starts with the next monitor");
    }

    @Test
    void whatOnlyAPersonCanMendSaysWhatToDoThen() {
        Optional<StartError> error = Optional.of(new StartError(2, "no such program", true));
        assertThat(of(new ProcessState.Failed(error, NOW)))
                .isEqualTo(
                        "nothing by itself; once that is corrected, 'procmon start web' or 'procmon"
                                + " reload' starts it");
        assertThat(of(new ProcessState.Failed(error, Optional.of(SOON), NOW)))
                .isEqualTo("it is tried again in 250 ms, and fails unless that is corrected");
    }

    @Test
    void whatMayTakeForEverHasNoTime() {
        Ticks never = NOW.plus(DurationText.FOREVER);
        ProcessState stopping =
                new ProcessState.Stopping(
                        RUN, StopReason.OPERATOR, 1, never, Optional.empty(), NOW, NOW);
        assertThat(of(stopping)).startsWith("it is to end, however long that takes; ");
        SpecBuilder spec = SpecBuilder.process("web").notifies(DurationText.FOREVER);
        ProcessStatus starting =
                new ProcessStatus(Goal.UP, new ProcessState.Starting(RUN, never), RunCounters.NONE);
        ProcessView view = new ProcessView(spec.build(), starting, List.of());
        assertThat(NextSteps.of(view, NOW)).isEqualTo("it counts as running when it is ready");
        assertThat(StateText.next(view)).isEmpty();
    }

    @Test
    void aWaitingProcessShowsWhatItNeeds() {
        assertThat(of(new ProcessState.Waiting(NOW))).isEqualTo("it starts at once");
        assertThat(of(new ProcessState.Waiting(NOW), "db"))
                .isEqualTo("it starts as soon as db is up");
        assertThat(of(new ProcessState.Waiting(NOW), "db", "cache"))
                .isEqualTo("it starts as soon as db, cache are up");
        assertThat(of(new ProcessState.Backoff(1, SOON, NOW)))
                .isEqualTo("it starts again in 250 ms");
        assertThat(of(new ProcessState.Backoff(1, NOW, NOW)))
                .isEqualTo("it starts again in a moment");
        assertThat(of(new ProcessState.Starting(RUN, SOON)))
                .isEqualTo("it counts as running in 250 ms");
    }

    @Test
    void showsTheEndOfMaxRuntime() {
        Duration longest = SOON.since(RUN.started());
        ProcessState running = new ProcessState.Running(RUN);
        ProcessStatus process = new ProcessStatus(Goal.UP, running, RunCounters.NONE);
        ProcessSpec kept = SpecBuilder.process("web").maxRuntime(longest).build();
        assertThat(NextSteps.of(new ProcessView(kept, process, List.of()), NOW))
                .isEqualTo("if it ends, it is started again; it is restarted in 250 ms");
        ProcessSpec job =
                SpecBuilder.process("job").restart(RestartPolicy.NEVER).maxRuntime(longest).build();
        assertThat(NextSteps.of(new ProcessView(job, process, List.of()), NOW))
                .isEqualTo(
                        "if it ends, it is not started again; it has failed if it has not ended in"
                                + " 250 ms");
    }

    @Test
    void aRunningProcessShowsWhatFollowsItsExit() {
        ProcessState running = new ProcessState.Running(RUN);
        assertThat(NextSteps.of(view(RestartPolicy.ALWAYS, Goal.UP, running), NOW))
                .isEqualTo("if it ends, it is started again");
        assertThat(NextSteps.of(view(RestartPolicy.ON_FAILURE, Goal.UP, running), NOW))
                .isEqualTo("if it fails, it is started again");
        assertThat(NextSteps.of(view(RestartPolicy.NEVER, Goal.UP, running), NOW))
                .isEqualTo("if it ends, it is not started again");
    }

    @Test
    void aStoppingProcessShowsTheNextSignal() {
        assertThat(stopping(Goal.DOWN, 1)).isEqualTo("what is left of it gets TERM in 250 ms");
        assertThat(stopping(Goal.DOWN, 2)).isEqualTo("what is left of it gets KILL in 250 ms");
        assertThat(stopping(Goal.UP, 1))
                .isEqualTo(
                        "what is left of it gets TERM in 250 ms; once it is gone, it starts again");
        assertThat(stopping(Goal.DOWN, 0, "top")).isEqualTo("it gets INT when top is gone");
        assertThat(stopping(Goal.DOWN, 0)).isEqualTo("what it has left is counted");
    }

    @Test
    void showsAWaitForCompletion() {
        ProcessView web =
                new ProcessView(
                        SpecBuilder.process("web")
                                .on("job", Dependency.Condition.COMPLETED)
                                .on("db")
                                .build(),
                        new ProcessStatus(Goal.UP, new ProcessState.Waiting(NOW), RunCounters.NONE),
                        List.of("job", "db"));
        assertThat(NextSteps.of(web, NOW))
                .isEqualTo("it starts as soon as job is completed, db is up");
        assertThat(StateText.cause(web)).isEqualTo("waits for job to be completed, db");
    }

    @Test
    void aScheduleIsSpokenOfOnlyWhereItDoesSomething() {
        String stop = "its schedule stops it at 2026-06-01T20:00Z";
        String start = "its schedule starts it at 2026-06-02T08:00Z";
        String restart = "its schedule restarts it at 2026-06-02T12:00Z";
        ProcessState running = new ProcessState.Running(RUN);
        assertThat(scheduled(Goal.UP, running)).endsWith("started again; " + stop);
        assertThat(scheduled(Goal.UP, new ProcessState.Failed(Optional.empty(), NOW)))
                .as("given up, while a stop comes first")
                .isEqualTo(start);
        assertThat(scheduled(Goal.DOWN, new ProcessState.Stopped(StopReason.SCHEDULE, NOW)))
                .isEqualTo(start);
        assertThat(scheduled(Goal.DOWN, new ProcessState.Stopped(StopReason.SKIPPED, NOW)))
                .isEqualTo(BY_COMMAND);
        ProcessView stopped =
                scheduledView(
                        Goal.DOWN,
                        new ProcessState.Stopped(StopReason.SCHEDULE, NOW),
                        List.of(STOP, RESTART));
        assertThat(stopped.comes()).isEmpty();
        ProcessView up = scheduledView(Goal.UP, running, List.of(START, RESTART));
        assertThat(NextSteps.of(up, NOW)).endsWith(restart);
    }

    @Test
    void addsWatchesAndUnsavedChanges() {
        ProcessView view =
                new ProcessView(
                        ProcessSpec.of(
                                "web", new Exec("web", List.of("web")), RestartPolicy.ALWAYS, PLAN),
                        new ProcessStatus(Goal.UP, new ProcessState.Running(RUN), RunCounters.NONE),
                        List.of(),
                        false,
                        List.of(),
                        Optional.of("watches /etc/web, which does not exist"),
                        Optional.of("cannot write 'web.json': no room"),
                        false,
                        List.of("exec", "env"));
        assertThat(NextSteps.of(view, NOW))
                .isEqualTo(
                        "if it ends, it is started again; it watches /etc/web, which does not"
                                + " exist; it began before its specification was changed (exec,"
                                + " env): 'procmon reload' restarts it; it may be otherwise to the next monitor: cannot write"
                                + " 'web.json': no room");
    }

    @Test
    void showsATimeWithJitterAndExceptions() {
        ScheduledAction late =
                new ScheduledAction(
                        Schedule.Action.START,
                        ZonedDateTime.parse("2026-12-28T04:33:00+01:00[Europe/Berlin]"),
                        Duration.ofMinutes(3),
                        List.of(LocalDate.of(2026, 12, 24), LocalDate.of(2026, 12, 25)));
        ProcessState down = new ProcessState.Stopped(StopReason.SCHEDULE, NOW);
        assertThat(NextSteps.of(scheduledView(Goal.DOWN, down, List.of(late)), NOW))
                .isEqualTo(
                        "its schedule starts it at 2026-12-28T04:33+01:00[Europe/Berlin], with 3"
                                + " min of jitter, and 'except' leaves out earlier times on"
                                + " 2026-12-24, 2026-12-25");
        LocalDate day = LocalDate.of(2026, 12, 24);
        ScheduledAction many =
                new ScheduledAction(
                        Schedule.Action.START,
                        late.at(),
                        Duration.ZERO,
                        day.datesUntil(day.plusDays(5)).toList());
        assertThat(NextSteps.of(scheduledView(Goal.DOWN, down, List.of(many)), NOW))
                .endsWith(
                        "'except' leaves out earlier times on 2026-12-24, 2026-12-25, 2026-12-26,"
                                + " 2026-12-27 and others");
    }

    @Test
    void aDayOnWhichOnlySomeTimesAreExceptedIsNotSaidToBeLeftOut() {
        ScheduledAction afterLunch =
                new ScheduledAction(
                        Schedule.Action.START,
                        ZonedDateTime.parse("2026-12-24T13:00+01:00[Europe/Berlin]"),
                        Duration.ZERO,
                        List.of(LocalDate.of(2026, 12, 24)));
        ProcessState down = new ProcessState.Stopped(StopReason.SCHEDULE, NOW);
        assertThat(NextSteps.of(scheduledView(Goal.DOWN, down, List.of(afterLunch)), NOW))
                .isEqualTo(
                        "its schedule starts it at 2026-12-24T13:00+01:00[Europe/Berlin], and"
                                + " 'except' leaves out earlier times on 2026-12-24");
    }

    private static String scheduled(Goal goal, ProcessState state) {
        return NextSteps.of(scheduledView(goal, state, List.of(STOP, START, RESTART)), NOW);
    }

    private static ProcessView scheduledView(
            Goal goal, ProcessState state, List<ScheduledAction> plans) {
        return new ProcessView(
                ProcessSpec.of("web", new Exec("web", List.of("web")), RestartPolicy.ALWAYS, PLAN),
                new ProcessStatus(goal, state, RunCounters.NONE),
                List.of(),
                false,
                plans,
                Optional.empty(),
                Optional.empty(),
                false,
                List.of());
    }

    private static ScheduledAction at(Schedule.Action action, String time) {
        return new ScheduledAction(action, ZonedDateTime.parse(time));
    }

    private static String stopping(Goal goal, int sent, String... waitsFor) {
        ProcessState state =
                new ProcessState.Stopping(
                        RUN, StopReason.OPERATOR, sent, SOON, Optional.empty(), NOW, NOW);
        return NextSteps.of(view(RestartPolicy.ALWAYS, goal, state, waitsFor), NOW);
    }

    private static String of(ProcessState state, String... waitsFor) {
        return NextSteps.of(view(RestartPolicy.ALWAYS, Goal.UP, state, waitsFor), NOW);
    }

    private static ProcessView view(
            RestartPolicy restart, Goal goal, ProcessState state, String... waitsFor) {
        return new ProcessView(
                ProcessSpec.of("web", new Exec("web", List.of("web")), restart, PLAN),
                new ProcessStatus(goal, state, RunCounters.NONE),
                List.of(waitsFor));
    }
}
