package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.spec.SpecBuilder.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.Usage;
import org.procmon.spec.ControlSpec;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.OrphanPolicy;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.RestartPolicy;
import org.procmon.spec.SpecBuilder;

/** What a monitor makes of the journal of another that died. */
class TakeoverTest {
    private final FakeKernel kernel = new FakeKernel(new Random(7), 0);
    private final FakeJournal journal = new FakeJournal();
    private final List<ProcessSpec> specs = new ArrayList<>();
    private final List<Attendant> attendants = new ArrayList<>();
    private OrphanPolicy orphans = OrphanPolicy.STOP;

    @Test
    void whatRunsGoesOnWithTheSameRunAndTheSameSince() {
        add(process("web"));
        ProcessView before = view(begin(), "web");
        kernel.advance(Duration.ofSeconds(100));
        Ensemble second = begin();
        assertThat(launches()).isEqualTo(1);
        assertThat(view(second, "web").process()).isEqualTo(before.process());
    }

    @Test
    void theEndOfAnAdoptedRunIsFollowedByTheNext() {
        add(process("web"));
        begin();
        Ensemble second = begin();
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
        Ensemble second = begin();
        assertThat(lastStatus(second, "web")).isEqualTo(new ExitStatus.Unknown());
        assertThat(view(second, "web").process().tally().runs()).isEqualTo(2);
        assertThat(phase(second, "job")).isEqualTo(Phase.FAILED);
        assertThat(Wording.cause(view(second, "job"))).contains("exit status is unknown");
    }

    @Test
    void whatAnOperatorStoppedStaysStoppedAlsoAfterAShutdown() {
        add(process("web"));
        add(process("other"));
        Ensemble first = begin();
        order(first, new Command.Stop(List.of("web")));
        finishStops(first);
        assertThat(phase(begin(), "web")).isEqualTo(Phase.STOPPED);

        Ensemble second = begin();
        order(second, new Command.Shutdown());
        finishStops(second);
        journal.beginAnew();
        Ensemble third = begin();
        assertThat(phase(third, "web")).isEqualTo(Phase.STOPPED);
        assertThat(phase(third, "other")).isEqualTo(Phase.RUNNING);
    }

    @Test
    void aStopThatAShutdownOvertookIsStillTheOperators() {
        add(process("web"));
        Ensemble first = begin();
        order(first, new Command.Stop(List.of("web")));
        order(first, new Command.Shutdown());
        finishStops(first);
        journal.beginAnew();
        assertThat(phase(begin(), "web")).isEqualTo(Phase.STOPPED);
    }

    @Test
    void whatWasDeletedStaysDeleted() {
        add(process("web"));
        add(process("other"));
        Ensemble first = begin();
        order(first, new Command.Delete(List.of("web"), false));
        finishStops(first);
        assertThat(begin().views()).extracting(ProcessView::name).containsExactly("other");
    }

    @Test
    void whatWasDeletedStaysDeletedWhenTheNumberOfInstancesChanges() {
        add(process("web"));
        add(process("other"));
        Ensemble first = begin();
        order(first, new Command.Delete(List.of("web"), false));
        finishStops(first);

        order(first, reload(false));
        assertThat(first.views()).extracting(ProcessView::name).containsExactly("other");
        Ensemble second = begin();
        order(second, reload(false));
        assertThat(second.views()).extracting(ProcessView::name).containsExactly("other");

        order(second, reload(true));
        assertThat(phase(second, "web")).isEqualTo(Phase.RUNNING);
    }

    @Test
    void whatIsBeingDeletedIsNotBroughtBackByAnotherNumberOfInstances() {
        add(process("web"));
        Ensemble first = begin();
        kernel.groups.getFirst().ignoresTerm = true;
        order(first, new Command.Delete(List.of("web"), false));

        order(first, reload(false));

        assertThat(view(first, "web").process().goal()).isEqualTo(Goal.FORGOTTEN);
    }

    @Test
    void aReloadForgetsWhatWasDeletedAndIsNoLongerConfigured() {
        add(process("web"));
        Ensemble first = begin();
        order(first, new Command.Delete(List.of("web"), false));
        finishStops(first);
        assertThat(journal.all()).extracting(Kept::name).containsExactly("web");

        specs.clear();
        order(first, reload(true));

        assertThat(journal.all()).isEmpty();
    }

    @Test
    void theNextMonitorKnowsWithWhichSpecificationARunBegan() {
        add(process("web").env(Map.of("A", "1")));
        begin();
        specs.clear();
        add(process("web").env(Map.of("A", "2")));

        Ensemble second = begin();

        assertThat(view(second, "web").outdated()).containsExactly("env");
        assertThat(view(second, "web").process().tally().runs()).isEqualTo(1);
        CompletableFuture<Reply> plan = new CompletableFuture<>();
        second.command(new Command.Rehearse(new MonitorSpec(ControlSpec.DEFAULT, specs)), plan);
        second.sendReplies();
        assertThat(((Reply.Planned) plan.join()).plan().changes())
                .containsExactly(new Plan.Change("web", Plan.Action.RESTART, List.of("env")));
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

        Ensemble second = begin();
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
                .extracting(Kept::name)
                .containsExactlyInAnyOrder("web", "off", "late");
    }

