package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.procmon.config.ControlSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.SpecBuilder;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.RunExit;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.status.ProcessView;
import org.procmon.status.StateText;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Companion;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.JournalEntry;
import org.procmon.supervise.port.Reply;

/** What a monitor makes of the journal of another that died. */
class TakeoverTest {
    private final FakeKernel kernel = new FakeKernel(new Random(7), 0);
    private final FakeJournal journal = new FakeJournal();
    private final List<ProcessSpec> specs = new ArrayList<>();
    private final List<Companion> companions = new ArrayList<>();
    private OrphanPolicy orphans = OrphanPolicy.STOP;

    @Test
    void keepsRunAndSinceOfARunningProcess() {
        add(process("web"));
        ProcessView before = view(begin(), "web");
        kernel.advance(Duration.ofSeconds(100));
        ProcessSet second = begin();
        assertThat(launches()).isEqualTo(1);
        assertThat(view(second, "web").process()).isEqualTo(before.process());
    }

    @Test
    void theEndOfAnAdoptedRunIsFollowedByTheNext() {
        add(process("web"));
        begin();
        ProcessSet second = begin();
        end(second, "web", new ExitStatus.Exited(3));
        assertThat(view(second, "web").process().tally().runs()).isEqualTo(2);
        assertThat(lastStatus(second, "web")).isEqualTo(new ExitStatus.Exited(3));
    }

    @Test
    void aRunThatEndedUnseenHasAnUnknownExitAndIsReplaced() {
        add(process("web"));
        add(process("job").restart(RestartPolicy.NEVER));
        begin();
        for (FakeKernel.Group group : kernel.groups) {
            group.leaderAlive = false;
            group.exitTold = true;
        }
        ProcessSet second = begin();
        assertThat(lastStatus(second, "web")).isEqualTo(new ExitStatus.Unknown());
        assertThat(view(second, "web").process().tally().runs()).isEqualTo(2);
        assertThat(phase(second, "job")).isEqualTo(Phase.FAILED);
        assertThat(StateText.cause(view(second, "job"))).contains("exit status is unknown");
    }

    @Test
    void whatAnOperatorStoppedStaysStoppedAlsoAfterAShutdown() {
        add(process("web"));
        add(process("other"));
        ProcessSet first = begin();
        order(first, new Command.Stop(List.of("web")));
        finishStops(first);
        assertThat(phase(begin(), "web")).isEqualTo(Phase.STOPPED);

        ProcessSet second = begin();
        order(second, new Command.Shutdown());
        finishStops(second);
        journal.beginAnew();
        ProcessSet third = begin();
        assertThat(phase(third, "web")).isEqualTo(Phase.STOPPED);
        assertThat(phase(third, "other")).isEqualTo(Phase.RUNNING);
    }

    @Test
    void aStopThatAShutdownOvertookIsStillTheOperators() {
        add(process("web"));
        ProcessSet first = begin();
        order(first, new Command.Stop(List.of("web")));
        order(first, new Command.Shutdown());
        finishStops(first);
        journal.beginAnew();
        assertThat(phase(begin(), "web")).isEqualTo(Phase.STOPPED);
    }

    @Test
    void aDeletedProcessStaysDeleted() {
        add(process("web"));
        add(process("other"));
        ProcessSet first = begin();
        order(first, new Command.Delete(List.of("web"), false));
        finishStops(first);
        assertThat(begin().views()).extracting(ProcessView::name).containsExactly("other");
    }

    @Test
    void aDeletedInstanceStaysDeletedWhenScaled() {
        add(process("web"));
        add(process("other"));
        ProcessSet first = begin();
        order(first, new Command.Delete(List.of("web"), false));
        finishStops(first);

        order(first, reload(false));
        assertThat(first.views()).extracting(ProcessView::name).containsExactly("other");
        ProcessSet second = begin();
        order(second, reload(false));
        assertThat(second.views()).extracting(ProcessView::name).containsExactly("other");

        order(second, reload(true));
        assertThat(phase(second, "web")).isEqualTo(Phase.RUNNING);
    }

