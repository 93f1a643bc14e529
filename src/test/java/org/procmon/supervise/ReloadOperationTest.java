package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.procmon.config.ControlSpec;
import org.procmon.config.Exclusion;
import org.procmon.config.Health;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.OutputSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Schedule;
import org.procmon.config.SpecBuilder;
import org.procmon.config.Triggers;
import org.procmon.lifecycle.Phase;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.reload.plan.ChangePlan.Action;
import org.procmon.reload.plan.ChangePlan.Change;
import org.procmon.status.ProcessView;
import org.procmon.status.StateText;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.JournalEntry;
import org.procmon.supervise.port.Reply;

/** Another configuration in the place of the first, over a kernel that never fails. */
class ReloadOperationTest extends Reloads {
    private final FakeKernel kernel = new FakeKernel(new Random(7), 0);

    @BeforeEach
    void beginWithNothing() {
        ensemble = begin(kernel, List.of());
    }

    @Test
    void nothingIsTouchedWhenNothingChanged() {
        start(process("a"), process("b").on("a"), process("off").skip(true));
        kernel.trace.clear();
        assertThat(reload(process("a"), process("b").on("a"), process("off").skip(true)))
                .isEqualTo(new ChangePlan(List.of(), 3));
        assertThat(kernel.trace).isEmpty();
    }

    @Test
    void startsNewAndStopsRemovedProcesses() {
        start(process("a"), process("old").on("a"));
        assertThat(reload(process("a"), process("new"), process("off").skip(true)).changes())
                .containsExactly(
                        new Change("new", Action.START, List.of()),
                        new Change("off", Action.LIVE, List.of("skip")),
                        new Change("old", Action.STOP, List.of()));
        assertThat(StateText.cause(view("old")))
                .isEqualTo("stops because it is no longer in the configuration");
        finish();
        assertThat(phases())
                .isEqualTo(Map.of("a", Phase.RUNNING, "new", Phase.RUNNING, "off", Phase.STOPPED));
        assertThat(journal.all()).extracting(JournalEntry::name).doesNotContain("old");
    }

    @Test
    void restartsOnlyForKeysThatNeedANewRun() {
        start(process("a"), process("b"));
        ChangePlan changePlan =
                reload(
                        process("a").settle(Duration.ofSeconds(1)).follows(true).on("b"),
                        process("b").env(Map.of("A", "1")).cwd(Path.of("/")));
        assertThat(changePlan.changes())
                .containsExactly(
                        new Change(
                                "a",
                                Action.LIVE,
                                List.of("wait", "depends", "restart_on_parent_death")),
                        new Change("b", Action.RESTART, List.of("cwd", "env")));
        assertThat(StateText.cause(view("b")))
                .isEqualTo("restarts because its configuration has changed");
        finish();
        // It depends on b now, and follows it.
        assertThat(view("a").process().tally().runs()).isEqualTo(2);
        assertThat(view("b").process().tally().runs()).isEqualTo(2);
    }

    @Test
    void distinguishesLiveKeysFromRestartKeys() {
        start(process("a"));
        assertThat(reload(process("a").program("x").priority(2).skip(false)).changes())
                .containsExactly(
                        new Change("a", Action.RESTART, List.of("exec"), List.of("priority")));
    }

    @Test
    void anotherFileForTheOutputIsLiveAndAnotherWayIsNot() {
        start(process("a"), process("b"));
        OutputSpec file = new OutputSpec.Captured(Optional.of(Path.of("/l")), 1, 1, true);
        assertThat(
                        reload(
                                        process("a").stdout(file),
                                        process("b").stderr(new OutputSpec.Discarded()))
                                .changes())
                .containsExactly(
                        new Change("a", Action.LIVE, List.of("stdout")),
                        new Change("b", Action.RESTART, List.of("stderr")));
    }

