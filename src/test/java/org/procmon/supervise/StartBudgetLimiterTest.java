package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.procmon.config.ControlSpec;
import org.procmon.config.Dependency.Condition;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.SpecBuilder;
import org.procmon.config.StartBudget;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.status.ProcessView;
import org.procmon.status.StateText;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.Reply;

/**
 * What concerns all processes together: how many start at a time, and what the end of one means.
 */
class StartBudgetLimiterTest {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final FakeKernel kernel = new FakeKernel(new Random(7), 0);
    private final List<ProcessSpec> specs = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    @Test
    void queuesStartsBeyondTheBudget() {
        for (int i = 0; i < 8; i++) {
            add(process("p" + i));
        }
        ProcessSet processSet = begin(3);
        assertThat(launches()).containsExactly("p0", "p1", "p2");
        assertThat(StateText.cause(view(processSet, "p3")))
                .isEqualTo("waits for its turn, by start_budget");
        assertThat(processSet.nextDeadline()).contains(kernel.now().plus(PERIOD));
        pass(processSet);
        assertThat(launches()).containsExactly("p0", "p1", "p2", "p3", "p4", "p5");
        pass(processSet);
        assertThat(launches()).hasSize(8);
        assertThat(processSet.nextDeadline()).isEmpty();
    }

    @Test
    void aStoppedProcessLeavesTheQueue() {
        add(process("a"));
        add(process("b"));
        add(process("c"));
        ProcessSet processSet = begin(1);
        CompletableFuture<Reply> _ = command(processSet, new Command.Stop(List.of("b")));
        pass(processSet);
        assertThat(launches()).containsExactly("a", "c");
        assertThat(view(processSet, "b").process().state().phase()).isEqualTo(Phase.STOPPED);
    }

    @Test
    void ofThoseThatCouldStartTheOneWithTheSmallerPriorityGoesFirst() {
        add(process("late").priority(5));
        add(process("usual"));
        add(process("next"));
        add(process("child").on("early", Condition.STARTED).priority(-9));
        add(process("early").priority(-1));
        begin(100);
        assertThat(launches()).containsExactly("early", "child", "usual", "next", "late");
    }

    @Test
    void aMassCrashIsRestartedInAnOrderlyFlow() {
        for (int i = 0; i < 6; i++) {
            add(process("p" + i));
        }
        ProcessSet processSet = begin(6);
        kernel.advance(Duration.ofMinutes(1));
        processSet.timePassed();
        reload(processSet, 2);
        kernel.trace.clear();
        for (int i = 0; i < 6; i++) {
            end(processSet, "p" + i, 1);
        }
        assertThat(launches()).hasSize(2);
        pass(processSet);
        assertThat(launches()).hasSize(4);
    }

    @Test
    void theEndOfAnEssentialProcessIsThatOfTheMonitor() {
        add(process("main").restart(RestartPolicy.NEVER).essential());
        add(process("side"));
        ProcessSet processSet = begin(9);
        end(processSet, "side", 3);
        assertThat(processSet.isShuttingDown()).isFalse();
        end(processSet, "main", 42);
        assertThat(processSet.isShuttingDown()).isTrue();
        assertThat(processSet.exitCode()).isEqualTo(OptionalInt.of(42));
        assertThat(told).containsExactly("main");
    }

    @Test
    void anEssentialProcessThatIsRestartedOrStoppedEndsNothing() {
        add(process("main").essential());
        add(process("job").restart(RestartPolicy.NEVER).essential());
        ProcessSet processSet = begin(9);
        end(processSet, "main", 1);
        CompletableFuture<Reply> _ = command(processSet, new Command.Stop(List.of("job")));
        end(processSet, "job", 0);
        assertThat(view(processSet, "job").process().state().phase()).isEqualTo(Phase.STOPPED);
        assertThat(processSet.isShuttingDown()).isFalse();
        assertThat(processSet.exitCode()).isEmpty();
    }

    private void add(SpecBuilder process) {
        specs.add(process.build());
    }

    private MonitorSpec spec(int starts) {
        return new MonitorSpec(
                ControlSpec.DEFAULT,
                Optional.empty(),
                OrphanPolicy.STOP,
                Optional.of(new StartBudget(starts, PERIOD)),
                specs,
                Set.of());
    }

    private ProcessSet begin(int starts) {
        Feature observer =
                change -> {
                    if (change instanceof Change.EssentialExited exited) {
                        told.add(exited.process().name());
                    }
                };
        ProcessSet processSet =
                new ProcessSet(
                        InitialState.of(spec(starts)),
                        kernel,
                        HookRunner.NONE,
                        kernel,
                        observer,
                        Journal.NONE);
        processSet.takeOver();
        processSet.begin();
        return processSet;
    }

    private void reload(ProcessSet processSet, int starts) {
        CompletableFuture<Reply> _ = command(processSet, Reloading.command(spec(starts)));
    }

    private static CompletableFuture<Reply> command(ProcessSet processSet, Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        processSet.command(command, reply);
        processSet.sendReplies();
        return reply;
    }

    private void pass(ProcessSet processSet) {
        kernel.advance(PERIOD);
        processSet.timePassed();
    }

    private void end(ProcessSet processSet, String name, int code) {
        for (FakeKernel.Group group : List.copyOf(kernel.groups)) {
            if (group.spec.id().equals(name) && !group.exitTold) {
                group.leaderAlive = false;
                group.others = 0;
                group.exitTold = true;
                ExitStatus status = new ExitStatus.Exited(code);
                processSet.leaderExited(name, group.number, status, ResourceUsage.NONE);
            }
        }
    }

    private List<String> launches() {
        return kernel.trace.stream()
                .filter(line -> line.startsWith("launch "))
                .map(line -> line.split(" ", -1)[1])
                .toList();
    }

    private static ProcessView view(ProcessSet processSet, String name) {
        return processSet.views().stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