    @Test
    void scaleDoesNotRestoreAnInstanceBeingDeleted() {
        add(process("web"));
        ProcessSet first = begin();
        kernel.groups.getFirst().ignoresTerm = true;
        order(first, new Command.Delete(List.of("web"), false));

        order(first, reload(false));

        assertThat(view(first, "web").process().goal()).isEqualTo(Goal.FORGOTTEN);
    }

    @Test
    void aReloadForgetsADeletedUnconfiguredProcess() {
        add(process("web"));
        ProcessSet first = begin();
        order(first, new Command.Delete(List.of("web"), false));
        finishStops(first);
        assertThat(journal.all()).extracting(JournalEntry::name).containsExactly("web");

        specs.clear();
        order(first, reload(true));

        assertThat(journal.all()).isEmpty();
    }

    @Test
    void recordsTheSpecificationOfARun() {
        add(process("web").env(Map.of("A", "1")));
        begin();
        specs.clear();
        add(process("web").env(Map.of("A", "2")));

        ProcessSet second = begin();

        assertThat(view(second, "web").outdated()).containsExactly("env");
        assertThat(view(second, "web").process().tally().runs()).isEqualTo(1);
        CompletableFuture<Reply> plan = new CompletableFuture<>();
        second.command(new Command.PlanReload(new MonitorSpec(ControlSpec.DEFAULT, specs)), plan);
        second.sendReplies();
        assertThat(((Reply.Planned) plan.join()).plan().changes())
                .containsExactly(
                        new ChangePlan.Change("web", ChangePlan.Action.RESTART, List.of("env")));
    }

    @Test
    void aReloadInWhichAMonitorDiedIsCompletedByTheNext() {
        add(process("web").env(Map.of("A", "1")));
        add(process("other"));
        begin();
        specs.clear();
        add(process("web").env(Map.of("A", "2")));
        add(process("other"));
        journal.reloading = true;

        ProcessSet second = begin();
        finishStops(second);

        assertThat(view(second, "web").process().tally().runs()).isEqualTo(2);
        assertThat(view(second, "web").outdated()).isEmpty();
        assertThat(view(second, "other").process().tally().runs()).isEqualTo(1);
        assertThat(journal.reloading).isFalse();
    }

    @Test
    void everyProcessHasARecordOnceAllAreStarted() {
        add(process("web"));
        add(process("off").skip(true));
        add(process("late").on("off"));
        begin();

        assertThat(journal.all())
                .extracting(JournalEntry::name)
                .containsExactlyInAnyOrder("web", "off", "late");
    }

    @Test
    void continuesAStopUnderWay() {
        add(process("web"));
        ProcessSet first = begin();
        kernel.groups.getFirst().ignoresTerm = true;
        order(first, new Command.Stop(List.of("web")));
        kernel.trace.clear();
        ProcessSet second = begin();
        assertThat(phase(second, "web")).isEqualTo(Phase.STOPPING);
        kernel.advance(Duration.ofSeconds(10));
        second.timePassed();
        assertThat(kernel.trace).contains("signal KILL to web run 1").doesNotContain("signal TERM");
    }

    @Test
    void anInterruptedShutdownIsCompletedAndStartsNothing() {
        add(process("web"));
        add(process("late").on("web"));
        ProcessSet first = begin();
        kernel.groups.forEach(g -> g.ignoresTerm = true);
        order(first, new Command.Shutdown());
        ProcessSet second = begin();
        assertThat(second.isShuttingDown()).isTrue();
        finishStops(second);
        assertThat(second.isOver()).isTrue();
        assertThat(launches()).isEqualTo(2);
    }

