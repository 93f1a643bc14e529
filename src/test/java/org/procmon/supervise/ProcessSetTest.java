package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.procmon.config.ControlSpec;
import org.procmon.config.Dependency.Condition;
import org.procmon.config.Health.Remedy;
import org.procmon.config.MonitorSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Signal;
import org.procmon.config.SpecBuilder;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Notification;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.status.NextSteps;
import org.procmon.status.ProcessView;
import org.procmon.status.StateText;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.DeferredFeature;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.Reply;

/** What processes mean to each other, over a kernel that never fails. */
class ProcessSetTest {
    private static final RestartPolicy NEVER = RestartPolicy.NEVER;

    private final FakeKernel kernel = new FakeKernel(new Random(7), 0);
    private final List<ProcessSpec> specs = new ArrayList<>();

    @Test
    void independentProcessesStartInTheOrderOfTheFileAndDependentsAfterThem() {
        add(process("c").on("a"));
        add(process("a"));
        add(process("b"));
        begin();
        assertThat(launches()).containsExactly("a", "b", "c");
    }

    @Test
    void aDependentWaitsUntilItsParentHasSettled() {
        add(process("base").settle(Duration.ofSeconds(2)));
        add(process("web").on("base"));
        ProcessSet processSet = begin();
        assertThat(launches()).containsExactly("base");
        assertThat(view(processSet, "web").waitsFor()).containsExactly("base");
        kernel.advance(Duration.ofSeconds(2));
        processSet.timePassed();
        assertThat(launches()).containsExactly("base", "web");
    }

    @Test
    void aSkippedDependencyDelaysNoDependent() {
        add(process("base").skip(true));
        add(process("web").on("base"));
        ProcessSet processSet = begin();
        assertThat(launches()).containsExactly("web");
        assertThat(StateText.cause(view(processSet, "base")))
                .isEqualTo("skipped by the configuration");
    }

    @Test
    void aParentThatRanToCompletionBadlyIsStartedButNotCompleted() {
        add(process("setup").restart(NEVER).settle(Duration.ofSeconds(9)));
        add(process("any").on("setup"));
        add(process("strict").on("setup", Condition.COMPLETED));
        ProcessSet processSet = begin();
        end(processSet, "setup", 1);
        assertThat(launches()).containsExactly("setup", "any");
        assertThat(phase(processSet, "strict")).isEqualTo(Phase.WAITING);
        order(processSet, new Command.Start(List.of("setup")));
        end(processSet, "setup", 0);
        assertThat(phase(processSet, "strict")).isEqualTo(Phase.RUNNING);
    }

    @Test
    void dependentsThatAskForItFollowARestartedParentOneAfterTheOther() {
        add(process("base"));
        add(process("web").on("base").follows(true));
        add(process("report").restart(NEVER).on("base").follows(true));
        add(process("free").on("base"));
        ProcessSet processSet = begin();
        end(processSet, "report", 0);
        kernel.trace.clear();
        end(processSet, "base", 1);
        finishStops(processSet);
        assertThat(launches()).containsExactly("base", "report", "web");
    }

    @Test
    void aFollowerThatAnOperatorStoppedStaysStopped() {
        add(process("base"));
        add(process("web").on("base").follows(true));
        ProcessSet processSet = begin();
        order(processSet, new Command.Stop(List.of("web")));
        finishStops(processSet);
        kernel.trace.clear();
        end(processSet, "base", 1);
        assertThat(launches()).containsExactly("base");
    }

    @Test
    void everythingIsStoppedInReverseOrderEvenThroughOneThatIsDown() {
        add(process("base"));
        add(process("middle").on("base"));
        add(process("top").on("middle"));
        ProcessSet processSet = begin();
        order(processSet, new Command.Stop(List.of("middle")));
        finishStops(processSet);
        CompletableFuture<Reply> all = command(processSet, new Command.Stop(List.of("all")));
        assertThat(view(processSet, "base").waitsFor()).containsExactly("top");
        assertThat(all).isNotDone();
        finishStops(processSet);
        processSet.sendReplies();
        assertThat(signals()).containsExactly("middle", "top", "base");
        assertThat(all.join()).isInstanceOf(Reply.Done.class);
    }

