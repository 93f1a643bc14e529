package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.procmon.config.ControlSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Signal;
import org.procmon.config.SpecBuilder;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.Reply;

/** Runs that are being started while the monitor goes on. */
class PendingSpawnsTest {
    private final FakeKernel kernel = new FakeKernel(new Random(7), 0);

    @Test
    void fourAreBegunBeforeAnybodyWaitsForTheFirst() {
        begin(process("a"), process("b"), process("c"), process("d"), process("e"), process("f"));
        assertThat(kernel.turns)
                .containsExactly(
                        "launch a",
                        "launch b",
                        "launch c",
                        "launch d",
                        "told of a",
                        "launch e",
                        "told of b",
                        "launch f",
                        "told of c",
                        "told of d",
                        "told of e",
                        "told of f");
    }

    @Test
    void whatEndsTogetherIsStartedTogether() {
        ProcessSet processSet = begin(process("a"), process("b"), process("c"));
        kernel.turns.clear();
        for (FakeKernel.Group group : kernel.groups) {
            end(group);
            processSet.leaderExitedToo(
                    group.spec.id(), 1, new ExitStatus.Exited(1), ResourceUsage.NONE);
        }
        assertThat(kernel.turns).isEmpty();
        processSet.timePassed();
        assertThat(kernel.turns)
                .containsExactly(
                        "launch a", "launch b", "launch c", "told of a", "told of b", "told of c");
    }

    @Test
    void aCommandFindsThoseEndedThatHaveEndedBefore() {
        ProcessSet processSet = begin(process("job").restart(RestartPolicy.NEVER));
        end(kernel.groups.getFirst());
        processSet.leaderExitedToo("job", 1, new ExitStatus.Exited(0), ResourceUsage.NONE);
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        processSet.command(new Command.SendSignal(List.of("job"), Signal.HUP), reply);
        assertThat(kernel.trace).noneMatch(line -> line.startsWith("signal HUP"));
    }

    @Test
    void keepsTheOrderOfDependentStarts() {
        begin(process("a"), process("b"), process("c").on("a").priority(-1));
        assertThat(kernel.turns)
                .containsExactly(
                        "launch a", "told of a", "launch c", "launch b", "told of c", "told of b");
    }

    @Test
    void commandsWaitUntilTheStartIsKnown() {
        kernel.refused.add("main");
        ProcessSet processSet =
                begin(process("main").restart(RestartPolicy.NEVER).essential(), process("side"));
        assertThat(kernel.turns)
                .containsExactly("launch main", "launch side", "told of main", "told of side");
        assertThat(processSet.isShuttingDown()).isTrue();
        assertThat(kernel.trace).contains("signal TERM to side run 1");
        end(kernel.groups.getFirst());
        processSet.leaderExited("side", 1, new ExitStatus.Signaled(15), ResourceUsage.NONE);
        assertThat(processSet.isOver()).isTrue();
    }

    private ProcessSet begin(SpecBuilder... processes) {
        MonitorSpec spec =
                new MonitorSpec(
                        ControlSpec.DEFAULT, Stream.of(processes).map(SpecBuilder::build).toList());
        ProcessSet processSet =
                new ProcessSet(
                        InitialState.of(spec),
                        kernel,
                        HookRunner.NONE,
                        kernel,
                        _ -> {},
                        Journal.NONE);
        processSet.takeOver();
        processSet.begin();
        return processSet;
    }

    private static void end(FakeKernel.Group group) {
        group.leaderAlive = false;
        group.others = 0;
        group.exitTold = true;
    }
}