    @Test
    void stopsAndForgetsAnUnconfiguredProcess() {
        add(process("web"));
        add(process("old"));
        begin();
        specs.removeIf(s -> s.id().equals("old"));
        ProcessSet second = begin();
        assertThat(view(second, "old").orphan()).isTrue();
        finishStops(second);
        second.keep();
        assertThat(second.views()).extracting(ProcessView::name).containsExactly("web");
        assertThat(journal.all()).extracting(JournalEntry::name).containsExactly("web");
    }

    @Test
    void startsAProcessBeingRemovedThatIsNamedAgain() {
        add(process("web"));
        add(process("worker"));
        ProcessSet first = begin();
        ProcessSpec worker = specs.remove(1);
        order(first, reload(false));
        assertThat(phase(first, "worker")).isEqualTo(Phase.STOPPING);
        kernel.groups.forEach(group -> {
            group.leaderAlive = false;
            group.others = 0;
            group.exitTold = true;
        });
        specs.add(worker);

        ProcessSet second = begin();

        assertThat(phase(second, "worker")).isEqualTo(Phase.RUNNING);
    }

    @Test
    void endsAKeeperThatWasBeingReplacedWithTheOthers() {
        add(process("web"));
        companions.add(new Companion(process("procmon-keeper").build(), false));
        ProcessSet first = begin();
        order(first, new Command.Delete(List.of("procmon-keeper"), true));
        kernel.groups.stream()
                .filter(group -> group.spec.id().equals("procmon-keeper"))
                .forEach(group -> {
                    group.leaderAlive = false;
                    group.others = 0;
                    group.exitTold = true;
                });

        ProcessSet second = begin();

        ProcessView keeper = second.companion("procmon-keeper").orElseThrow();
        assertThat(phase(keeper)).isEqualTo(Phase.RUNNING);
        order(second, new Command.Shutdown());
        finishStops(second);
        assertThat(second.isOver()).isTrue();
        assertThat(kernel.groups).noneMatch(group -> group.leaderAlive);
    }

    @Test
    void forgetsAStoppedUnconfiguredProcess() {
        add(process("web"));
        add(process("job").restart(RestartPolicy.NEVER));
        add(process("held"));
        ProcessSet first = begin();
        end(first, "job", new ExitStatus.Exited(0));
        order(first, new Command.Stop(List.of("held")));
        finishStops(first);
        specs.removeIf(spec -> !spec.id().equals("web"));

        begin();

        assertThat(journal.all())
                .extracting(JournalEntry::name)
                .containsExactlyInAnyOrder("web", "held");
        assertThat(kernel.trace)
                .contains("forget job after run 1")
                .doesNotContain("forget held after run 1");
    }

    @Test
    void removesTheStartMarkerOfAForgottenProcess() {
        add(process("web"));
        add(process("old"));
        ProcessSet first = begin();
        end(first, "old", new ExitStatus.Exited(0));
        specs.removeIf(spec -> spec.id().equals("old"));

        order(first, reload(false));
        finishStops(first);

        assertThat(kernel.trace).contains("forget old after run 2");
    }

    @Test
    void keepsOrphansUntilTheyExitIfConfigured() {
        orphans = OrphanPolicy.KEEP;
        add(process("web"));
        add(process("old"));
        begin();
        specs.removeIf(s -> s.id().equals("old"));
        begin();
        ProcessSet third = begin();
        assertThat(phase(third, "old")).isEqualTo(Phase.RUNNING);
        assertThat(StateText.cause(view(third, "old"))).contains("no longer in the configuration");
        end(third, "old", new ExitStatus.Exited(0));
        third.keep();
        assertThat(third.views()).extracting(ProcessView::name).containsExactly("web");
        assertThat(journal.all()).extracting(JournalEntry::name).containsExactly("web");
    }

