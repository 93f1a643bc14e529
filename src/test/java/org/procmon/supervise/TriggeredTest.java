package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.spec.SpecBuilder.process;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Usage;
import org.procmon.spec.ControlSpec;
import org.procmon.spec.Cron;
import org.procmon.spec.Dependency;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.OrphanPolicy;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.RestartPolicy;
import org.procmon.spec.Schedule;
import org.procmon.spec.Schedule.Action;
import org.procmon.spec.Signal;
import org.procmon.spec.SpecBuilder;
import org.procmon.spec.Triggers;

/** What schedules, watches and reloads do to the processes, and how that is told. */
class TriggeredTest {
    private static final Optional<Cron> CRON = Optional.of(new Cron("", 1, 1, 1, 2, 2, 1));
    private static final ZonedDateTime NIGHT =
            ZonedDateTime.parse("2026-06-02T04:30:00+02:00[Europe/Berlin]");

    private final FakeKernel kernel = new FakeKernel(new Random(7), 0);
    private final FakeJournal journal = new FakeJournal();
    private final List<ProcessSpec> specs = new ArrayList<>();

    private void add(SpecBuilder process, Optional<Schedule> schedule, Optional<Signal> reload) {
        specs.add(process.triggers(new Triggers(schedule, Optional.empty(), reload)).build());
    }

    private void addNightly() {
        Schedule start = new Schedule(CRON, Optional.empty(), Optional.empty(), Optional.empty());
        add(process("nightly").restart(RestartPolicy.NEVER), Optional.of(start), Optional.empty());
    }

    private void addQueued(SpecBuilder process) {
        Schedule queue =
                new Schedule(
                        CRON,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Schedule.Missed.ONCE,
                        Duration.ZERO,
                        List.of(),
                        Schedule.Overlap.QUEUE);
        add(process.restart(RestartPolicy.NEVER), Optional.of(queue), Optional.empty());
    }

    private void addOffice() {
        Schedule stop = new Schedule(Optional.empty(), CRON, CRON, Optional.empty());
        add(process("office"), Optional.of(stop), Optional.empty());
    }

    private Ensemble begin() {
        Ensemble ensemble =
                new Ensemble(
                        new Beginning(
                                new MonitorSpec(ControlSpec.DEFAULT, specs),
                                List.of(),
                                journal.all(),
                                OrphanPolicy.STOP,
                                false),
                        kernel,
                        HookRunner.NONE,
                        kernel,
                        (_, _) -> {},
                        journal);
        ensemble.takeOver();
        ensemble.begin();
        return ensemble;
    }

    private static Reply order(Ensemble ensemble, Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        ensemble.command(command, reply);
        ensemble.keep();
        ensemble.sendReplies();
        return reply.getNow(new Reply.ShuttingDown());
    }

    private void end(Ensemble ensemble, int code) {
        for (FakeKernel.Group group : List.copyOf(kernel.groups)) {
            group.leaderAlive = false;
            group.others = 0;
            group.exitTold = true;
            ensemble.leaderExited(
                    group.spec.id(), group.number, new ExitStatus.Exited(code), Usage.NONE);
        }
        ensemble.keep();
    }

    private static ProcessView only(Ensemble ensemble) {
        return ensemble.views().getFirst();
    }

    private static Phase phase(Ensemble ensemble) {
        return only(ensemble).process().state().phase();
    }

    private String outlook(Ensemble ensemble) {
        return Outlook.of(only(ensemble), kernel.now());
    }

    @Test
    void aJobWithAScheduleWaitsForItsTimeAndKeepsADiary() {
        addNightly();
        Ensemble ensemble = begin();
        ensemble.planned(Map.of("nightly", List.of(new Appointment(Action.START, NIGHT))));
        assertThat(kernel.launches).isZero();
        assertThat(Wording.cause(only(ensemble)))
                .isEqualTo("not started yet, that is left to its schedule");
        assertThat(outlook(ensemble))
                .isEqualTo("its schedule starts it at 2026-06-02T04:30+02:00[Europe/Berlin]");
        for (int code = 0; code < 2; code++) {
            ensemble.timeCame("nightly", Action.START);
            assertThat(phase(ensemble)).isEqualTo(Phase.RUNNING);
            end(ensemble, code);
        }
        assertThat(only(ensemble).process().tally().diary().runs()).hasSize(2);
        assertThat(begin().views().getFirst().process().tally().diary().runs()).hasSize(2);
        assertThat(kernel.launches).isEqualTo(2);
    }

    @Test
    void aStartThatIsQueuedComesOnceWhenOthersHaveSeenTheEnd() {
        addQueued(process("first"));
        specs.add(
                process("second")
                        .restart(RestartPolicy.NEVER)
                        .on("first", Dependency.Condition.COMPLETED)
                        .build());
        Ensemble ensemble = begin();
        ensemble.timeCame("first", Action.START);
        ensemble.timeCame("first", Action.START);
        ensemble.timeCame("first", Action.START);
        assertThat(kernel.launches).isEqualTo(1);
        assertThat(outlook(ensemble))
                .isEqualTo(
                        "if it ends, its schedule starts it again, since a start has come"
                                + " meanwhile");
        end(ensemble, 0);
        assertThat(kernel.trace).contains("launch second run 1", "launch first run 2");
        end(ensemble, 0);
        assertThat(phase(ensemble)).isEqualTo(Phase.COMPLETED);
        assertThat(kernel.launches).isEqualTo(3);
    }