    @Test
    void stopsNothingThatCouldNotStartAgain() {
        start(process("a"), process("b"));
        kernel.refusals.put("a", "cannot execute 'y': not found in PATH");
        MonitorSpec next = spec(OrphanPolicy.STOP, process("a").program("y"), process("b"));
        Reply.Failed refused =
                new Reply.Failed("a", "cannot execute 'y': not found in PATH; nothing was changed");

        assertThat(command(new Command.PlanReload(next)).join()).isEqualTo(refused);
        journal.onAccept = () -> Optional.of("kept");
        assertThat(command(Reloading.command(next)).join()).isEqualTo(refused);
        assertThat(phases()).isEqualTo(Map.of("a", Phase.RUNNING, "b", Phase.RUNNING));
        assertThat(view("a").process().tally().runs()).isEqualTo(1);
    }

    @Test
    void isNotRefusedForWhatMayPassOrForWhatDoesNotRun() {
        start(process("far"), process("down"));
        order(new Command.Stop(List.of("down")));
        finish();
        kernel.refusals.put("far", "could not be looked up within 1000 ms");
        kernel.passing.add("far");
        kernel.refusals.put("down", "cannot execute 'y': not found in PATH");

        assertThat(reload(process("far").program("y"), process("down").program("y")).changes())
                .extracting(Change::name)
                .containsExactly("far", "down");
    }

    @Test
    void namesAllThatCouldNotStartAgain() {
        start(process("a"), process("b"));
        kernel.refusals.put("a", "cannot execute 'y'");
        kernel.refusals.put("b", "cannot execute 'z'");
        MonitorSpec next =
                spec(OrphanPolicy.STOP, process("a").program("y"), process("b").program("z"));

        assertThat(command(new Command.PlanReload(next)).join())
                .isEqualTo(
                        new Reply.Failed(
                                "a",
                                "a: cannot execute 'y'; b: cannot execute 'z'; nothing was"
                                        + " changed"));
    }

    @Test
    void refusesAHealthProbeThatCannotBeAsked() {
        start(process("a"));
        kernel.refusals.put("a", "cannot ask 'health.exec': cannot execute '/no': no such file");

        assertThat(
                        command(
                                        new Command.PlanReload(
                                                spec(
                                                        OrphanPolicy.STOP,
                                                        process("a")
                                                                .health(3, Health.Remedy.RESTART))))
                                .join())
                .isInstanceOf(Reply.Failed.class);
    }

    @Test
    void startsANewProcessWithAMissingProgram() {
        start(process("a"));
        kernel.refusals.put("new", "cannot execute 'new': not found in PATH");

        assertThat(reload(process("a"), process("new")).changes())
                .containsExactly(new Change("new", Action.START, List.of()));
    }

    @Test
    void whatOnlyAPersonCouldMendIsTriedAgain() {
        kernel.hopeless.add("a");
        start(process("a"), process("b"));
        assertThat(phases()).isEqualTo(Map.of("a", Phase.FAILED, "b", Phase.RUNNING));
        kernel.hopeless.clear();
        assertThat(reload(process("a"), process("b")))
                .isEqualTo(new ChangePlan(List.of(new Change("a", Action.START, List.of())), 1));
        finish();
        assertThat(phases()).isEqualTo(Map.of("a", Phase.RUNNING, "b", Phase.RUNNING));
    }

    @Test
    void whatAnOperatorStoppedStaysStoppedAndWhatOneDeletedComesBack() {
        start(process("stopped"), process("deleted"));
        order(new Command.Stop(List.of("stopped")));
        order(new Command.Delete(List.of("deleted"), false));
        finish();
        assertThat(reload(process("stopped").program("other"), process("deleted")).changes())
                .containsExactly(
                        new Change("stopped", Action.LIVE, List.of("exec")),
                        new Change("deleted", Action.START, List.of()));
        finish();
        assertThat(phases()).isEqualTo(Map.of("stopped", Phase.STOPPED, "deleted", Phase.RUNNING));
    }