    @Test
    void aPatternDoesNotStartWhatHasCompleted() {
        add(process("web"));
        add(process("once").restart(RestartPolicy.NEVER));
        ProcessSet processSet = begin();
        end(processSet, "once", 0);
        order(processSet, new Command.Stop(List.of("web")));
        finishStops(processSet);
        assertThat(phase(processSet, "once")).isEqualTo(Phase.COMPLETED);

        kernel.trace.clear();
        order(processSet, new Command.Start(List.of("all")));
        order(processSet, new Command.Start(List.of("o*")));
        assertThat(launches()).containsExactly("web");
        order(processSet, new Command.Restart(List.of("all")));
        finishStops(processSet);
        assertThat(launches()).containsExactlyInAnyOrder("web", "once", "web");
        end(processSet, "once", 0);
        order(processSet, new Command.Start(List.of("once")));
        assertThat(launches()).hasSize(4);
    }

    @Test
    void anUnknownNameAmongOthersChangesNothing() {
        add(process("web"));
        ProcessSet processSet = begin();
        CompletableFuture<Reply> reply =
                command(processSet, new Command.Stop(List.of("web", "wob")));
        assertThat(reply.join()).isEqualTo(new Reply.NoSuchProcess("wob"));
        assertThat(phase(processSet, "web")).isEqualTo(Phase.RUNNING);
    }

    @Test
    void aStartThatAnotherCommandTakesBackFailsWithThatReason() {
        add(process("base").settle(Duration.ofSeconds(9)));
        add(process("web").on("base"));
        ProcessSet processSet = begin();
        CompletableFuture<Reply> start = command(processSet, new Command.Start(List.of("web")));
        assertThat(start).isNotDone();
        order(processSet, new Command.Stop(List.of("web")));
        processSet.sendReplies();
        assertThat(start.join())
                .isEqualTo(new Reply.Failed("web", "it was stopped by another command"));
    }

    @Test
    void aDeletedProcessIsUnknownAndItsDependentsWaitForItInVain() {
        add(process("base"));
        add(process("web").on("base"));
        ProcessSet processSet = begin();
        CompletableFuture<Reply> deleted =
                command(processSet, new Command.Delete(List.of("base"), true));
        finishStops(processSet);
        processSet.sendReplies();
        assertThat(deleted.join()).isInstanceOf(Reply.Done.class);
        assertThat(processSet.views()).extracting(ProcessView::name).containsExactly("web");
        end(processSet, "web", 1);
        finishStops(processSet);
        assertThat(view(processSet, "web").waitsFor()).containsExactly("base");
    }

    @Test
    void nothingStartsOnceAShutdownHasBegun() {
        add(process("web"));
        ProcessSet processSet = begin();
        order(processSet, new Command.Shutdown());
        assertThat(command(processSet, new Command.Start(List.of("web"))).join())
                .isInstanceOf(Reply.ShuttingDown.class);
        finishStops(processSet);
        assertThat(processSet.isOver()).isTrue();
    }

    @Test
    void aSignalGoesToWhatRunsAndIsAnErrorForWhatDoesNot() {
        add(process("web"));
        add(process("off").skip(true));
        ProcessSet processSet = begin();
        assertThat(command(processSet, new Command.SendSignal(List.of("web"), Signal.HUP)).join())
                .isInstanceOf(Reply.Done.class);
        assertThat(command(processSet, new Command.SendSignal(List.of("all"), Signal.HUP)).join())
                .isEqualTo(new Reply.Failed("off", "it is not running"));
    }

    @Test
    void aDependentAndAStartWaitUntilTheParentIsReady() {
        add(process("base").notifies(Duration.ofSeconds(30)));
        add(process("web").on("base"));
        ProcessSet processSet = begin();
        CompletableFuture<Reply> start = command(processSet, new Command.Start(List.of("base")));
        assertThat(launches()).containsExactly("base");
        assertThat(StateText.cause(view(processSet, "base")))
                .isEqualTo("started, not ready before it says READY=1");
        assertThat(start).isNotDone();
        processSet.reported("base", new Event.BecameReady(1));
        processSet.sendReplies();
        assertThat(start.join()).isInstanceOf(Reply.Done.class);
        assertThat(launches()).containsExactly("base", "web");
    }

    @Test
    void aStartThatIsNotReadyInTimeFailsForThatReason() {
        add(process("base").notifies(Duration.ofSeconds(30)).backoff(Duration.ZERO));
        ProcessSet processSet = begin();
        CompletableFuture<Reply> start = command(processSet, new Command.Start(List.of("base")));
        kernel.advance(Duration.ofSeconds(30));
        processSet.timePassed();
        assertThat(StateText.cause(view(processSet, "base")))
                .isEqualTo("stops: not ready within 30 s");
        processSet.sendReplies();
        assertThat(start).isDone();
        end(processSet, "base", 0);
        assertThat(start.join()).isEqualTo(new Reply.Failed("base", "not ready within 30 s"));
        assertThat(launches()).containsExactly("base", "base");
    }