    @Test
    void aStartThatIsQueuedComesAlsoIfTheRunEndsWithoutAMonitor() {
        addQueued(process("job"));
        Ensemble ensemble = begin();
        ensemble.timeCame("job", Action.START);
        ensemble.timeCame("job", Action.START);
        ensemble.keep();
        assertThat(begin().views().getFirst().process().tally().diary().queued()).isTrue();
        assertThat(kernel.launches).isEqualTo(1);
        kernel.groups.forEach(group -> {
            group.leaderAlive = false;
            group.others = 0;
            group.exitTold = true;
        });
        assertThat(phase(begin())).isEqualTo(Phase.RUNNING);
        assertThat(kernel.launches).isEqualTo(2);
    }

    @Test
    void inAShutdownNothingThatIsQueuedComes() {
        addQueued(process("job"));
        Ensemble ensemble = begin();
        ensemble.timeCame("job", Action.START);
        ensemble.timeCame("job", Action.START);
        order(ensemble, new Command.Shutdown());
        end(ensemble, 0);
        assertThat(ensemble.isOver()).isTrue();
        assertThat(kernel.launches).isEqualTo(1);
    }

    @Test
    void whoeverStopsAProcessPausesItsScheduleForTheNextMonitorToo() {
        addNightly();
        Ensemble ensemble = begin();
        ensemble.planned(Map.of("nightly", List.of(new Appointment(Action.START, NIGHT))));
        order(ensemble, new Command.Stop(List.of("nightly")));
        ensemble.timeCame("nightly", Action.START);
        assertThat(phase(ensemble)).isEqualTo(Phase.STOPPED);
        assertThat(only(ensemble).comes()).isEmpty();
        assertThat(Wording.cause(only(ensemble)))
                .isEqualTo("stopped by a command, which pauses its schedule");
        assertThat(outlook(ensemble)).contains("its schedule is paused");
        Ensemble next = begin();
        next.timeCame("nightly", Action.START);
        assertThat(kernel.launches).isZero();
        order(next, new Command.Start(List.of("nightly")));
        end(next, 0);
        next.timeCame("nightly", Action.START);
        assertThat(kernel.launches).isEqualTo(2);
    }

    @Test
    void whatItsScheduleStoppedTheNextMonitorDoesNotStart() {
        addOffice();
        Ensemble ensemble = begin();
        ensemble.timeCame("office", Action.STOP);
        assertThat(Wording.cause(only(ensemble))).isEqualTo("being stopped by its schedule");
        end(ensemble, 0);
        assertThat(only(ensemble).process().endedFor(StopReason.SCHEDULE)).isTrue();
        assertThat(Wording.cause(only(ensemble))).isEqualTo("stopped by its schedule");
        assertThat(phase(begin())).isEqualTo(Phase.STOPPED);
        assertThat(kernel.launches).isEqualTo(1);
    }

    @Test
    void aChangedFileOrATimeMakesANewRunAndSaysWhy() {
        addOffice();
        Ensemble ensemble = begin();
        ensemble.filesChanged("office");
        assertThat(Wording.cause(only(ensemble)))
                .isEqualTo("being restarted, since a watched file has changed");
        end(ensemble, 0);
        ensemble.timeCame("office", Action.RESTART);
        assertThat(Wording.cause(only(ensemble))).isEqualTo("being restarted by its schedule");
        end(ensemble, 0);
        assertThat(kernel.launches).isEqualTo(3);
    }

    @Test
    void aReloadIsASignalToWhatRunsAndHasOneAndElseANewRun() {
        add(process("polite"), Optional.empty(), Optional.of(Signal.HUP));
        Ensemble ensemble = begin();
        assertThat(order(ensemble, new Command.Refresh(List.of("polite"))))
                .isInstanceOf(Reply.Done.class);
        assertThat(kernel.trace).contains("signal HUP to the leader of polite run 1");
        assertThat(kernel.launches).isEqualTo(1);
        order(ensemble, new Command.Stop(List.of("polite")));
        end(ensemble, 0);
        assertThat(order(ensemble, new Command.Refresh(List.of("polite"))))
                .isInstanceOf(Reply.Done.class);
        assertThat(kernel.launches).isEqualTo(2);
        assertThat(order(ensemble, new Command.Refresh(List.of("nobody"))))
                .isEqualTo(new Reply.NoSuchProcess("nobody"));
    }

    @Test
    void inAShutdownNothingIsStartedByTime() {
        addNightly();
        addOffice();
        Ensemble ensemble = begin();
        order(ensemble, new Command.Shutdown());
        ensemble.timeCame("nightly", Action.START);
        ensemble.timeCame("office", Action.RESTART);
        ensemble.filesChanged("office");
        end(ensemble, 0);
        assertThat(ensemble.isOver()).isTrue();
        assertThat(kernel.launches).isEqualTo(1);
    }

    @Test
    void whatIsKnownOfAWatchIsToldAndNamesThatAreUnknownAreNot() {
        addOffice();
        Ensemble ensemble = begin();
        ensemble.remarked(Map.of("office", "watches /x, which does not exist"));
        assertThat(outlook(ensemble)).endsWith("; it watches /x, which does not exist");
        ensemble.timeCame("nobody", Action.START);
        ensemble.filesChanged("nobody");
        assertThat(kernel.launches).isEqualTo(1);
    }
}
