package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.spec.SpecBuilder.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.Supervised;
import org.procmon.lifecycle.Usage;
import org.procmon.spec.ControlSpec;
import org.procmon.spec.Dependency.Condition;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.OrphanPolicy;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.RestartPolicy;
import org.procmon.spec.SpecBuilder;
import org.procmon.spec.StartBudget;

/**
 * What concerns all processes together: how many start at a time, and what the end of one means.
 */
class BudgetTest {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final FakeKernel kernel = new FakeKernel(new Random(7), 0);
    private final List<ProcessSpec> specs = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    @Test
    void whatIsMoreThanTheBudgetWaitsForItsTurn() {
        for (int i = 0; i < 8; i++) {
            add(process("p" + i));
        }
        Ensemble ensemble = begin(3);
        assertThat(launches()).containsExactly("p0", "p1", "p2");
        assertThat(Wording.cause(view(ensemble, "p3")))
                .isEqualTo("waits for its turn, by start_budget");
        assertThat(ensemble.nextDeadline()).contains(kernel.now().plus(PERIOD));
        pass(ensemble);
        assertThat(launches()).containsExactly("p0", "p1", "p2", "p3", "p4", "p5");
        pass(ensemble);
        assertThat(launches()).hasSize(8);
        assertThat(ensemble.nextDeadline()).isEmpty();
    }

    @Test
    void whoIsStoppedInLineLetsTheNextPass() {
        add(process("a"));
        add(process("b"));
        add(process("c"));
        Ensemble ensemble = begin(1);
        CompletableFuture<Reply> _ = command(ensemble, new Command.Stop(List.of("b")));
        pass(ensemble);
        assertThat(launches()).containsExactly("a", "c");
        assertThat(view(ensemble, "b").process().state().phase()).isEqualTo(Phase.STOPPED);
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
        Ensemble ensemble = begin(6);
        kernel.advance(Duration.ofMinutes(1));
        ensemble.timePassed();
        reload(ensemble, 2);
        kernel.trace.clear();
        for (int i = 0; i < 6; i++) {
            end(ensemble, "p" + i, 1);
        }
        assertThat(launches()).hasSize(2);
        pass(ensemble);
        assertThat(launches()).hasSize(4);
    }

    @Test
    void theEndOfAnEssentialProcessIsThatOfTheMonitor() {
        add(process("main").restart(RestartPolicy.NEVER).essential());
        add(process("side"));
        Ensemble ensemble = begin(9);
        end(ensemble, "side", 3);
        assertThat(ensemble.isShuttingDown()).isFalse();
        end(ensemble, "main", 42);
        assertThat(ensemble.isShuttingDown()).isTrue();
        assertThat(ensemble.exitCode()).isEqualTo(OptionalInt.of(42));
        assertThat(told).containsExactly("main");
    }

    @Test
    void anEssentialProcessThatIsRestartedOrStoppedEndsNothing() {
        add(process("main").essential());
        add(process("job").restart(RestartPolicy.NEVER).essential());
        Ensemble ensemble = begin(9);
        end(ensemble, "main", 1);
        CompletableFuture<Reply> _ = command(ensemble, new Command.Stop(List.of("job")));
        end(ensemble, "job", 0);
        assertThat(view(ensemble, "job").process().state().phase()).isEqualTo(Phase.STOPPED);
        assertThat(ensemble.isShuttingDown()).isFalse();
        assertThat(ensemble.exitCode()).isEmpty();
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

    private Ensemble begin(int starts) {
        Observer observer =
                new Observer() {
                    @Override
                    public void changed(Supervised before, ProcessView after) {}

                    @Override
                    public void essentialIsOver(ProcessView view) {
                        told.add(view.name());
                    }
                };
        Ensemble ensemble =
                new Ensemble(
                        Beginning.of(spec(starts)),
                        kernel,
                        HookRunner.NONE,
                        kernel,
                        observer,
                        Journal.NONE);
        ensemble.takeOver();
        ensemble.begin();
        return ensemble;
    }

    private void reload(Ensemble ensemble, int starts) {
        CompletableFuture<Reply> _ =
                command(
                        ensemble,
                        new Command.Reload(spec(starts), List.of(), true, Optional::empty));
    }

    private static CompletableFuture<Reply> command(Ensemble ensemble, Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        ensemble.command(command, reply);
        ensemble.sendReplies();
        return reply;
    }

    private void pass(Ensemble ensemble) {
        kernel.advance(PERIOD);
        ensemble.timePassed();
    }

    private void end(Ensemble ensemble, String name, int code) {
        for (FakeKernel.Group group : List.copyOf(kernel.groups)) {
            if (group.spec.id().equals(name) && !group.exitTold) {
                group.leaderAlive = false;
                group.others = 0;
                group.exitTold = true;
                ExitStatus status = new ExitStatus.Exited(code);
                ensemble.leaderExited(name, group.number, status, Usage.NONE);
            }
        }
    }

    private List<String> launches() {
        return kernel.trace.stream()
                .filter(line -> line.startsWith("launch "))
                .map(line -> line.split(" ", -1)[1])
                .toList();
    }

    private static ProcessView view(Ensemble ensemble, String name) {
        return ensemble.views().stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