    @Test
    void aStopUnderWayGoesOnWhereItWas() {
        add(process("web"));
        Ensemble first = begin();
        kernel.groups.getFirst().ignoresTerm = true;
        order(first, new Command.Stop(List.of("web")));
        kernel.trace.clear();
        Ensemble second = begin();
        assertThat(phase(second, "web")).isEqualTo(Phase.STOPPING);
        kernel.advance(Duration.ofSeconds(10));
        second.timePassed();
        assertThat(kernel.trace).contains("signal KILL to web run 1").doesNotContain("signal TERM");
    }

    @Test
    void anInterruptedShutdownIsCompletedAndStartsNothing() {
        add(process("web"));
        add(process("late").on("web"));
        Ensemble first = begin();
        kernel.groups.forEach(g -> g.ignoresTerm = true);
        order(first, new Command.Shutdown());
        Ensemble second = begin();
        assertThat(second.isShuttingDown()).isTrue();
        finishStops(second);
        assertThat(second.isOver()).isTrue();
        assertThat(launches()).isEqualTo(2);
    }

    @Test
    void whatTheConfigurationNoLongerNamesIsStoppedAndForgotten() {
        add(process("web"));
        add(process("old"));
        begin();
        specs.removeIf(s -> s.id().equals("old"));
        Ensemble second = begin();
        assertThat(view(second, "old").orphan()).isTrue();
        finishStops(second);
        second.keep();
        assertThat(second.views()).extracting(ProcessView::name).containsExactly("web");
        assertThat(journal.all()).extracting(Kept::name).containsExactly("web");
    }

    @Test
    void startsWhatWasBeingRemovedWhenTheConfigurationNamesItAgain() {
        add(process("web"));
        add(process("worker"));
        Ensemble first = begin();
        ProcessSpec worker = specs.remove(1);
        order(first, reload(false));
        assertThat(phase(first, "worker")).isEqualTo(Phase.STOPPING);
        kernel.groups.forEach(group -> {
            group.leaderAlive = false;
            group.others = 0;
            group.exitTold = true;
        });
        specs.add(worker);

        Ensemble second = begin();

        assertThat(phase(second, "worker")).isEqualTo(Phase.RUNNING);
    }

    @Test
    void endsAKeeperThatWasBeingReplacedWithTheOthers() {
        add(process("web"));
        attendants.add(new Attendant(process("procmon-keeper").build(), false));
        Ensemble first = begin();
        order(first, new Command.Delete(List.of("procmon-keeper"), true));
        kernel.groups.stream()
                .filter(group -> group.spec.id().equals("procmon-keeper"))
                .forEach(group -> {
                    group.leaderAlive = false;
                    group.others = 0;
                    group.exitTold = true;
                });

        Ensemble second = begin();

        ProcessView keeper = second.attendant("procmon-keeper").orElseThrow();
        assertThat(phase(keeper)).isEqualTo(Phase.RUNNING);
        order(second, new Command.Shutdown());
        finishStops(second);
        assertThat(second.isOver()).isTrue();
        assertThat(kernel.groups).noneMatch(group -> group.leaderAlive);
    }

    @Test
    void forgetsWhatWasDownWhenTheConfigurationNoLongerNamesIt() {
        add(process("web"));
        add(process("job").restart(RestartPolicy.NEVER));
        add(process("held"));
        Ensemble first = begin();
        end(first, "job", new ExitStatus.Exited(0));
        order(first, new Command.Stop(List.of("held")));
        finishStops(first);
        specs.removeIf(spec -> !spec.id().equals("web"));

        begin();

        assertThat(journal.all()).extracting(Kept::name).containsExactlyInAnyOrder("web", "held");
        assertThat(kernel.trace)
                .contains("forget job after run 1")
                .doesNotContain("forget held after run 1");
    }

    @Test
    void removesTheProofOfTheLastRunOfWhatIsForgotten() {
        add(process("web"));
        add(process("old"));
        Ensemble first = begin();
        end(first, "old", new ExitStatus.Exited(0));
        specs.removeIf(spec -> spec.id().equals("old"));

        order(first, reload(false));
        finishStops(first);

        assertThat(kernel.trace).contains("forget old after run 2");
    }

