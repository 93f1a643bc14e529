package org.procmon.supervise.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.procmon.config.SpecBuilder.process;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.procmon.config.ControlSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Signal;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.Supervisor;

/** A feature that essential processes need. */
class LazyFeatureTest {
    private static final ProcessSpec PLAIN = process("plain").build();
    private static final ProcessSpec NEEDS_IT = process("web").essential().build();
    private static final ChangePlan NO_CHANGES = new ChangePlan(List.of(), 0);

    private final List<String> calls = new ArrayList<>();
    private final LazyFeature<Recorder> lazy =
            new LazyFeature<>(spec -> spec.lifetime().essential(), Recorder::new);

    private final class Recorder implements Feature {
        Recorder() {
            calls.add("made");
        }

        @Override
        public void on(Change change) {
            calls.add(change.getClass().getSimpleName());
        }

        @Override
        public void start(FeatureStart start) {
            calls.add("start");
        }

        @Override
        public void prepare(MonitorSpec spec) {
            calls.add("prepare");
        }

        @Override
        public void follow(MonitorSpec spec, ChangePlan plan) {
            calls.add("follow");
        }

        @Override
        public boolean isBusy() {
            calls.add("busy");
            return true;
        }

        @Override
        public void hurry() {
            calls.add("hurry");
        }

        @Override
        public void stop(End end) {
            calls.add("stop " + end);
        }
    }

    @Test
    void isNotMadeWhileNoProcessNeedsIt() {
        lazy.start(start(List.of(PLAIN), List.of(PLAIN)));
        for (Change change : changes(PLAIN)) {
            lazy.on(change);
        }
        for (Change change : changesThatAreNoReason()) {
            lazy.on(change);
        }
        lazy.prepare(spec(NEEDS_IT));
        lazy.follow(spec(PLAIN), NO_CHANGES);
        assertThat(lazy.isBusy()).isFalse();
        lazy.hurry();
        lazy.stop(Feature.End.SHUTDOWN);
        assertThat(calls).isEmpty();
        assertThat(lazy.made()).isEmpty();
    }

    static List<Change> reasons() {
        return changes(NEEDS_IT);
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void isMadeForTheFirstChangeOfAProcessThatNeedsIt(Change change) {
        lazy.on(change);
        lazy.on(change);
        String name = change.getClass().getSimpleName();
        assertThat(calls).containsExactly("made", name, name);
    }

    @Test
    void isMadeAtTheStartForTheConfigurationOrForARunThatWasLeft() {
        lazy.start(start(List.of(NEEDS_IT), List.of()));
        assertThat(calls).containsExactly("made", "start");
        calls.clear();
        new LazyFeature<>(spec -> spec.lifetime().essential(), Recorder::new)
                .start(start(List.of(PLAIN), List.of(NEEDS_IT)));
        assertThat(calls).containsExactly("made", "start");
    }

    @Test
    void isMadeForAnAcceptedConfiguration() {
        lazy.follow(spec(PLAIN, NEEDS_IT), NO_CHANGES);
        assertThat(calls).containsExactly("made", "follow");
    }

    @Test
    void passesEverythingOnOnceItIsMade() {
        Recorder made = lazy.get();
        assertThat(lazy.get()).isSameAs(made);
        assertThat(lazy.made()).contains(made);
        for (Change change : changesThatAreNoReason()) {
            lazy.on(change);
        }
        lazy.on(changes(PLAIN).getFirst());
        lazy.start(start(List.of(PLAIN), List.of()));
        lazy.prepare(spec(PLAIN));
        lazy.follow(spec(PLAIN), NO_CHANGES);
        assertThat(lazy.isBusy()).isTrue();
        lazy.hurry();
        lazy.stop(Feature.End.REPLACED);
        assertThat(calls)
                .containsExactly(
                        "made",
                        "SignalSent",
                        "EssentialExited",
                        "ShutdownStarted",
                        "Idle",
                        "Transition",
                        "start",
                        "prepare",
                        "follow",
                        "busy",
                        "hurry",
                        "stop REPLACED");
    }

    private static List<Change> changes(ProcessSpec spec) {
        ProcessView view = view(spec);
        return List.of(new Change.Transition(view.process(), view), new Change.Reconfigured(view));
    }

    /** Not even about a process that needs the feature. */
    private static List<Change> changesThatAreNoReason() {
        ProcessView view = view(NEEDS_IT);
        return List.of(
                new Change.SignalSent(view, Signal.HUP),
                new Change.EssentialExited(view),
                new Change.ShutdownStarted(),
                new Change.Idle());
    }

    private static ProcessView view(ProcessSpec spec) {
        ProcessState state = new ProcessState.Stopped(StopReason.OPERATOR, new Ticks(1));
        return new ProcessView(
                spec, new ProcessStatus(Goal.DOWN, state, RunCounters.NONE), List.of());
    }

    private static MonitorSpec spec(ProcessSpec... specs) {
        return new MonitorSpec(ControlSpec.DEFAULT, List.of(specs));
    }

    private static FeatureStart start(List<ProcessSpec> configured, List<ProcessSpec> running) {
        Supervisor supervisor = mock(Supervisor.class);
        when(supervisor.snapshot())
                .thenReturn(
                        new Snapshot(
                                running.stream().map(LazyFeatureTest::view).toList(),
                                List.of(),
                                false));
        return new FeatureStart(
                new MonitorSpec(ControlSpec.DEFAULT, configured), supervisor, false);
    }

    @Test
    void aFeatureOfTheConfigurationIsMadeWhenAConfigurationNeedsIt() {
        MonitorSpec without = new MonitorSpec(ControlSpec.DEFAULT, List.of(NEEDS_IT));
        MonitorSpec with = new MonitorSpec(ControlSpec.DEFAULT, List.of());
        LazyFeature<Recorder> ofConfiguration =
                LazyFeature.ofConfiguration(spec -> spec.processes().isEmpty(), Recorder::new);
        Supervisor supervisor = mock(Supervisor.class);
        when(supervisor.snapshot()).thenReturn(new Snapshot(List.of(), List.of(), false));

        ofConfiguration.start(new FeatureStart(without, supervisor, false));
        ofConfiguration.prepare(without);
        ofConfiguration.follow(without, NO_CHANGES);
        ofConfiguration.on(new Change.Idle());
        assertThat(calls).isEmpty();

        ofConfiguration.follow(with, NO_CHANGES);
        assertThat(calls).containsExactly("made", "follow");

        calls.clear();
        LazyFeature<Recorder> another =
                LazyFeature.ofConfiguration(spec -> spec.processes().isEmpty(), Recorder::new);
        another.start(new FeatureStart(with, supervisor, false));
        assertThat(calls).containsExactly("made", "start");
    }
}
