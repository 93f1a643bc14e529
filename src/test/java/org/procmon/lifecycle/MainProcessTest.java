package org.procmon.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.procmon.config.DurationText;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Signal;
import org.procmon.config.StopPlan;
import org.procmon.lifecycle.Effect.ProbeGroup;
import org.procmon.lifecycle.Effect.SignalGroup;
import org.procmon.lifecycle.Effect.StopLeader;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Stopping;

/** A stop that asks the first process alone to end, and one that has all the time in the world. */
class MainProcessTest {
    private static final Ticks NOW = new Ticks(Duration.ofHours(1).toNanos());
    private static final Run RUN = new Run(77, 770, 2, NOW);
    private static final StopPlan.Step TERM = step(Signal.TERM, Duration.ofSeconds(10));

    private static StopPlan.Step step(Signal signal, Duration patience) {
        return new StopPlan.Step(signal, patience);
    }

    private static ProcessSpec spec(StopPlan.Step... steps) {
        return process("web")
                .stop(new StopPlan(List.of(steps), StopPlan.Target.MAIN, false))
                .build();
    }

    /** Of which nothing waits any more. */
    private static Step stopped(ProcessSpec spec) {
        ProcessStatus running = new ProcessStatus(Goal.UP, new Running(RUN), RunCounters.NONE);
        Event stop = new Event.Stop(StopReason.OPERATOR);
        ProcessStatus held = Lifecycle.step(spec, running, stop, NOW).next();
        return Lifecycle.step(spec, held, new Event.DependentsGone(), NOW);
    }

    private static Event exited() {
        return new Event.LeaderExited(2, new ExitStatus.Exited(0), ResourceUsage.NONE);
    }

    @Test
    void onlyTheFirstProcessGetsTheSignalsOfThePlan() {
        ProcessSpec spec = spec(TERM, step(Signal.INT, Duration.ofSeconds(5)));
        Step first = stopped(spec);
        assertThat(first.effects())
                .containsExactly(
                        new StopLeader(RUN, Signal.TERM), new StopLeader(RUN, Signal.CONT));

        Ticks later = NOW.plus(Duration.ofSeconds(10));
        Step second = Lifecycle.step(spec, first.next(), new Event.DeadlinePassed(), later);
        assertThat(second.effects())
                .containsExactly(new StopLeader(RUN, Signal.INT), new StopLeader(RUN, Signal.CONT));
    }

    @Test
    void killIsForTheWholeGroupAlsoAsAStepOfThePlan() {
        Ticks later = NOW.plus(Duration.ofSeconds(10));
        for (ProcessSpec spec :
                List.of(spec(TERM), spec(TERM, step(Signal.KILL, Duration.ofSeconds(1))))) {
            Step last =
                    Lifecycle.step(spec, stopped(spec).next(), new Event.DeadlinePassed(), later);
            assertThat(last.effects()).startsWith(new SignalGroup(RUN, Signal.KILL));
        }
    }

    @Test
    void killsTheRestOfTheGroupAtOnce() {
        ProcessSpec spec = spec(step(Signal.TERM, DurationText.FOREVER));
        Step ended = Lifecycle.step(spec, stopped(spec).next(), exited(), NOW);
        assertThat(ended.effects()).containsExactly(new ProbeGroup(RUN));

        Step left = Lifecycle.step(spec, ended.next(), new Event.GroupNotEmpty(2), NOW);
        assertThat(left.effects()).containsExactly(new SignalGroup(RUN, Signal.KILL));
        Step again = Lifecycle.step(spec, left.next(), new Event.GroupNotEmpty(2), NOW);
        assertThat(again.effects()).isEmpty();
        Step gone = Lifecycle.step(spec, again.next(), new Event.GroupGone(2), NOW);
        assertThat(gone.next().state().phase()).isEqualTo(Phase.STOPPED);
    }

    @Test
    void killsTheRestAfterAnExitByItself() {
        ProcessStatus running = new ProcessStatus(Goal.UP, new Running(RUN), RunCounters.NONE);
        Step ended = Lifecycle.step(spec(TERM), running, exited(), NOW);
        Step left = Lifecycle.step(spec(TERM), ended.next(), new Event.GroupNotEmpty(2), NOW);
        assertThat(left.effects()).containsExactly(new SignalGroup(RUN, Signal.KILL));
    }

    @Test
    void aStepWithoutEndIsNeverDue() {
        ProcessStatus told = stopped(spec(step(Signal.TERM, DurationText.FOREVER))).next();
        assertThat(told.state()).isInstanceOf(Stopping.class);
        assertThat(told.state().deadline()).isEmpty();
        Ticks nextYear = NOW.plus(Duration.ofDays(365));
        Step later = Lifecycle.step(spec(TERM), told, new Event.DeadlinePassed(), nextYear);
        assertThat(later.effects()).isEmpty();
        assertThat(Lifecycle.step(spec(TERM), told, new Event.ForceKill(), NOW).effects())
                .containsExactly(new SignalGroup(RUN, Signal.KILL));
    }

    @Test
    void aStartMayTakeForEver() {
        ProcessSpec spec = process("web").notifies(DurationText.FOREVER).build();
        ProcessStatus waiting =
                new ProcessStatus(Goal.UP, new ProcessState.Waiting(NOW), RunCounters.NONE);
        ProcessStatus starting =
                Lifecycle.step(spec, waiting, new Event.Spawned(77, 770), NOW).next();
        assertThat(starting.state().phase()).isEqualTo(Phase.STARTING);
        assertThat(Lifecycle.deadline(spec, starting)).isEmpty();
    }

    @Test
    void anErrorThatOnlyAPersonCanMendIsNotTriedAgain() {
        ProcessStatus waiting =
                new ProcessStatus(Goal.UP, new ProcessState.Waiting(NOW), RunCounters.NONE);
        StartError error = new StartError(2, "no such program", true);
        Event failed = new Event.SpawnFailed(error);
        Step step = Lifecycle.step(process("web").build(), waiting, failed, NOW);
        assertThat(step.next().state()).isEqualTo(new ProcessState.Failed(Optional.of(error), NOW));
        assertThat(step.next().goal()).isEqualTo(Goal.UP);

        Duration pause = Duration.ofMinutes(10);
        ProcessSpec patient =
                process("web").giveUp(5, Duration.ofMinutes(1), Optional.of(pause)).build();
        Step later = Lifecycle.step(patient, waiting, failed, NOW);
        assertThat(later.next().state().deadline()).contains(NOW.plus(pause));
        Step again =
                Lifecycle.step(patient, later.next(), new Event.DeadlinePassed(), NOW.plus(pause));
        assertThat(again.next().state().phase()).isEqualTo(Phase.WAITING);
    }

    @Test
    void soItIsWithAHookThatCannotBeStarted() {
        ProcessSpec spec = process("web").beforeStart(Duration.ofSeconds(3)).build();
        ProcessStatus waiting =
                new ProcessStatus(Goal.UP, new ProcessState.Waiting(NOW), RunCounters.NONE);
        ProcessStatus hooked =
                Lifecycle.step(spec, waiting, new Event.DependenciesMet(), NOW).next();
        StartError error = new StartError(2, "no such program", true);
        Event ended = new Event.HookEnded(NOW, Optional.of(error));
        Step step = Lifecycle.step(spec, hooked, ended, NOW);
        assertThat(step.next().state().phase()).isEqualTo(Phase.FAILED);
    }
}
