package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.procmon.config.ControlSpec;
import org.procmon.config.Cron;
import org.procmon.config.Dependency;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Schedule;
import org.procmon.config.Schedule.Action;
import org.procmon.config.Signal;
import org.procmon.config.SpecBuilder;
import org.procmon.config.Triggers;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.StopReason;
import org.procmon.status.NextSteps;
import org.procmon.status.ProcessView;
import org.procmon.status.ScheduledAction;
import org.procmon.status.StateText;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Reply;

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

    private ProcessSet begin() {
        ProcessSet processSet =
                new ProcessSet(
                        new InitialState(
                                new MonitorSpec(ControlSpec.DEFAULT, specs),
                                List.of(),
                                journal.all(),
                                OrphanPolicy.STOP,
                                false),
                        kernel,
                        HookRunner.NONE,
                        kernel,
                        _ -> {},
                        journal);
        processSet.takeOver();
        processSet.begin();
        return processSet;
    }

    private static Reply order(ProcessSet processSet, Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        processSet.command(command, reply);
        processSet.keep();
        processSet.sendReplies();
        return reply.getNow(new Reply.ShuttingDown());
    }

    private void end(ProcessSet processSet, int code) {
        for (FakeKernel.Group group : List.copyOf(kernel.groups)) {
            group.leaderAlive = false;
            group.others = 0;
            group.exitTold = true;
            processSet.leaderExited(
                    group.spec.id(), group.number, new ExitStatus.Exited(code), ResourceUsage.NONE);
        }
        processSet.keep();
    }

    private static ProcessView only(ProcessSet processSet) {
        return processSet.views().getFirst();
    }

    private static Phase phase(ProcessSet processSet) {
        return only(processSet).process().state().phase();
    }

    private String outlook(ProcessSet processSet) {
        return NextSteps.of(only(processSet), kernel.now());
    }

    @Test
    void ignoresATimeOfAScheduleThatAReloadHasRemoved() {
        add(process("web"), Optional.empty(), Optional.empty());
        ProcessSet processSet = begin();
        processSet.timeCame("web", Action.STOP);
        assertThat(phase(processSet)).isEqualTo(Phase.RUNNING);
    }

    @Test
    void aJobWithAScheduleWaitsForItsTimeAndKeepsADiary() {
        addNightly();
        ProcessSet processSet = begin();
        processSet.planned(Map.of("nightly", List.of(new ScheduledAction(Action.START, NIGHT))));
        assertThat(kernel.launches).isZero();
        assertThat(StateText.cause(only(processSet)))
                .isEqualTo("not started yet, that is left to its schedule");
        assertThat(outlook(processSet))
                .isEqualTo("its schedule starts it at 2026-06-02T04:30+02:00[Europe/Berlin]");
        for (int code = 0; code < 2; code++) {
            processSet.timeCame("nightly", Action.START);
            assertThat(phase(processSet)).isEqualTo(Phase.RUNNING);
            end(processSet, code);
        }
        assertThat(only(processSet).process().tally().diary().runs()).hasSize(2);
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
        ProcessSet processSet = begin();
        processSet.timeCame("first", Action.START);
        processSet.timeCame("first", Action.START);
        processSet.timeCame("first", Action.START);
        assertThat(kernel.launches).isEqualTo(1);
        assertThat(outlook(processSet))
                .isEqualTo(
                        "if it ends, its schedule starts it again, since a start has come"
                                + " meanwhile");
        end(processSet, 0);
        assertThat(kernel.trace).contains("launch second run 1", "launch first run 2");
        end(processSet, 0);
        assertThat(phase(processSet)).isEqualTo(Phase.COMPLETED);
        assertThat(kernel.launches).isEqualTo(3);
    }

    @Test
    void aStartThatIsQueuedComesAlsoIfTheRunEndsWithoutAMonitor() {
        addQueued(process("job"));
        ProcessSet processSet = begin();
        processSet.timeCame("job", Action.START);
        processSet.timeCame("job", Action.START);
        processSet.keep();
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
        ProcessSet processSet = begin();
        processSet.timeCame("job", Action.START);
        processSet.timeCame("job", Action.START);
        order(processSet, new Command.Shutdown());
        end(processSet, 0);
        assertThat(processSet.isOver()).isTrue();
        assertThat(kernel.launches).isEqualTo(1);
    }

    @Test
    void aStopPausesTheScheduleForTheNextMonitorToo() {
        addNightly();
        ProcessSet processSet = begin();
        processSet.planned(Map.of("nightly", List.of(new ScheduledAction(Action.START, NIGHT))));
        order(processSet, new Command.Stop(List.of("nightly")));
        processSet.timeCame("nightly", Action.START);
        assertThat(phase(processSet)).isEqualTo(Phase.STOPPED);
        assertThat(only(processSet).comes()).isEmpty();
        assertThat(StateText.cause(only(processSet)))
                .isEqualTo("stopped by a command, which pauses its schedule");
        assertThat(outlook(processSet)).contains("its schedule is paused");
        ProcessSet next = begin();
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
        ProcessSet processSet = begin();
        processSet.timeCame("office", Action.STOP);
        assertThat(StateText.cause(only(processSet))).isEqualTo("stops because of its schedule");
        end(processSet, 0);
        assertThat(only(processSet).process().endedFor(StopReason.SCHEDULE)).isTrue();
        assertThat(StateText.cause(only(processSet))).isEqualTo("stopped by its schedule");
        assertThat(phase(begin())).isEqualTo(Phase.STOPPED);
        assertThat(kernel.launches).isEqualTo(1);
    }

    @Test
    void aChangedFileOrATimeMakesANewRunAndSaysWhy() {
        addOffice();
        ProcessSet processSet = begin();
        processSet.filesChanged("office");
        assertThat(StateText.cause(only(processSet)))
                .isEqualTo("restarts because a watched file has changed");
        end(processSet, 0);
        processSet.timeCame("office", Action.RESTART);
        assertThat(StateText.cause(only(processSet))).isEqualTo("restarts because of its schedule");
        end(processSet, 0);
        assertThat(kernel.launches).isEqualTo(3);
    }

    @Test
    void aReloadIsASignalToWhatRunsAndHasOneAndElseANewRun() {
        add(process("polite"), Optional.empty(), Optional.of(Signal.HUP));
        ProcessSet processSet = begin();
        assertThat(order(processSet, new Command.Refresh(List.of("polite"))))
                .isInstanceOf(Reply.Done.class);
        assertThat(kernel.trace).contains("signal HUP to the leader of polite run 1");
        assertThat(kernel.launches).isEqualTo(1);
        order(processSet, new Command.Stop(List.of("polite")));
        end(processSet, 0);
        assertThat(order(processSet, new Command.Refresh(List.of("polite"))))
                .isInstanceOf(Reply.Done.class);
        assertThat(kernel.launches).isEqualTo(2);
        assertThat(order(processSet, new Command.Refresh(List.of("nobody"))))
                .isEqualTo(new Reply.NoSuchProcess("nobody"));
    }

    @Test
    void inAShutdownNothingIsStartedByTime() {
        addNightly();
        addOffice();
        ProcessSet processSet = begin();
        order(processSet, new Command.Shutdown());
        processSet.timeCame("nightly", Action.START);
        processSet.timeCame("office", Action.RESTART);
        processSet.filesChanged("office");
        end(processSet, 0);
        assertThat(processSet.isOver()).isTrue();
        assertThat(kernel.launches).isEqualTo(1);
    }

    @Test
    void showsWarningsOfWatchesForKnownNamesOnly() {
        addOffice();
        ProcessSet processSet = begin();
        processSet.remarked(Map.of("office", "watches /x, which does not exist"));
        assertThat(outlook(processSet)).endsWith("; it watches /x, which does not exist");
        processSet.timeCame("nobody", Action.START);
        processSet.filesChanged("nobody");
        assertThat(kernel.launches).isEqualTo(1);
    }
}
