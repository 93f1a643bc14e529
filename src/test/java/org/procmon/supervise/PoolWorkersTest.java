package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.PoolBuilder.pool;
import static org.procmon.config.SpecBuilder.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.procmon.config.ControlSpec;
import org.procmon.config.DecisionPolicy;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.PoolSpec;
import org.procmon.config.Signal;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.reload.plan.ChangePlan.Action;
import org.procmon.reload.plan.ChangePlan.Change;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Reply;

/** Workers of pools as processes: they come and go by commands of their pools. */
class PoolWorkersTest {
    private static final PoolSpec PHP = pool("php").fixed(2).build();

    private final FakeKernel kernel = new FakeKernel(new Random(7), 0);
    private final FakeJournal journal = new FakeJournal();
    private final List<org.procmon.supervise.feature.Change> changes = new ArrayList<>();
    private ProcessSet processSet = begin(PHP);

    @Test
    void aWorkerIsAProcessOnceItsPoolStartsIt() {
        assertThat(names()).containsExactly("a");
        start(1);
        assertThat(names()).containsExactly("a", "php.1");
        assertThat(phase("php.1")).isEqualTo(Phase.RUNNING);
        assertThat(view("php.1").spec()).isEqualTo(PHP.worker(1));
    }

    @Test
    void aRetiredWorkerIsStoppedByItsPlanAndGone() {
        start(1);
        order(new Command.RetireWorker("php.1", false));
        assertThat(kernel.trace).contains("signal TERM to php.1 run 1");
        finishStops();
        assertThat(names()).containsExactly("a");
        assertThat(journal.all()).noneMatch(entry -> entry.name().equals("php.1"));
    }

    @Test
    void aWorkerThatIsRetiredAtOnceIsKilled() {
        start(1);
        order(new Command.RetireWorker("php.1", true));
        assertThat(kernel.trace).contains("signal KILL to php.1 run 1");
        finishStops();
        assertThat(names()).containsExactly("a");
    }

    @Test
    void onlyWorkersCanBeRetired() {
        order(new Command.RetireWorker("a", true));
        finishStops();
        assertThat(phase("a")).isEqualTo(Phase.RUNNING);
    }

    @Test
    void aWorkerThatExitsWithSuccessIsLeftToItsPool() {
        start(1);
        end("php.1", 0);
        assertThat(phase("php.1")).isEqualTo(Phase.COMPLETED);
        start(1);
        assertThat(phase("php.1")).isEqualTo(Phase.RUNNING);
        assertThat(view("php.1").process().tally().runs()).isEqualTo(2);
        end("php.1", 1);
        assertThat(view("php.1").process().tally().runs()).isEqualTo(3);
    }

    @Test
    void aStoppedPoolHasNoWorkersAndStartsNone() {
        start(1);
        start(2);
        CompletableFuture<Reply> reply = reply(new Command.Stop(List.of("php")));
        assertThat(changes).contains(commanded(false));
        finishStops();
        assertThat(reply).isCompletedWithValueMatching(Reply.Done.class::isInstance);
        start(3);
        assertThat(names()).containsExactly("a");
        assertThat(processSet.stoppedPools()).containsExactly("php");
    }

    @Test
    void anOperatorsStopOfAPoolHoldsForTheNextMonitor() {
        order(new Command.Stop(List.of("php")));
        processSet = begin(PHP);
        assertThat(processSet.stoppedPools()).containsExactly("php");
        assertThat(names()).containsExactly("a");
        order(new Command.Start(List.of("php")));
        assertThat(begin(PHP).stoppedPools()).isEmpty();
    }

    @Test
    void startingAPoolStartsTheWorkersThatItAlwaysHas() {
        order(new Command.Stop(List.of("php")));
        CompletableFuture<Reply> reply = reply(new Command.Start(List.of("php")));
        assertThat(changes).contains(commanded(true));
        assertThat(names()).containsExactly("a", "php.1", "php.2");
        assertThat(reply).isCompletedWithValueMatching(Reply.Done.class::isInstance);
    }