    @Test
    void aDependentMayWaitForMoreThanAStart() {
        add(process("base").notifies(Duration.ofSeconds(30)).health(2, Remedy.REPORT));
        add(process("ready").on("base", Condition.READY));
        add(process("sure").on("base", Condition.HEALTHY).on("base", Condition.READY));
        ProcessSet processSet = begin();
        assertThat(StateText.cause(view(processSet, "sure")))
                .isEqualTo("waits for base to be healthy and ready");
        assertThat(NextSteps.of(view(processSet, "ready"), kernel.now()))
                .isEqualTo("it starts as soon as base is ready");
        processSet.reported("base", new Event.BecameReady(1));
        assertThat(launches()).containsExactly("base", "ready");
        processSet.reported("base", new Event.Probed(1, Optional.of("no answer")));
        assertThat(launches()).containsExactly("base", "ready");
        processSet.reported("base", new Event.Probed(1, Optional.empty()));
        assertThat(launches()).containsExactly("base", "ready", "sure");
    }

    @Test
    void aReloadingProcessIsUpButNotReady() {
        add(process("base").notifies(Duration.ofSeconds(30)));
        add(process("up").skip(true).on("base"));
        add(process("ready").skip(true).on("base", Condition.READY));
        ProcessSet processSet = begin();
        processSet.reported("base", new Event.BecameReady(1));
        processSet.reported("base", new Event.Notified(1, new Notification.Reloading()));
        order(processSet, new Command.Start(List.of("up", "ready")));
        assertThat(launches()).containsExactly("base", "up");
        processSet.reported("base", new Event.BecameReady(1));
        assertThat(launches()).containsExactly("base", "up", "ready");
    }

    @Test
    void whatElseThereIsToDoAboutAnEndWaitsUntilTheNextRunIsUpAndIsDoneInOrder() {
        add(process("web"));
        ProcessSet processSet = begin();
        kernel.advance(Duration.ofMinutes(1));
        kernel.trace.clear();
        end(processSet, "web", 1);
        assertThat(kernel.trace)
                .filteredOn(line -> !line.startsWith("  "))
                .containsExactly(
                        "launch web run 2",
                        "over web run 1",
                        "told web STOPPING",
                        "told web WAITING",
                        "told web RUNNING");
    }

    private static String phase(ProcessView view) {
        return view.name() + " " + view.process().state().phase();
    }

    private void add(SpecBuilder process) {
        specs.add(process.build());
    }

    private ProcessSet begin() {
        ProcessSet processSet =
                new ProcessSet(
                        InitialState.of(new MonitorSpec(ControlSpec.DEFAULT, specs)),
                        kernel,
                        HookRunner.NONE,
                        kernel,
                        new DeferredFeature(this::trace),
                        Journal.NONE);
        processSet.takeOver();
        processSet.begin();
        return processSet;
    }

    private static CompletableFuture<Reply> command(ProcessSet processSet, Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        processSet.command(command, reply);
        processSet.sendReplies();
        return reply;
    }

    private static void order(ProcessSet processSet, Command command) {
        CompletableFuture<Reply> _ = command(processSet, command);
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
        processSet.sendReplies();
    }

    /** Lets every group that was told to end do so, one after the other. */
    private void finishStops(ProcessSet processSet) {
        for (int i = 0; i < 20; i++) {
            for (ProcessView view : processSet.views()) {
                boolean told = kernel.trace.stream().anyMatch(sent(view));
                if (view.process().state().phase() == Phase.STOPPING && told) {
                    end(processSet, view.name(), 0);
                }
            }
        }
    }

    private static Predicate<String> sent(ProcessView view) {
        return line ->
                line.equals(
                        "signal TERM to " + view.name() + " run " + view.process().tally().runs());
    }

    private List<String> launches() {
        return words("launch ", 1);
    }

    private List<String> signals() {
        return words("signal TERM", 3);
    }

    private List<String> words(String prefix, int index) {
        return kernel.trace.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.split(" ", -1)[index])
                .toList();
    }

    private static ProcessView view(ProcessSet processSet, String name) {
        return processSet.views().stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Phase phase(ProcessSet processSet, String name) {
        return view(processSet, name).process().state().phase();
    }

    private void trace(Change change) {
        if (change instanceof Change.Transition transition) {
            kernel.trace.add("told " + phase(transition.after()));
        }
    }
}
