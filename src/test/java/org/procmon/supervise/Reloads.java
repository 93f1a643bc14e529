package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.procmon.config.ControlSpec;
import org.procmon.config.Cron;
import org.procmon.config.MonitorSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Schedule;
import org.procmon.config.Triggers;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Reply;

/** One configuration after another, over kernels that never fail. */
abstract class Reloads {
    final FakeJournal journal = new FakeJournal();

    @SuppressWarnings("NullAway.Init")
    ProcessSet ensemble;

    static Triggers startedByTime() {
        Optional<Cron> cron = Optional.of(new Cron("", 1, 1, 1, 2, 2, 1));
        Schedule schedule =
                new Schedule(cron, Optional.empty(), Optional.empty(), Optional.empty());
        return new Triggers(Optional.of(schedule), Optional.empty(), Optional.empty());
    }

    ProcessSet begin(FakeKernel in, List<ProcessSpec> specs) {
        ProcessSet fresh =
                new ProcessSet(
                        InitialState.of(new MonitorSpec(ControlSpec.DEFAULT, specs)),
                        in,
                        HookRunner.NONE,
                        in,
                        _ -> {},
                        journal);
        fresh.takeOver();
        fresh.begin();
        return fresh;
    }

    ChangePlan reload(MonitorSpec next) {
        int[] kept = {0};
        journal.onAccept =
                () -> {
                    kept[0]++;
                    return Optional.empty();
                };
        Reply reply = command(Reloading.command(next)).join();
        assertThat(kept).containsExactly(1);
        return ((Reply.Planned) reply).plan();
    }

    CompletableFuture<Reply> command(Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        ensemble.command(command, reply);
        ensemble.keep();
        ensemble.sendReplies();
        return reply;
    }

    void order(Command command) {
        CompletableFuture<Reply> _ = command(command);
    }

    void end(FakeKernel in, String name, int code) {
        for (FakeKernel.Group group : List.copyOf(in.groups)) {
            if (group.spec.id().equals(name) && !group.exitTold) {
                group.leaderAlive = false;
                group.others = 0;
                group.exitTold = true;
                ExitStatus status = new ExitStatus.Exited(code);
                ensemble.leaderExited(name, group.number, status, ResourceUsage.NONE);
            }
        }
        ensemble.keep();
    }

    /** Lets time pass until nothing is under way any more. */
    void finish(FakeKernel in) {
        for (int i = 0; i < 60; i++) {
            for (FakeKernel.Group group : List.copyOf(in.groups)) {
                if (!group.leaderAlive && !group.exitTold) {
                    group.exitTold = true;
                    group.others = 0;
                    ExitStatus status = new ExitStatus.Signaled(15);
                    ensemble.leaderExited(
                            group.spec.id(), group.number, status, ResourceUsage.NONE);
                }
            }
            for (String name : phases().keySet()) {
                long run = view(name).process().tally().runs();
                ensemble.reported(name, new Event.BecameReady(run));
            }
            ensemble.nextDeadline().ifPresent(in::advanceTo);
            ensemble.timePassed();
            ensemble.keep();
        }
        assertThat(ensemble.views())
                .allMatch(v -> v.process().goal() != Goal.FORGOTTEN, "nothing is half forgotten");
    }

    Map<String, Phase> phases() {
        Map<String, Phase> phases = new TreeMap<>();
        for (ProcessView view : ensemble.views()) {
            phases.put(view.name(), view.process().state().phase());
        }
        return phases;
    }

    /** All that can be the same whatever there was before. */
    Map<String, String> outcomes() {
        Map<String, String> outcomes = new TreeMap<>();
        for (ProcessView view : ensemble.views()) {
            ProcessState state = view.process().state();
            String why = state instanceof ProcessState.Stopped stopped ? " " + stopped.why() : "";
            outcomes.put(
                    view.name(),
                    "%s%s, wanted %s, waits for %s"
                            .formatted(
                                    state.phase().wireName(),
                                    why,
                                    view.process().goal(),
                                    view.waitsFor()));
        }
        return outcomes;
    }

    ProcessView view(String name) {
        return ensemble.views().stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