    @Test
    void commandsToAPoolWithoutWorkersAreDone() {
        processSet = begin(pool("idle").onDemand(4).build());
        for (Command command :
                List.of(
                        new Command.Start(List.of("idle")),
                        new Command.Restart(List.of("idle")),
                        new Command.Stop(List.of("idle")))) {
            assertThat(reply(command))
                    .isCompletedWithValueMatching(new Reply.Done(List.of())::equals);
        }
        assertThat(reply(new Command.Stop(List.of("idl"))))
                .isCompletedWithValueMatching(new Reply.NoSuchProcess("idl")::equals);
    }

    @Test
    void workersThatHaveOtherNumbersSinceARollAreRestartedThemselves() {
        start(3);
        start(4);
        CompletableFuture<Reply> reply = reply(new Command.Restart(List.of("php")));
        finishStops();
        assertThat(names()).containsExactly("a", "php.3", "php.4");
        assertThat(reply).isCompletedWithValueMatching(Reply.Done.class::isInstance);
        assertThat(view("php.3").process().tally().runs()).isEqualTo(2);
    }

    @Test
    void aPoolRollsItsRunningWorkersItself() {
        start(1);
        CompletableFuture<Reply> reply = reply(new Command.Roll(List.of("php")));
        assertThat(changes)
                .contains(new org.procmon.supervise.feature.Change.PoolRollAsked("php", reply));
        assertThat(reply).isNotDone();
        assertThat(kernel.trace).noneMatch(line -> line.startsWith("signal"));
    }

    @Test
    void aPoolWithoutRunningWorkersIsRestartedAndFailsIfTheyDo() {
        start(1);
        end("php.1", 1);
        end("php.1", 1);
        assertThat(phase("php.1")).isNotEqualTo(Phase.RUNNING);
        CompletableFuture<Reply> reply = reply(new Command.Roll(List.of("php")));
        assertThat(changes)
                .noneMatch(org.procmon.supervise.feature.Change.PoolRollAsked.class::isInstance);
        assertThat(names()).containsExactly("a", "php.1", "php.2");
        assertThat(reply).isCompletedWithValueMatching(Reply.Done.class::isInstance);
    }

    @Test
    void aWorkerThatAnOperatorStopsIsHeldWhileItsPoolRuns() {
        start(1);
        order(new Command.Stop(List.of("php.1")));
        finishStops();
        assertThat(phase("php.1")).isEqualTo(Phase.STOPPED);
        assertThat(view("php.1").process().isHeldDown()).isTrue();
        assertThat(processSet.stoppedPools()).isEmpty();
        processSet = begin(PHP);
        assertThat(view("php.1").process().isHeldDown()).isTrue();
    }

    @Test
    void aPoolCannotBeDeleted() {
        assertThat(reply(new Command.Delete(List.of("php"), true)))
                .isCompletedWithValueMatching(Reply.Failed.class::isInstance);
    }

    @Test
    void theNextMonitorAdoptsWorkersWithTheirRuns() {
        start(1);
        start(2);
        order(new Command.RetireWorker("php.2", false));
        long launches = kernel.launches;
        processSet = begin(PHP);
        assertThat(names()).containsExactly("a", "php.1", "php.2");
        assertThat(phase("php.1")).isEqualTo(Phase.RUNNING);
        assertThat(phase("php.2")).isEqualTo(Phase.STOPPING);
        assertThat(kernel.launches).isEqualTo(launches);
        finishStops();
        assertThat(names()).containsExactly("a", "php.1");
    }

    @Test
    void workersThatAShutdownStoppedAreForgotten() {
        start(1);
        order(new Command.Shutdown());
        finishStops();
        journal.beginAnew();
        processSet = begin(PHP);
        assertThat(names()).containsExactly("a");
        assertThat(journal.all()).noneMatch(entry -> entry.name().startsWith("php"));
    }

    @Test
    void workersOfAPoolThatIsNoLongerConfiguredAreStopped() {
        start(1);
        assertThat(reload()).contains(new Change("php", Action.STOP, List.of()));
        finishStops();
        assertThat(names()).containsExactly("a");
    }