    @Test
    void theBackupIsReplacedWhenItDiesAndOutlivesAShutdown() {
        add(process("web"));
        companions.add(new Companion(process("procmon2").build(), true));
        companions.add(new Companion(process("procmon-keeper").build(), false));
        ProcessSet processSet = begin();
        assertThat(processSet.views()).extracting(ProcessView::name).containsExactly("web");
        end(processSet, "procmon2", new ExitStatus.Signaled(9));
        assertThat(backup(processSet).process().tally().runs()).isEqualTo(2);
        end(processSet, "procmon2", new ExitStatus.Signaled(9));
        assertThat(backup(processSet).process().state()).isInstanceOf(ProcessState.Backoff.class);
        kernel.advance(Duration.ofSeconds(1));
        processSet.timePassed();
        order(processSet, new Command.Stop(List.of("all")));
        finishStops(processSet);
        assertThat(phase(backup(processSet))).isEqualTo(Phase.RUNNING);

        kernel.trace.clear();
        order(processSet, new Command.Start(List.of("all")));
        order(processSet, new Command.Shutdown());
        finishStops(processSet);
        assertThat(processSet.isOver()).isTrue();
        assertThat(phase(backup(processSet))).isEqualTo(Phase.RUNNING);
        assertThat(kernel.trace)
                .filteredOn(line -> line.startsWith("signal TERM"))
                .containsExactly("signal TERM to web run 2", "signal TERM to procmon-keeper run 1");
    }

    private Command reload(boolean bringsBackDeleted) {
        return Reloading.command(new MonitorSpec(ControlSpec.DEFAULT, specs), bringsBackDeleted);
    }

    private void add(SpecBuilder process) {
        specs.add(process.build());
    }

    /** A monitor over whatever the one before it left. */
    private ProcessSet begin() {
        ProcessSet processSet =
                new ProcessSet(
                        new InitialState(
                                new MonitorSpec(ControlSpec.DEFAULT, specs),
                                companions,
                                journal.all(),
                                orphans,
                                journal.isShuttingDown(),
                                journal.reloading),
                        kernel,
                        HookRunner.NONE,
                        kernel,
                        _ -> {},
                        journal);
        processSet.takeOver();
        processSet.begin();
        processSet.keep();
        return processSet;
    }

    private static void order(ProcessSet processSet, Command command) {
        processSet.command(command, new CompletableFuture<>());
        processSet.keep();
    }

    private void end(ProcessSet processSet, String name, ExitStatus status) {
        FakeKernel.Group group =
                kernel.groups.stream()
                        .filter(g -> g.spec.id().equals(name) && g.leaderAlive)
                        .findFirst()
                        .orElseThrow();
        group.leaderAlive = false;
        group.others = 0;
        group.exitTold = true;
        processSet.leaderExited(name, group.number, status, ResourceUsage.NONE);
        processSet.keep();
    }

    private void finishStops(ProcessSet processSet) {
        for (int i = 0; i < 50; i++) {
            for (FakeKernel.Group group : List.copyOf(kernel.groups)) {
                if (!group.leaderAlive && !group.exitTold) {
                    group.exitTold = true;
                    group.others = 0;
                    processSet.leaderExited(
                            group.spec.id(),
                            group.number,
                            new ExitStatus.Signaled(15),
                            ResourceUsage.NONE);
                }
            }
            if (processSet.views().stream().anyMatch(v -> phase(v) == Phase.STOPPING)) {
                processSet.nextDeadline().ifPresent(kernel::advanceTo);
                processSet.timePassed();
            }
        }
        processSet.keep();
    }

    private long launches() {
        return kernel.launches;
    }

    private static ProcessView backup(ProcessSet processSet) {
        return processSet.companion("procmon2").orElseThrow();
    }

    private static ProcessView view(ProcessSet processSet, String name) {
        return processSet.views().stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Phase phase(ProcessView view) {
        return view.process().state().phase();
    }

    private static Phase phase(ProcessSet processSet, String name) {
        return phase(view(processSet, name));
    }

    private static ExitStatus lastStatus(ProcessSet processSet, String name) {
        Optional<RunExit> exit = view(processSet, name).process().tally().lastExit();
        return exit.orElseThrow().status();
    }
}
