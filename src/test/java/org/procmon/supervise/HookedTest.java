package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.procmon.config.ControlSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.SpecBuilder;
import org.procmon.config.StartBudget;
import org.procmon.lifecycle.Effect;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.HookKind;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.StartError;
import org.procmon.status.NextSteps;
import org.procmon.status.ProcessView;
import org.procmon.status.StateText;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Reply;

/** Processes with hooks around their runs, over a kernel that never fails. */
class HookedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Optional<StartError> GOOD = Optional.empty();
    private static final Optional<StartError> BAD =
            Optional.of(new StartError(0, "exited with code 3"));

    private final FakeKernel kernel = new FakeKernel(new Random(7), 0);
    private final FakeHooks hooks = new FakeHooks(kernel);
    private final FakeJournal journal = new FakeJournal();
    private final List<ProcessSpec> specs = new ArrayList<>();
    private Optional<StartBudget> budget = Optional.empty();
    private ProcessSet processSet = begin();

    @Test
    void aRunStartsWhenItsHookHasDoneWellAndTheNextOneToo() {
        begin(web());
        assertThat(events()).containsExactly("hook before_start of web");
        assertThat(StateText.cause(view("web"))).isEqualTo("waits for its hook before_start");
        assertThat(NextSteps.of(view("web"), kernel.now()))
                .isEqualTo("it starts if its hook before_start ends with code 0 within 9.9 s");
        hookEnds("web", GOOD);
        runEnds("web", 0);
        hookEnds("web", GOOD);
        hookEnds("web", GOOD);
        assertThat(events())
                .containsExactly(
                        "hook before_start of web",
                        "launch web run 1",
                        "hook after_stop of run 1 of web",
                        "hook before_start of web",
                        "launch web run 2");
    }

    @Test
    void aHookThatFailsOrHangsIsAFailedStart() {
        begin(web(), web("once").restart(RestartPolicy.NEVER));
        hookEnds("web", BAD);
        assertThat(phase("web")).isEqualTo(Phase.BACKOFF);
        assertThat(StateText.cause(view("web")))
                .startsWith("before_start: exited with code 3; restart 2 in a row, delayed by ");
        kernel.advance(PATIENCE);
        processSet.timePassed();
        assertThat(phase("once")).isEqualTo(Phase.FAILED);
        assertThat(StateText.cause(view("once")))
                .isEqualTo("before_start: was killed, it had not ended after 10 s");
        assertThat(kernel.trace).contains("cancel the hook of once");
        assertThat(phase("web")).isEqualTo(Phase.WAITING);
        assertThat(kernel.launches).isZero();
    }

    @Test
    void failedHooksCountForGivingUp() {
        begin(web().giveUp(0, Duration.ofMinutes(1), Optional.empty()));
        hookEnds("web", BAD);
        assertThat(phase("web")).isEqualTo(Phase.FAILED);
        assertThat(StateText.cause(view("web"))).endsWith("; before_start: exited with code 3");
    }

    @Test
    void aStopCancelsTheHookAndLeavesNothing() {
        begin(web());
        CompletableFuture<Reply> reply = command(new Command.Stop(List.of("web")));
        assertThat(phase("web")).isEqualTo(Phase.STOPPED);
        assertThat(reply).isDone();
        assertThat(hooks.running).isEmpty();
        assertThat(kernel.launches).isZero();
    }

    @Test
    void waitsForALostDependencyAfterItsHook() {
        begin(process("db"), process("web").on("db").beforeStart(PATIENCE));
        order(new Command.Stop(List.of("db")));
        hookEnds("web", GOOD);
        assertThat(StateText.cause(view("web"))).isEqualTo("waits for db");
        runEnds("db", 0);
        order(new Command.Start(List.of("db")));
        assertThat(events())
                .containsExactly(
                        "launch db run 1",
                        "hook before_start of web",
                        "launch db run 2",
                        "launch web run 1");
    }

    @Test
    void aStartIsInTheBudgetOnce() {
        budget = Optional.of(new StartBudget(1, Duration.ofSeconds(2)));
        begin(web(), web("other"));
        hookEnds("web", GOOD);
        assertThat(phase("web")).isEqualTo(Phase.RUNNING);
        assertThat(hooks.running).isEmpty();
        kernel.advance(Duration.ofSeconds(2));
        processSet.timePassed();
        assertThat(hooks.running).containsOnlyKeys("other");
    }

    @Test
    void nothingFollowsTheEndBeforeItsHookHasEnded() {
        begin(process("db"), process("web").on("db").afterStop(PATIENCE));
        CompletableFuture<Reply> reply = command(new Command.Stop(List.of("all")));
        runEnds("web", 0);
        assertThat(phase("web")).isEqualTo(Phase.STOPPING);
        assertThat(view("web").process().state().run()).isEmpty();
        assertThat(StateText.cause(view("web")))
                .isEqualTo("stops because of a command; its hook after_stop runs");
        assertThat(NextSteps.of(view("web"), kernel.now()))
                .isEqualTo("its hook after_stop is killed unless it ends within 9.9 s");
        assertThat(kernel.trace).doesNotContain("signal TERM to db run 1");
        hookEnds("web", BAD);
        assertThat(phase("web")).isEqualTo(Phase.STOPPED);
        assertThat(hooks.complaints).containsExactly("web: after_stop: exited with code 3");
        assertThat(kernel.trace).contains("signal TERM to db run 1");
        assertThat(reply).isNotDone();
        runEnds("db", 0);
        assertThat(reply).isDone();
    }

    @Test
    void aHookThatHangsHoldsNothingUpForEver() {
        begin(process("web").afterStop(PATIENCE));
        runEnds("web", 0);
        kernel.advance(PATIENCE);
        processSet.timePassed();
        assertThat(phase("web")).isEqualTo(Phase.RUNNING);
        assertThat(hooks.complaints)
                .containsExactly("web: after_stop: was killed, it had not ended after 10 s");
        assertThat(hooks.running).isEmpty();
    }

    @Test
    void completesAfterItsHookDespiteSurvivors() {
        begin(process("job").restart(RestartPolicy.NEVER).afterStop(PATIENCE));
        kernel.groups.getFirst().others = 1;
        leaderEnds("job", 0);
        assertThat(StateText.cause(view("job")))
                .matches("exited with code 0 after .*; its hook after_stop runs");
        takeOver();
        assertThat(hooks.running).containsOnlyKeys("job");
        hookEnds("job", GOOD);
        assertThat(phase("job")).isEqualTo(Phase.COMPLETED);
        assertThat(kernel.groups.getFirst().others).isEqualTo(1);
        assertThat(events())
                .containsExactly(
                        "launch job run 1",
                        "hook after_stop of run 1 of job",
                        "hook after_stop of run 1 of job");
    }

    @Test
    void aShutdownWaitsForHooksAndASecondOneDoesNot() {
        begin(process("web").afterStop(PATIENCE), process("other").afterStop(PATIENCE), web("new"));
        order(new Command.Shutdown());
        assertThat(phase("new")).isEqualTo(Phase.STOPPED);
        runEnds("web", 0);
        assertThat(hooks.running).containsOnlyKeys("web");
        assertThat(processSet.isOver()).isFalse();
        order(new Command.Shutdown());
        assertThat(hooks.running).isEmpty();
        runEnds("other", 0);
        assertThat(hooks.running).isEmpty();
        assertThat(processSet.isOver()).isTrue();
    }

    @Test
    void theNextMonitorRunsAnInterruptedHookAgain() {
        begin(web(), process("gone").afterStop(PATIENCE));
        runEnds("gone", 0);
        takeOver();
        assertThat(running("web").kind()).isEqualTo(HookKind.BEFORE_START);
        assertThat(running("gone").kind()).isEqualTo(HookKind.AFTER_STOP);
        assertThat(running("gone").after().orElseThrow().status())
                .isEqualTo(new ExitStatus.Exited(0));
    }

    private static SpecBuilder web() {
        return web("web");
    }

    private static SpecBuilder web(String name) {
        return process(name).beforeStart(PATIENCE).afterStop(PATIENCE);
    }

    private void begin(SpecBuilder... processes) {
        for (SpecBuilder process : processes) {
            specs.add(process.build());
        }
        takeOver();
    }

    private void takeOver() {
        hooks.forget();
        processSet = begin();
    }

    private ProcessSet begin() {
        MonitorSpec spec =
                new MonitorSpec(
                        ControlSpec.DEFAULT,
                        Optional.empty(),
                        OrphanPolicy.STOP,
                        budget,
                        specs,
                        Set.of());
        ProcessSet fresh =
                new ProcessSet(
                        new InitialState(spec, List.of(), journal.all(), OrphanPolicy.STOP, false),
                        kernel,
                        hooks,
                        kernel,
                        _ -> {},
                        journal);
        fresh.takeOver();
        fresh.begin();
        fresh.keep();
        return fresh;
    }

    private Effect.RunHook running(String name) {
        return Objects.requireNonNull(hooks.running.get(name));
    }

    private void order(Command command) {
        CompletableFuture<Reply> _ = command(command);
    }

    private CompletableFuture<Reply> command(Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        processSet.command(command, reply);
        settle();
        return reply;
    }

    private void hookEnds(String name, Optional<StartError> trouble) {
        processSet.reported(name, hooks.end(name, trouble));
        settle();
    }

    private void runEnds(String name, int code) {
        kernel.groups.stream().filter(g -> g.spec.id().equals(name)).forEach(g -> g.others = 0);
        leaderEnds(name, code);
    }

    private void leaderEnds(String name, int code) {
        for (FakeKernel.Group group : List.copyOf(kernel.groups)) {
            if (group.spec.id().equals(name) && !group.exitTold) {
                group.leaderAlive = false;
                group.exitTold = true;
                ExitStatus status = new ExitStatus.Exited(code);
                processSet.leaderExited(name, group.number, status, ResourceUsage.NONE);
            }
        }
        settle();
    }

    private void settle() {
        processSet.keep();
        processSet.sendReplies();
    }

    /** What was begun, in order. */
    private List<String> events() {
        return kernel.trace.stream()
                .filter(line -> line.startsWith("launch ") || line.startsWith("hook "))
                .filter(line -> !line.contains(" ends: "))
                .toList();
    }

    private ProcessView view(String name) {
        return processSet.views().stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Phase phase(String name) {
        return view(name).process().state().phase();
    }
}