    @Test
    void aReloadLeavesChangedWorkersToTheirPoolAndReportsThem() {
        start(1);
        PoolSpec next = pool("php").fixed(3).program("other").build();
        assertThat(reload(next))
                .containsExactly(
                        new Change("php", Action.RESTART, List.of("exec"), List.of("workers")));
        assertThat(phase("php.1")).isEqualTo(Phase.RUNNING);
        assertThat(view("php.1").outdated()).containsExactly("exec");
        assertThat(changes)
                .contains(new org.procmon.supervise.feature.Change.Reconfigured(view("php.1")));
        processSet = begin(next);
        assertThat(view("php.1").outdated()).containsExactly("exec");
    }

    @Test
    void aReloadThatChangesOnlyNumbersReplacesNoWorker() {
        start(1);
        assertThat(reload(pool("php").fixed(3).build()))
                .containsExactly(new Change("php", Action.LIVE, List.of("workers")));
        assertThat(view("php.1").outdated()).isEmpty();
    }

    private static org.procmon.supervise.feature.Change commanded(boolean isUp) {
        return new org.procmon.supervise.feature.Change.PoolCommanded("php", isUp);
    }

    private ProcessSet begin(PoolSpec... pools) {
        ProcessSet begun =
                new ProcessSet(
                        new InitialState(
                                spec(pools),
                                List.of(),
                                journal.all(),
                                OrphanPolicy.STOP,
                                journal.isShuttingDown(),
                                journal.reloading),
                        kernel,
                        HookRunner.NONE,
                        kernel,
                        changes::add,
                        journal);
        begun.takeOver();
        begun.begin();
        begun.keep();
        return begun;
    }

    private static MonitorSpec spec(PoolSpec... pools) {
        return new MonitorSpec(
                ControlSpec.DEFAULT,
                Optional.empty(),
                OrphanPolicy.STOP,
                Optional.empty(),
                DecisionPolicy.BOOT,
                List.of(process("a").build()),
                Set.of(),
                Arrays.asList(pools));
    }

    private List<Change> reload(PoolSpec... pools) {
        CompletableFuture<Reply> reply = reply(Reloading.command(spec(pools)));
        ChangePlan plan = ((Reply.Planned) reply.join()).plan();
        long stay = plan.changes().stream().filter(c -> c.action() != Action.STOP).count();
        int same = 1 + pools.length - (int) stay;
        assertThat(plan.unchanged()).as("with the process beside the pools").isEqualTo(same);
        return plan.changes();
    }

    private void start(int number) {
        order(new Command.StartWorker(PHP.worker(number)));
    }

    private void order(Command command) {
        var _ = reply(command);
    }

    private CompletableFuture<Reply> reply(Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        processSet.command(command, reply);
        processSet.keep();
        processSet.sendReplies();
        return reply;
    }

    private void end(String name, int code) {
        FakeKernel.Group group = alive(name);
        group.leaderAlive = false;
        group.others = 0;
        group.exitTold = true;
        processSet.leaderExited(
                name, group.number, new ExitStatus.Exited(code), ResourceUsage.NONE);
        processSet.keep();
    }

    private FakeKernel.Group alive(String name) {
        return kernel.groups.stream()
                .filter(g -> g.spec.id().equals(name) && g.leaderAlive)
                .findFirst()
                .orElseThrow();
    }

    private void finishStops() {
        for (int i = 0; i < 50; i++) {
            for (FakeKernel.Group group : List.copyOf(kernel.groups)) {
                if (!group.leaderAlive && !group.exitTold) {
                    group.exitTold = true;
                    group.others = 0;
                    processSet.leaderExited(
                            group.spec.id(),
                            group.number,
                            new ExitStatus.Signaled(Signal.TERM.number()),
                            ResourceUsage.NONE);
                }
            }
            processSet.nextDeadline().ifPresent(kernel::advanceTo);
            processSet.timePassed();
        }
        processSet.keep();
        processSet.sendReplies();
    }

    private List<String> names() {
        return processSet.views().stream().map(ProcessView::name).toList();
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
