package org.procmon.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.procmon.config.Exec;
import org.procmon.config.NamePattern;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.status.Snapshot.MonitorView;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Supervisor;

/**
 * A supervisor whose processes are as a test says. Its clock stands at one hour; {@code web} has
 * been running for 13 s, {@code job} was ended by SIGKILL 12 min 1 s ago.
 */
public final class FakeSupervisor implements Supervisor {
    public static final Ticks NOW = new Ticks(Duration.ofHours(1).toNanos());

    public final BlockingQueue<Command> commands = new LinkedBlockingQueue<>();
    public final BlockingQueue<CompletableFuture<Reply>> replies = new LinkedBlockingQueue<>();
    public volatile Snapshot snapshot =
            new Snapshot(
                    List.of(running("web", 4711, "sleep 18"), killed("job", "sh -c 'exit \"1\"'")),
                    List.of(
                            new MonitorView(
                                    "procmon1", 100, 1, before(3_723), "procmon -F f", "started"),
                            new MonitorView(
                                    "procmon2", 99, 2, before(5), "procmon -f f", "started")),
                    false);

    /** What a command is answered with; by default, that it is done. */
    public volatile Function<Command, CompletableFuture<Reply>> behaviour =
            command -> CompletableFuture.completedFuture(done(command));

    @Override
    public Snapshot snapshot() {
        return snapshot;
    }

    @Override
    public Ticks now() {
        return NOW;
    }

    @Override
    public CompletableFuture<Reply> submit(Command command) {
        return submit(command, new CompletableFuture<>());
    }

    @Override
    public CompletableFuture<Reply> submit(Command command, CompletableFuture<Void> taken) {
        taken.complete(null);
        CompletableFuture<Reply> reply = behaviour.apply(command);
        replies.add(reply);
        commands.add(command);
        return reply;
    }

    /** Never answers. */
    public void hang() {
        behaviour = _ -> new CompletableFuture<>();
    }

    /** Answers with this. */
    public void answer(Reply reply) {
        behaviour = _ -> CompletableFuture.completedFuture(reply);
    }

    public Reply done(Command command) {
        List<String> names =
                switch (command) {
                    case Command.Start c -> c.names();
                    case Command.Stop c -> c.names();
                    case Command.Restart c -> c.names();
                    case Command.Roll c -> c.names();
                    case Command.Refresh c -> c.names();
                    case Command.Delete c -> c.names();
                    case Command.SendSignal c -> c.names();
                    case Command.StartWorker c -> List.of(c.worker().id());
                    case Command.RetireWorker c -> List.of(c.name());
                    case Command.SignalWorker c -> List.of(c.name());
                    case Command.StartCompanion _,
                            Command.Reload _,
                            Command.PlanReload _,
                            Command.Shutdown _ ->
                            List.of();
                };
        List<ProcessView> meant = new ArrayList<>();
        for (String name : names) {
            List<ProcessView> matches =
                    snapshot.processes().stream()
                            .filter(p -> NamePattern.of(name).matches(p.name()))
                            .toList();
            if (matches.isEmpty()) {
                return new Reply.NoSuchProcess(name);
            }
            meant.addAll(matches);
        }
        return new Reply.Done(meant);
    }

    public static Ticks before(long seconds) {
        return new Ticks(NOW.nanos() - Duration.ofSeconds(seconds).toNanos());
    }

    public static ProcessView running(String name, int pid, String exec) {
        Run run = new Run(pid, 1, 3, before(13));
        return new ProcessView(
                ProcessSpec.of(name, new Exec(exec, List.of(exec))),
                new ProcessStatus(
                        Goal.UP,
                        new ProcessState.Running(run),
                        new RunCounters(3, pid, Optional.empty(), Optional.empty(), 0)),
                List.of());
    }

    /** A process of pid 4711 whose third run is so old, in seconds. */
    public static ProcessView runningFor(String name, long seconds) {
        Run run = new Run(4711, 1, 3, before(seconds));
        return new ProcessView(
                ProcessSpec.of(name, new Exec("true", List.of("true"))),
                new ProcessStatus(
                        Goal.UP,
                        new ProcessState.Running(run),
                        new RunCounters(3, 4711, Optional.empty(), Optional.empty(), 0)),
                List.of());
    }

    public static ProcessView killed(String name, String exec) {
        Run run = new Run(42, 1, 1, before(722));
        RunExit exit =
                new RunExit(
                        run,
                        new ExitStatus.Signaled(9),
                        new ResourceUsage(Duration.ofMillis(7), Duration.ofMillis(3), 4096),
                        before(721));
        return new ProcessView(
                ProcessSpec.of(name, new Exec(exec, List.of(exec))),
                new ProcessStatus(
                        Goal.DOWN,
                        new ProcessState.Failed(Optional.empty(), before(721)),
                        new RunCounters(1, 42, Optional.of(exit), Optional.empty(), 0)),
                List.of());
    }

    public static ProcessView waiting(String name, String on) {
        return new ProcessView(
                ProcessSpec.of(name, new Exec("true", List.of("true"))),
                new ProcessStatus(Goal.UP, new ProcessState.Waiting(before(1)), RunCounters.NONE),
                List.of(on));
    }

    public static ProcessView stopped(String name) {
        return new ProcessView(
                ProcessSpec.of(name, new Exec("true", List.of("true"))),
                new ProcessStatus(
                        Goal.DOWN,
                        new ProcessState.Stopped(StopReason.NEVER_STARTED, before(60)),
                        RunCounters.NONE),
                List.of());
    }
}
