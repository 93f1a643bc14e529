package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.procmon.config.ControlSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.SpecBuilder;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Notification;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Reply;

/** Rolling restarts, over a kernel that never fails. */
class RollingRestartTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final FakeKernel kernel = new FakeKernel(new Random(7), 0);
    private ProcessSet processSet = begin();

    @Test
    void eachIsReadyBeforeTheNextGoes() {
        processSet = begin(process("a").notifies(LONG), process("b").notifies(LONG));
        ready("a");
        ready("b");
        CompletableFuture<Reply> reply = roll("a", "b");
        end("a");
        assertThat(phase("a")).isEqualTo(Phase.STARTING);
        assertThat(phase("b")).isEqualTo(Phase.RUNNING);
        ready("a");
        assertThat(phase("b")).isEqualTo(Phase.STOPPING);
        end("b");
        assertThat(reply).isNotDone();
        ready("b");
        assertThat(reply.join()).isInstanceOf(Reply.Done.class);
        assertThat(runs()).containsExactly(2L, 2L);
    }

    @Test
    void noneIsTakenDownWhileAnotherDoesNotComeUp() {
        processSet = begin(process("a"), process("b"), process("c").settle(LONG).backoff(LONG));
        // The first restart is not delayed.
        end("c");
        end("c");
        assertThat(phase("c")).isEqualTo(Phase.BACKOFF);
        CompletableFuture<Reply> reply = roll("a", "b", "c");
        assertThat(phase("c")).isEqualTo(Phase.STARTING);
        end("c");
        end("c");
        assertThat(reply.join())
                .isEqualTo(
                        new Reply.Failed(
                                "c",
                                "exited with code 1 after 0 ms, so 2 of 3 were not restarted"));
        assertThat(runs()).containsExactly(1L, 1L, 4L);
    }

    @Test
    void waitsForAStartingProcess() {
        processSet = begin(process("a"), process("b").settle(LONG));
        CompletableFuture<Reply> reply = roll("a", "b");
        assertThat(phase("a")).isEqualTo(Phase.RUNNING);
        pass(LONG);
        end("a");
        assertThat(phase("b")).isEqualTo(Phase.STOPPING);
        end("b");
        assertThat(reply).isNotDone();
        pass(LONG);
        assertThat(reply.join()).isInstanceOf(Reply.Done.class);
        assertThat(runs()).containsExactly(2L, 2L);
    }

    @Test
    void waitsForAReloadingProcess() {
        processSet = begin(process("a"), process("b"));
        processSet.reported("b", new Event.Notified(1, new Notification.Reloading()));
        CompletableFuture<Reply> reply = roll("a", "b");
        assertThat(phase("a")).isEqualTo(Phase.RUNNING);
        processSet.reported("b", new Event.BecameReady(1));
        assertThat(phase("a")).isEqualTo(Phase.STOPPING);
        assertThat(reply).isNotDone();
    }

    @Test
    void startsAStoppedProcessOnce() {
        processSet = begin(process("a"), process("b"), process("job").restart(RestartPolicy.NEVER));
        order(new Command.Stop(List.of("b")));
        end("b");
        end("job", 0);
        CompletableFuture<Reply> reply = roll("*");
        assertThat(phase("b")).isEqualTo(Phase.RUNNING);
        end("a");
        assertThat(reply.join()).isInstanceOf(Reply.Done.class);
        assertThat(runs()).containsExactly(2L, 2L, 2L);
    }

    @Test
    void aStopMeanwhileEndsTheRollingRestart() {
        processSet = begin(process("a"), process("b"));
        CompletableFuture<Reply> reply = roll("a", "b");
        order(new Command.Stop(List.of("b")));
        assertThat(reply.join())
                .isEqualTo(
                        new Reply.Failed(
                                "b",
                                "it was stopped by another command, so 2 of 2 were not restarted"));
        end("a");
        end("b");
        assertThat(phase("b")).isEqualTo(Phase.STOPPED);
    }

    @Test
    void thereIsOnlyOneForAProcessAtATime() {
        processSet = begin(process("a"), process("b"), process("c"));
        CompletableFuture<Reply> first = roll("a", "b");
        assertThat(roll("c", "b").join())
                .isEqualTo(new Reply.Failed("b", "another rolling restart of it is under way"));
        assertThat(roll("c")).isNotDone();
        first.cancel(false);
        end("a");
        assertThat(phase("b")).as("when nobody waits for it").isEqualTo(Phase.RUNNING);
        assertThat(roll("b")).isNotDone();
        assertThat(phase("b")).isEqualTo(Phase.STOPPING);
    }

    @Test
    void aShutdownEndsIt() {
        processSet = begin(process("a"), process("b"));
        CompletableFuture<Reply> reply = roll("a", "b");
        order(new Command.Shutdown());
        assertThat(reply.join()).isInstanceOf(Reply.Failed.class);
        assertThat(roll("a").join()).isInstanceOf(Reply.ShuttingDown.class);
    }

    private ProcessSet begin(SpecBuilder... processes) {
        ProcessSet fresh =
                new ProcessSet(
                        InitialState.of(
                                new MonitorSpec(
                                        ControlSpec.DEFAULT,
                                        Arrays.stream(processes).map(SpecBuilder::build).toList())),
                        kernel,
                        HookRunner.NONE,
                        kernel,
                        _ -> {},
                        new FakeJournal());
        fresh.takeOver();
        fresh.begin();
        return fresh;
    }

    private CompletableFuture<Reply> roll(String... names) {
        return command(new Command.Roll(List.of(names)));
    }

    private void order(Command command) {
        CompletableFuture<Reply> _ = command(command);
    }

    private CompletableFuture<Reply> command(Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        processSet.command(command, reply);
        processSet.sendReplies();
        return reply;
    }

    private void ready(String name) {
        processSet.reported(name, new Event.BecameReady(view(name).process().tally().runs()));
        processSet.sendReplies();
    }

    private void pass(Duration time) {
        kernel.advance(time);
        processSet.timePassed();
        processSet.sendReplies();
    }

    private void end(String name) {
        end(name, 1);
    }

    private void end(String name, int code) {
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

    private List<Long> runs() {
        return processSet.views().stream().map(v -> v.process().tally().runs()).toList();
    }

    private Phase phase(String name) {
        return view(name).process().state().phase();
    }

    private ProcessView view(String name) {
        return processSet.views().stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
