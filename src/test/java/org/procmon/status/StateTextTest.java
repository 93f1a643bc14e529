package org.procmon.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.procmon.config.Exec;
import org.procmon.config.Health.Remedy;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecBuilder;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.RunHealth;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;

class StateTextTest {
    private static final Ticks START = new Ticks(0);
    private static final Ticks END = START.plus(Duration.ofMillis(1500));
    private static final Run RUN = new Run(77, 770, 3, START);
    private static final RunExit KILLED =
            new RunExit(RUN, new ExitStatus.Signaled(9), ResourceUsage.NONE, END);
    private static final RunCounters TALLY =
            new RunCounters(3, 77, Optional.of(KILLED), Optional.empty(), 2);

    @Test
    void aDelayedRestartShowsExitCountAndDelay() {
        ProcessState state = new ProcessState.Backoff(2, END.plus(Duration.ofMillis(200)), END);
        assertThat(cause(state, TALLY))
                .isEqualTo(
                        "was ended by SIGKILL after 1.5 s; restart 3 in a row, delayed by 200 ms");
        assertThat(StateText.next(view(state, TALLY)).orElseThrow().what()).isEqualTo("restart");
    }

    @Test
    void showsAStartFailureInsteadOfAnOlderExit() {
        RunCounters notStarted =
                new RunCounters(
                        3,
                        77,
                        Optional.of(KILLED),
                        Optional.of(new StartError(2, "cannot execute 'x': not found in PATH")),
                        2);
        ProcessState state = new ProcessState.Backoff(2, END.plus(Duration.ofMillis(200)), END);
        assertThat(cause(state, notStarted)).startsWith("cannot execute 'x': not found in PATH; ");
    }

    @Test
    void aProcessGivenUpShowsRestartsAndReason() {
        ProcessState state = new ProcessState.Failed(Optional.empty(), Optional.of(END), END);
        ProcessSpec spec =
                SpecBuilder.process("web")
                        .giveUp(5, Duration.ofMinutes(1), Optional.empty())
                        .build();
        ProcessView view =
                new ProcessView(spec, new ProcessStatus(Goal.UP, state, TALLY), List.of());
        assertThat(StateText.cause(view))
                .isEqualTo(
                        "given up after 5 restarts within 1 min; was ended by SIGKILL after 1.5 s");
        assertThat(StateText.next(view).orElseThrow())
                .isEqualTo(new StateText.Next("restart", END));
        assertThat(cause(state, TALLY)).isEqualTo("was ended by SIGKILL after 1.5 s");
    }

    @Test
    void aLaterRunShowsThePreviousExit() {
        ProcessState state = new ProcessState.Running(new Run(78, 780, 4, END));
        assertThat(cause(state, TALLY))
                .isEqualTo("run 4, the one before was ended by SIGKILL after 1.5 s");
    }

    @Test
    void reportsAGroupWithoutLeaderOnlyOnceObserved() {
        ProcessState counted = stopping(0);
        ProcessState lingering = stopping(1);
        assertThat(cause(counted, TALLY)).isEqualTo("was ended by SIGKILL after 1.5 s");
        assertThat(cause(lingering, TALLY))
                .isEqualTo("was ended by SIGKILL after 1.5 s, but left processes in its group");
        assertThat(StateText.next(view(lingering, TALLY)).orElseThrow().what()).isEqualTo("KILL");
    }

    @Test
    void namesProcessesOutsideOfTheGroup() {
        RunHealth runHealth =
                new RunHealth(
                        RunHealth.Condition.NORMAL,
                        Optional.empty(),
                        OptionalInt.empty(),
                        RunHealth.Health.UNKNOWN,
                        Optional.empty(),
                        Optional.of("pid 99 (sleep)"));
        ProcessSpec spec = SpecBuilder.process("web").build();
        ProcessStatus process = new ProcessStatus(Goal.UP, stopping(2), TALLY, runHealth);
        assertThat(StateText.cause(new ProcessView(spec, process, List.of())))
                .isEqualTo(
                        "was ended by SIGKILL after 1.5 s, but left pid 99 (sleep) outside of its"
                                + " group, which is killed");
    }

    @Test
    void onlyAProbedProcessIsUnhealthy() {
        RunHealth runHealth =
                new RunHealth(
                        RunHealth.Condition.NORMAL,
                        Optional.empty(),
                        OptionalInt.empty(),
                        new RunHealth.Health(true, 2, "no answer within 2 s"),
                        Optional.empty(),
                        Optional.empty());
        ProcessStatus process =
                new ProcessStatus(
                        Goal.UP, new ProcessState.Running(RUN), RunCounters.NONE, runHealth);
        ProcessSpec asked = SpecBuilder.process("web").health(3, Remedy.REPORT).build();
        assertThat(StateText.cause(new ProcessView(asked, process, List.of())))
                .isEqualTo("run 3, but unhealthy: no answer within 2 s");
        ProcessSpec unasked = SpecBuilder.process("web").build();
        assertThat(StateText.cause(new ProcessView(unasked, process, List.of())))
                .isEqualTo("run 3");
    }

    @Test
    void aWaitingProcessNamesItsDependencies() {
        ProcessSpec spec = ProcessSpec.of("web", new Exec("web", List.of("web")));
        ProcessStatus waiting =
                new ProcessStatus(Goal.UP, new ProcessState.Waiting(START), RunCounters.NONE);
        assertThat(StateText.cause(new ProcessView(spec, waiting, List.of("db", "cache"))))
                .isEqualTo("waits for db, cache");
    }

    @Test
    void durationsAreShortAndExactEnough() {
        assertThat(StateText.duration(Duration.ofMillis(999))).isEqualTo("999 ms");
        assertThat(StateText.duration(Duration.ofMillis(59_999))).isEqualTo("59.9 s");
        assertThat(StateText.duration(Duration.ofMinutes(59))).isEqualTo("59 min");
        assertThat(StateText.duration(Duration.ofMinutes(121))).isEqualTo("2 h 1 min");
    }

    private static ProcessState stopping(int sent) {
        return new ProcessState.Stopping(
                RUN, StopReason.ENDED, sent, END, Optional.of(KILLED), END, END);
    }

    private static String cause(ProcessState state, RunCounters runCounters) {
        return StateText.cause(view(state, runCounters));
    }

    private static ProcessView view(ProcessState state, RunCounters runCounters) {
        ProcessSpec spec = ProcessSpec.of("web", new Exec("web", List.of("web")));
        return new ProcessView(spec, new ProcessStatus(Goal.UP, state, runCounters), List.of());
    }
}