    @Test
    void aProcessBeingDeletedReturnsAfterItsExit() {
        start(process("a"));
        order(new Command.Delete(List.of("a"), false));
        assertThat(reload(process("a")).changes())
                .containsExactly(new Change("a", Action.START, List.of()));
        finish();
        assertThat(view("a").process().tally().runs()).isEqualTo(2);
    }

    @Test
    void retriesAFailedProcessWithItsNewKeys() {
        start(process("job").restart(RestartPolicy.NEVER));
        end("job", 1);
        assertThat(phases()).isEqualTo(Map.of("job", Phase.FAILED));
        reload(process("job").restart(RestartPolicy.NEVER).program("better"));
        assertThat(phases()).isEqualTo(Map.of("job", Phase.RUNNING));
        end("job", 0);
        reload(process("job").restart(RestartPolicy.ALWAYS).program("better"));
        assertThat(phases()).isEqualTo(Map.of("job", Phase.RUNNING));
    }

    @Test
    void aJobThatIsLeftToItsScheduleIsNotRunByAReload() {
        Triggers triggers = startedByTime();
        RestartPolicy never = RestartPolicy.NEVER;
        start(process("job").restart(never).triggers(triggers));
        ensemble.timeCame("job", Schedule.Action.START);
        end("job", 0);
        reload(
                process("job").restart(never).triggers(triggers).program("other"),
                process("new").restart(never).triggers(triggers));
        assertThat(phases()).isEqualTo(Map.of("job", Phase.COMPLETED, "new", Phase.STOPPED));
        assertThat(view("job").process().tally().runs()).isEqualTo(1);
    }

    @Test
    void startsAProcessNoLongerSkipped() {
        start(process("a").skip(true), process("b"));
        assertThat(reload(process("a"), process("b").skip(true)).changes())
                .containsExactly(
                        new Change("a", Action.START, List.of("skip")),
                        new Change("b", Action.LIVE, List.of("skip")));
        assertThat(phases()).isEqualTo(Map.of("a", Phase.RUNNING, "b", Phase.RUNNING));
    }

    @Test
    void whatDoesNotRunAndIsSkippedFromNowOnIsNotStarted() {
        start(
                process("base").settle(Duration.ofHours(1)),
                process("waiting").on("base"),
                process("backoff").backoff(Duration.ofHours(1)),
                process("failed").giveUp(0, Duration.ofHours(1), Optional.empty()));
        end("backoff", 1);
        end("backoff", 1);
        end("failed", 1);
        assertThat(phases())
                .containsEntry("waiting", Phase.WAITING)
                .containsEntry("backoff", Phase.BACKOFF)
                .containsEntry("failed", Phase.FAILED);
        ChangePlan changePlan =
                reload(
                        process("base").settle(Duration.ofHours(1)),
                        process("waiting").on("base").skip(true),
                        process("backoff").backoff(Duration.ofHours(1)).skip(true).program("x"),
                        process("failed")
                                .giveUp(0, Duration.ofHours(1), Optional.empty())
                                .program("x")
                                .skip(true));
        assertThat(changePlan.changes()).extracting(Change::action).containsOnly(Action.LIVE);
        finish();
        for (String name : List.of("waiting", "backoff", "failed")) {
            assertThat(phases()).containsEntry(name, Phase.STOPPED);
            assertThat(StateText.cause(view(name))).isEqualTo("skipped by the configuration");
        }
        ensemble.timeCame("failed", Schedule.Action.START);
        assertThat(phases()).containsEntry("failed", Phase.STOPPED);
    }

    @Test
    void keepsASkippedProcessThatAnOperatorStarted() {
        start(process("a").skip(true).backoff(Duration.ofHours(1)));
        order(new Command.Start(List.of("a")));
        end("a", 1);
        end("a", 1);
        reload(process("a").skip(true).backoff(Duration.ofHours(1)).priority(1));
        assertThat(phases()).isEqualTo(Map.of("a", Phase.BACKOFF));
        assertThat(reload(process("a").skip(true).backoff(Duration.ofHours(1)).program("x")))
                .extracting(changePlan -> changePlan.changes().getFirst().action())
                .isEqualTo(Action.RESTART);
        assertThat(phases()).isEqualTo(Map.of("a", Phase.RUNNING));
    }

