package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.spec.SpecBuilder.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.Saying;
import org.procmon.lifecycle.Usage;
import org.procmon.spec.ControlSpec;
import org.procmon.spec.Dependency.Condition;
import org.procmon.spec.Health.Remedy;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.RestartPolicy;
import org.procmon.spec.Signal;
import org.procmon.spec.SpecBuilder;

/** What processes mean to each other, over a kernel that never fails. */
class EnsembleTest {
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
        Ensemble ensemble = begin();
        assertThat(launches()).containsExactly("base");
        assertThat(view(ensemble, "web").waitsFor()).containsExactly("base");
        kernel.advance(Duration.ofSeconds(2));
        ensemble.timePassed();
        assertThat(launches()).containsExactly("base", "web");
    }

    @Test
    void aSkippedParentIsNotStartedAndKeepsNobodyWaiting() {
        add(process("base").skip(true));
        add(process("web").on("base"));
        Ensemble ensemble = begin();
        assertThat(launches()).containsExactly("web");
        assertThat(Wording.cause(view(ensemble, "base"))).isEqualTo("skipped by the configuration");
    }

    @Test
    void aParentThatRanToCompletionBadlyIsStartedButNotCompleted() {
        add(process("setup").restart(NEVER).settle(Duration.ofSeconds(9)));
        add(process("any").on("setup"));
        add(process("strict").on("setup", Condition.COMPLETED));
        Ensemble ensemble = begin();
        end(ensemble, "setup", 1);
        assertThat(launches()).containsExactly("setup", "any");
        assertThat(phase(ensemble, "strict")).isEqualTo(Phase.WAITING);
        order(ensemble, new Command.Start(List.of("setup")));
        end(ensemble, "setup", 0);
        assertThat(phase(ensemble, "strict")).isEqualTo(Phase.RUNNING);
    }

    @Test
    void dependentsThatAskForItFollowARestartedParentOneAfterTheOther() {
        add(process("base"));
        add(process("web").on("base").follows(true));
        add(process("report").restart(NEVER).on("base").follows(true));
        add(process("free").on("base"));
        Ensemble ensemble = begin();
        end(ensemble, "report", 0);
        kernel.trace.clear();
        end(ensemble, "base", 1);
        finishStops(ensemble);
        assertThat(launches()).containsExactly("base", "report", "web");
    }

    @Test
    void aFollowerThatAnOperatorStoppedStaysStopped() {
        add(process("base"));
        add(process("web").on("base").follows(true));
        Ensemble ensemble = begin();
        order(ensemble, new Command.Stop(List.of("web")));
        finishStops(ensemble);
        kernel.trace.clear();
        end(ensemble, "base", 1);
        assertThat(launches()).containsExactly("base");
    }

    @Test
    void everythingIsStoppedInReverseOrderEvenThroughOneThatIsDown() {
        add(process("base"));
        add(process("middle").on("base"));
        add(process("top").on("middle"));
        Ensemble ensemble = begin();
        order(ensemble, new Command.Stop(List.of("middle")));
        finishStops(ensemble);
        CompletableFuture<Reply> all = command(ensemble, new Command.Stop(List.of("all")));
        assertThat(view(ensemble, "base").waitsFor()).containsExactly("top");
        assertThat(all).isNotDone();
        finishStops(ensemble);
        ensemble.sendReplies();
        assertThat(signals()).containsExactly("middle", "top", "base");
        assertThat(all.join()).isInstanceOf(Reply.Done.class);
    }

    @Test
    void anUnknownNameAmongOthersChangesNothing() {
        add(process("web"));
        Ensemble ensemble = begin();
        CompletableFuture<Reply> reply = command(ensemble, new Command.Stop(List.of("web", "wob")));
        assertThat(reply.join()).isEqualTo(new Reply.NoSuchProcess("wob"));
        assertThat(phase(ensemble, "web")).isEqualTo(Phase.RUNNING);
    }

    @Test
    void aStartThatAnotherCommandTakesBackFailsWithThatReason() {
        add(process("base").settle(Duration.ofSeconds(9)));
        add(process("web").on("base"));
        Ensemble ensemble = begin();
        CompletableFuture<Reply> start = command(ensemble, new Command.Start(List.of("web")));
        assertThat(start).isNotDone();
        order(ensemble, new Command.Stop(List.of("web")));
        ensemble.sendReplies();
        assertThat(start.join())
                .isEqualTo(new Reply.Failed("web", "it was stopped by another command"));
    }

    @Test
    void aDeletedProcessIsUnknownAndItsDependentsWaitForItInVain() {
        add(process("base"));
        add(process("web").on("base"));
        Ensemble ensemble = begin();
        CompletableFuture<Reply> deleted =
                command(ensemble, new Command.Delete(List.of("base"), true));
        finishStops(ensemble);
        ensemble.sendReplies();
        assertThat(deleted.join()).isInstanceOf(Reply.Done.class);
        assertThat(ensemble.views()).extracting(ProcessView::name).containsExactly("web");
        end(ensemble, "web", 1);
        finishStops(ensemble);
        assertThat(view(ensemble, "web").waitsFor()).containsExactly("base");
    }

    @Test
    void nothingStartsOnceAShutdownHasBegun() {
        add(process("web"));
        Ensemble ensemble = begin();
        order(ensemble, new Command.Shutdown());
        assertThat(command(ensemble, new Command.Start(List.of("web"))).join())
                .isInstanceOf(Reply.ShuttingDown.class);
        finishStops(ensemble);
        assertThat(ensemble.isOver()).isTrue();
    }

    @Test
    void aSignalGoesToWhatRunsAndIsAnErrorForWhatDoesNot() {
        add(process("web"));
        add(process("off").skip(true));
        Ensemble ensemble = begin();
        assertThat(command(ensemble, new Command.Send(List.of("web"), Signal.HUP)).join())
                .isInstanceOf(Reply.Done.class);
        assertThat(command(ensemble, new Command.Send(List.of("all"), Signal.HUP)).join())
                .isEqualTo(new Reply.Failed("off", "it is not running"));
    }

    @Test
    void aDependentAndAStartWaitUntilTheParentIsReady() {
        add(process("base").notifies(Duration.ofSeconds(30)));
        add(process("web").on("base"));
        Ensemble ensemble = begin();
        CompletableFuture<Reply> start = command(ensemble, new Command.Start(List.of("base")));
        assertThat(launches()).containsExactly("base");
        assertThat(Wording.cause(view(ensemble, "base")))
                .isEqualTo("started, not ready before it says READY=1");
        assertThat(start).isNotDone();
        ensemble.reported("base", new Event.BecameReady(1));
        ensemble.sendReplies();
        assertThat(start.join()).isInstanceOf(Reply.Done.class);
        assertThat(launches()).containsExactly("base", "web");
    }

    @Test
    void aStartThatIsNotReadyInTimeFailsForThatReason() {
        add(process("base").notifies(Duration.ofSeconds(30)).backoff(Duration.ZERO));
        Ensemble ensemble = begin();
        CompletableFuture<Reply> start = command(ensemble, new Command.Start(List.of("base")));
        kernel.advance(Duration.ofSeconds(30));
        ensemble.timePassed();
        assertThat(Wording.cause(view(ensemble, "base")))
                .isEqualTo("being stopped: not ready within 30 s");
        ensemble.sendReplies();
        assertThat(start).isDone();
        end(ensemble, "base", 0);
        assertThat(start.join()).isEqualTo(new Reply.Failed("base", "not ready within 30 s"));
        assertThat(launches()).containsExactly("base", "base");
    }

    @Test
    void aDependentMayWaitForMoreThanAStart() {
        add(process("base").notifies(Duration.ofSeconds(30)).health(2, Remedy.REPORT));
        add(process("ready").on("base", Condition.READY));
        add(process("sure").on("base", Condition.HEALTHY).on("base", Condition.READY));
        Ensemble ensemble = begin();
        assertThat(Wording.cause(view(ensemble, "sure")))
                .isEqualTo("waits for base to be healthy and ready");
        assertThat(Outlook.of(view(ensemble, "ready"), kernel.now()))
                .isEqualTo("it starts as soon as base is ready");
        ensemble.reported("base", new Event.BecameReady(1));
        assertThat(launches()).containsExactly("base", "ready");
        ensemble.reported("base", new Event.Looked(1, Optional.of("no answer")));
        assertThat(launches()).containsExactly("base", "ready");
        ensemble.reported("base", new Event.Looked(1, Optional.empty()));
        assertThat(launches()).containsExactly("base", "ready", "sure");
    }

    @Test
    void whoIsReloadingIsUpButNotReady() {
        add(process("base").notifies(Duration.ofSeconds(30)));
        add(process("up").skip(true).on("base"));
        add(process("ready").skip(true).on("base", Condition.READY));
        Ensemble ensemble = begin();
        ensemble.reported("base", new Event.BecameReady(1));
        ensemble.reported("base", new Event.Told(1, new Saying.Reloading()));
        order(ensemble, new Command.Start(List.of("up", "ready")));
        assertThat(launches()).containsExactly("base", "up");
        ensemble.reported("base", new Event.BecameReady(1));
        assertThat(launches()).containsExactly("base", "up", "ready");
    }

    @Test
    void whatElseThereIsToDoAboutAnEndWaitsUntilTheNextRunIsUpAndIsDoneInOrder() {
        add(process("web"));
        Ensemble ensemble = begin();
        kernel.advance(Duration.ofMinutes(1));
        kernel.trace.clear();
        end(ensemble, "web", 1);
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

    private Ensemble begin() {
        Ensemble ensemble =
                new Ensemble(
                        Beginning.of(new MonitorSpec(ControlSpec.DEFAULT, specs)),
                        kernel,
                        HookRunner.NONE,
                        kernel,
                        new LaterObserver((_, view) -> kernel.trace.add("told " + phase(view))),
                        Journal.NONE);
        ensemble.takeOver();
        ensemble.begin();
        return ensemble;
    }

    private static CompletableFuture<Reply> command(Ensemble ensemble, Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        ensemble.command(command, reply);
        ensemble.sendReplies();
        return reply;
    }

    private static void order(Ensemble ensemble, Command command) {
        CompletableFuture<Reply> _ = command(ensemble, command);
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
        ensemble.sendReplies();
    }

    /** Lets every group that was told to end do so, one after the other. */
    private void finishStops(Ensemble ensemble) {
        for (int i = 0; i < 20; i++) {
            for (ProcessView view : ensemble.views()) {
                boolean told = kernel.trace.stream().anyMatch(sent(view));
                if (view.process().state().phase() == Phase.STOPPING && told) {
                    end(ensemble, view.name(), 0);
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

    private static ProcessView view(Ensemble ensemble, String name) {
        return ensemble.views().stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Phase phase(Ensemble ensemble, String name) {
        return view(ensemble, name).process().state().phase();
    }
}
