package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.spec.SpecBuilder.process;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Usage;
import org.procmon.spec.ControlSpec;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.RestartPolicy;
import org.procmon.spec.SpecBuilder;

/** Runs that are being started while the monitor goes on. */
class LaunchesTest {
    private final FakeKernel kernel = new FakeKernel(new Random(7), 0);

    @Test
    void theNextIsBegunBeforeAnybodyWaitsForTheFirst() {
        begin(process("a"), process("b"), process("c"));
        assertThat(kernel.turns)
                .containsExactly(
                        "launch a", "launch b", "told of a", "launch c", "told of b", "told of c");
    }

    @Test
    void nobodyGoesBeforeWhatMayDependOnTheFirst() {
        begin(process("a"), process("b"), process("c").on("a").priority(-1));
        assertThat(kernel.turns)
                .containsExactly(
                        "launch a", "told of a", "launch c", "launch b", "told of c", "told of b");
    }

    @Test
    void whatIsToBecomeOfAProcessWaitsUntilItsStartIsKnown() {
        kernel.refused.add("main");
        Ensemble ensemble =
                begin(process("main").restart(RestartPolicy.NEVER).essential(), process("side"));
        assertThat(kernel.turns)
                .containsExactly("launch main", "launch side", "told of main", "told of side");
        assertThat(ensemble.isShuttingDown()).isTrue();
        assertThat(kernel.trace).contains("signal TERM to side run 1");
        FakeKernel.Group side = kernel.groups.getFirst();
        side.leaderAlive = false;
        side.others = 0;
        side.exitTold = true;
        ensemble.leaderExited("side", 1, new ExitStatus.Signaled(15), Usage.NONE);
        assertThat(ensemble.isOver()).isTrue();
    }

    private Ensemble begin(SpecBuilder... processes) {
        MonitorSpec spec =
                new MonitorSpec(
                        ControlSpec.DEFAULT, Stream.of(processes).map(SpecBuilder::build).toList());
        Ensemble ensemble =
                new Ensemble(
                        Beginning.of(spec),
                        kernel,
                        HookRunner.NONE,
                        kernel,
                        (_, _) -> {},
                        Journal.NONE);
        ensemble.takeOver();
        ensemble.begin();
        return ensemble;
    }
}