    @Test
    void keepsARunningProcessThatIsNowSkipped() {
        start(process("a"), process("b"));
        long before = kernel.launches;
        assertThat(
                        reload(
                                        process("a").skip(true).program("x"),
                                        process("b").program("x").triggers(startedByTime()))
                                .changes())
                .containsExactly(
                        new Change("a", Action.LIVE, List.of("exec", "skip")),
                        new Change("b", Action.LIVE, List.of("exec", "schedule")));
        finish();
        assertThat(phases()).isEqualTo(Map.of("a", Phase.RUNNING, "b", Phase.RUNNING));
        assertThat(kernel.launches).isEqualTo(before);
        // An end that it comes to by itself is dealt with as ever.
        end("a", 1);
        assertThat(phases()).containsEntry("a", Phase.RUNNING);
        assertThat(kernel.groups.getLast().spec.exec().text()).isEqualTo("x");
    }

    @Test
    void aChangeOfAScheduleAloneRestartsNothing() {
        Triggers before = startedByTime();
        Schedule schedule = before.schedule().orElseThrow();
        Triggers after =
                new Triggers(
                        Optional.of(
                                new Schedule(
                                        schedule.start(),
                                        schedule.stop(),
                                        schedule.restart(),
                                        schedule.zone(),
                                        Schedule.Missed.ONCE,
                                        Duration.ofMinutes(1),
                                        List.of(
                                                new Exclusion.Dates(
                                                        LocalDate.of(2026, 12, 24),
                                                        LocalDate.of(2026, 12, 26))),
                                        Schedule.Overlap.QUEUE)),
                        Optional.empty(),
                        Optional.empty());
        start(process("a").restart(RestartPolicy.NEVER).triggers(before));
        ensemble.timeCame("a", Schedule.Action.START);
        long launches = kernel.launches;
        ChangePlan changePlan = reload(process("a").restart(RestartPolicy.NEVER).triggers(after));
        assertThat(changePlan.changes())
                .containsExactly(new Change("a", Action.LIVE, List.of("schedule")));
        assertThat(kernel.launches).isEqualTo(launches);
        assertThat(phases()).isEqualTo(Map.of("a", Phase.RUNNING));
        assertThat(view("a").outdated()).isEmpty();
    }

    @Test
    void aProcessWithANewScheduleWaitsForIt() {
        start(
                process("backoff").backoff(Duration.ofHours(1)),
                process("done").restart(RestartPolicy.NEVER),
                process("skipped").skip(true).triggers(startedByTime()));
        end("backoff", 1);
        end("backoff", 1);
        end("done", 0);
        reload(
                process("backoff").backoff(Duration.ofHours(1)).triggers(startedByTime()),
                process("done").restart(RestartPolicy.NEVER).triggers(startedByTime()),
                process("skipped").triggers(startedByTime()));
        finish();
        assertThat(phases())
                .isEqualTo(
                        Map.of(
                                "backoff",
                                Phase.STOPPED,
                                "done",
                                Phase.COMPLETED,
                                "skipped",
                                Phase.STOPPED));
        assertThat(StateText.cause(view("backoff"))).isEqualTo("left to its schedule");
        assertThat(StateText.cause(view("skipped")))
                .isEqualTo("not started yet, that is left to its schedule");
        for (String name : List.of("backoff", "done", "skipped")) {
            ensemble.timeCame(name, Schedule.Action.START);
            assertThat(phases()).containsEntry(name, Phase.RUNNING);
        }
    }

