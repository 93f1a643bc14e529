package org.procmon.control.server.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.procmon.config.Signal;
import org.procmon.config.SpecBuilder;
import org.procmon.config.StopPlan;
import org.procmon.control.protocol.TimeLimits;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.ProcessView;

class ProcessTimeoutsTest {
    private final List<ProcessView> all = new ArrayList<>();

    @Test
    void addsTheStepsOfAStopAndTheHooksAroundARun() {
        add(
                stops(process("a"), 3, 4)
                        .notifies(seconds(20))
                        .beforeStart(seconds(1))
                        .afterStop(seconds(2)));
        assertThat(limits("a")).isEqualTo(new TimeLimits(9_000, 21_000, 30_000));
    }

    @Test
    void countsTheLongestChainOfDependenciesNotTheirSum() {
        add(stops(process("base"), 5).settle(seconds(2)));
        add(stops(process("left"), 7).settle(seconds(3)).on("base"));
        add(stops(process("right"), 1).settle(seconds(1)).on("base"));
        assertThat(limits("base", "left", "right"))
                .isEqualTo(new TimeLimits(12_000, 5_000, 19_000));
    }

    @Test
    void aStartWaitsForDependenciesThatAreNotUpYet() {
        add(process("base").settle(seconds(2)));
        add(process("top").settle(seconds(3)).on("base"));
        assertThat(limits("top").startMs()).isEqualTo(5_000);
    }

    @Test
    void aChainThroughAProcessThatIsNotNamedCounts() {
        add(stops(process("base"), 5));
        add(stops(process("middle"), 50).on("base"));
        add(stops(process("top"), 7).on("middle"));
        assertThat(limits("base", "top").stopMs()).isEqualTo(12_000);
    }

    private void add(SpecBuilder spec) {
        boolean waits = !spec.build().depends().isEmpty() || spec.build().id().equals("base");
        all.add(
                new ProcessView(
                        spec.build(),
                        new ProcessStatus(
                                waits ? Goal.UP : Goal.DOWN,
                                waits
                                        ? new ProcessState.Waiting(new Ticks(1))
                                        : new ProcessState.Stopped(
                                                StopReason.OPERATOR, new Ticks(1)),
                                RunCounters.NONE),
                        List.of()));
    }

    private static SpecBuilder stops(SpecBuilder spec, int... seconds) {
        List<StopPlan.Step> steps = new ArrayList<>();
        for (int step : seconds) {
            steps.add(new StopPlan.Step(Signal.TERM, seconds(step)));
        }
        return spec.stop(new StopPlan(steps));
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private TimeLimits limits(String... names) {
        List<String> wanted = List.of(names);
        return new ProcessTimeouts(
                        all, all.stream().filter(v -> wanted.contains(v.name())).toList())
                .limits();
    }
}