    @Test
    void whatTheConfigurationNoLongerNamesIsKeptWhereItSaysSoUntilItEnds() {
        orphans = OrphanPolicy.KEEP;
        add(process("web"));
        add(process("old"));
        begin();
        specs.removeIf(s -> s.id().equals("old"));
        begin();
        Ensemble third = begin();
        assertThat(phase(third, "old")).isEqualTo(Phase.RUNNING);
        assertThat(Wording.cause(view(third, "old"))).contains("no longer in the configuration");
        end(third, "old", new ExitStatus.Exited(0));
        third.keep();
        assertThat(third.views()).extracting(ProcessView::name).containsExactly("web");
        assertThat(journal.all()).extracting(Kept::name).containsExactly("web");
    }

    @Test
    void theBackupIsReplacedWhenItDiesAndOutlivesAShutdown() {
        add(process("web"));
        attendants.add(new Attendant(process("procmon2").build(), true));
        attendants.add(new Attendant(process("procmon-keeper").build(), false));
        Ensemble ensemble = begin();
        assertThat(ensemble.views()).extracting(ProcessView::name).containsExactly("web");
        end(ensemble, "procmon2", new ExitStatus.Signaled(9));
        assertThat(backup(ensemble).process().tally().runs()).isEqualTo(2);
        end(ensemble, "procmon2", new ExitStatus.Signaled(9));
        assertThat(backup(ensemble).process().state()).isInstanceOf(ProcessState.Backoff.class);
        kernel.advance(Duration.ofSeconds(1));
        ensemble.timePassed();
        order(ensemble, new Command.Stop(List.of("all")));
        finishStops(ensemble);
        assertThat(phase(backup(ensemble))).isEqualTo(Phase.RUNNING);

        kernel.trace.clear();
        order(ensemble, new Command.Start(List.of("all")));
        order(ensemble, new Command.Shutdown());
        finishStops(ensemble);
        assertThat(ensemble.isOver()).isTrue();
        assertThat(phase(backup(ensemble))).isEqualTo(Phase.RUNNING);
        assertThat(kernel.trace)
                .filteredOn(line -> line.startsWith("signal TERM"))
                .containsExactly("signal TERM to web run 2", "signal TERM to procmon-keeper run 1");
    }

    private Command reload(boolean bringsBackDeleted) {
        return new Command.Reload(
                new MonitorSpec(ControlSpec.DEFAULT, specs),
                List.of(),
                bringsBackDeleted,
                Optional::empty);
    }

    private void add(SpecBuilder process) {
        specs.add(process.build());
    }

    /** A monitor over whatever the one before it left. */
    private Ensemble begin() {
        Ensemble ensemble =
                new Ensemble(
                        new Beginning(
                                new MonitorSpec(ControlSpec.DEFAULT, specs),
                                attendants,
                                journal.all(),
                                orphans,
                                journal.isShuttingDown(),
                                journal.reloading),
                        kernel,
                        HookRunner.NONE,
                        kernel,
                        (_, _) -> {},
                        journal);
        ensemble.takeOver();
        ensemble.begin();
        ensemble.keep();
        return ensemble;
    }

    private static void order(Ensemble ensemble, Command command) {
        ensemble.command(command, new CompletableFuture<>());
        ensemble.keep();
    }

    private void end(Ensemble ensemble, String name, ExitStatus status) {
        FakeKernel.Group group =
                kernel.groups.stream()
                        .filter(g -> g.spec.id().equals(name) && g.leaderAlive)
                        .findFirst()
                        .orElseThrow();
        group.leaderAlive = false;
        group.others = 0;
        group.exitTold = true;
        ensemble.leaderExited(name, group.number, status, Usage.NONE);
        ensemble.keep();
    }

    private void finishStops(Ensemble ensemble) {
        for (int i = 0; i < 50; i++) {
            for (FakeKernel.Group group : List.copyOf(kernel.groups)) {
                if (!group.leaderAlive && !group.exitTold) {
                    group.exitTold = true;
                    group.others = 0;
                    ensemble.leaderExited(
                            group.spec.id(), group.number, new ExitStatus.Signaled(15), Usage.NONE);
                }
            }
            if (ensemble.views().stream().anyMatch(v -> phase(v) == Phase.STOPPING)) {
                ensemble.nextDeadline().ifPresent(kernel::advanceTo);
                ensemble.timePassed();
            }
        }
        ensemble.keep();
    }

    private long launches() {
        return kernel.launches;
    }

    private static ProcessView backup(Ensemble ensemble) {
        return ensemble.attendant("procmon2").orElseThrow();
    }

    private static ProcessView view(Ensemble ensemble, String name) {
        return ensemble.views().stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Phase phase(ProcessView view) {
        return view.process().state().phase();
    }

    private static Phase phase(Ensemble ensemble, String name) {
        return phase(view(ensemble, name));
    }

    private static ExitStatus lastStatus(Ensemble ensemble, String name) {
        Optional<RunExit> exit = view(ensemble, name).process().tally().lastExit();
        return exit.orElseThrow().status();
    }
}