    @Test
    void whatHadFailedIsTriedWhenItIsJudgedByOtherRules() {
        start(process("a").giveUp(0, Duration.ofHours(1), Optional.empty()));
        end("a", 1);
        assertThat(phases()).isEqualTo(Map.of("a", Phase.FAILED));
        reload(process("a").giveUp(0, Duration.ofHours(1), Optional.empty()).priority(3));
        assertThat(phases()).isEqualTo(Map.of("a", Phase.FAILED));
        assertThat(reload(process("a").giveUp(1, Duration.ofHours(1), Optional.empty())).changes())
                .containsExactly(
                        new Change("a", Action.RESTART, List.of("give_up"), List.of("priority")));
        assertThat(phases()).isEqualTo(Map.of("a", Phase.RUNNING));
    }

    @Test
    void orphansKeepRunningAndReturnWhenNamedAgain() {
        start(process("a"), process("b"));
        order(new Command.Stop(List.of("b")));
        finish();
        assertThat(reload(OrphanPolicy.KEEP, process("c")).changes())
                .contains(new Change("a", Action.LIVE, List.of("orphans")));
        assertThat(view("a").orphan()).isTrue();
        assertThat(reload(OrphanPolicy.KEEP, process("c"))).isEqualTo(new ChangePlan(List.of(), 2));
        finish();
        assertThat(phases()).isEqualTo(Map.of("a", Phase.RUNNING, "c", Phase.RUNNING));
        reload(OrphanPolicy.KEEP, process("a"), process("c"));
        assertThat(view("a").orphan()).isFalse();
        assertThat(view("a").process().tally().runs()).isEqualTo(1);
        reload(OrphanPolicy.KEEP, process("c"));
        reload(process("c"));
        finish();
        assertThat(phases()).isEqualTo(Map.of("c", Phase.RUNNING));
    }

    @Test
    void aDryRunReturnsTheSamePlanAndChangesNothing() {
        start(process("a"), process("b"));
        kernel.trace.clear();
        MonitorSpec next = spec(OrphanPolicy.STOP, process("a").program("x"), process("c"));
        Reply told = command(new Command.PlanReload(next)).join();
        assertThat(kernel.trace).isEmpty();
        assertThat(told).isEqualTo(new Reply.Planned(reload(next)));
    }

    @Test
    void whatCannotBeKeptForTheNextMonitorIsNotFollowed() {
        start(process("a"));
        kernel.trace.clear();
        MonitorSpec next = spec(OrphanPolicy.STOP, process("b"));
        journal.onAccept = () -> Optional.of("the disk is full");
        Reply reply = command(Reloading.command(next)).join();
        assertThat(reply).isEqualTo(new Reply.Failed("", "the disk is full"));
        assertThat(kernel.trace).isEmpty();
        assertThat(ensemble.views()).extracting(ProcessView::name).containsExactly("a");
    }

    @Test
    void nothingIsReloadedInAShutdown() {
        start(process("a"));
        order(new Command.Shutdown());
        MonitorSpec next = spec(OrphanPolicy.STOP, process("b"));
        journal.onAccept = () -> Optional.of("the disk is full");
        assertThat(command(Reloading.command(next)).join()).isInstanceOf(Reply.ShuttingDown.class);
    }

    private void start(SpecBuilder... processes) {
        ensemble = begin(kernel, spec(OrphanPolicy.STOP, processes).processes());
    }

    private static MonitorSpec spec(OrphanPolicy orphans, SpecBuilder... processes) {
        return new MonitorSpec(
                ControlSpec.DEFAULT,
                Optional.empty(),
                orphans,
                Optional.empty(),
                Arrays.stream(processes).map(SpecBuilder::build).toList(),
                Set.of());
    }

    private ChangePlan reload(SpecBuilder... processes) {
        return reload(OrphanPolicy.STOP, processes);
    }

    private ChangePlan reload(OrphanPolicy orphans, SpecBuilder... processes) {
        return reload(spec(orphans, processes));
    }

    private void end(String name, int code) {
        end(kernel, name, code);
    }

    private void finish() {
        finish(kernel);
    }
}
