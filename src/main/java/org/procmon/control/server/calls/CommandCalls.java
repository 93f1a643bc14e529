package org.procmon.control.server.calls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.procmon.config.NamePattern;
import org.procmon.config.Signal;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Method.Parameter;
import org.procmon.control.server.replies.CallErrors;
import org.procmon.control.server.replies.CallReply;
import org.procmon.control.server.replies.NameLookup;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Supervisor;

/**
 * Answers calls that start, stop and signal processes, and the one that stops them all: the event
 * loop executes the command, and the reply waits for its outcome if the call says so. Runs on the
 * threads of the connections; thread-safe.
 */
final class CommandCalls {
    private static final List<String> EVERYTHING = List.of(NamePattern.EVERY_NAME);

    private final Supervisor supervisor;
    private final StatusCalls statusCalls;
    private final WaitLimits limits;
    private final ReplyWaiter replyWaiter;
    private final Thread.UncaughtExceptionHandler bugs;

    /**
     * @param bugs handles what goes wrong on a thread of such a command
     */
    CommandCalls(
            Supervisor supervisor,
            StatusCalls statusCalls,
            WaitLimits limits,
            ReplyWaiter replyWaiter,
            Thread.UncaughtExceptionHandler bugs) {
        this.supervisor = supervisor;
        this.statusCalls = statusCalls;
        this.limits = limits;
        this.replyWaiter = replyWaiter;
        this.bugs = bugs;
    }

    CallReply restart(Call call, ClientLiveness client) throws InterruptedException {
        return run(
                call,
                call.rolling() ? new Command.Roll(call.names()) : new Command.Restart(call.names()),
                client);
    }

    CallReply signal(Call call, ClientLiveness client) throws InterruptedException {
        Optional<Signal> signal = Signal.parse(call.signal());
        return signal.isPresent()
                ? run(call, new Command.SendSignal(call.names(), signal.get()), client)
                : CallErrors.badParameter(Parameter.SIGNAL);
    }

    /** Executes a command for the processes of a call. */
    CallReply run(Call call, Command command, ClientLiveness client) throws InterruptedException {
        List<String> names = command instanceof Command.Shutdown ? EVERYTHING : call.names();
        Optional<CallReply> problem = NameLookup.problemOfCommand(command, names);
        if (problem.isPresent()) {
            return problem.get();
        }
        return call.waits() && !call.oneway()
                ? outcome(names, limits.millis(call), command, supervisor.submit(command), client)
                : accepted(call, command, names);
    }

    private CallReply outcome(
            List<String> names,
            long limit,
            Command command,
            CompletableFuture<Reply> reply,
            ClientLiveness client)
            throws InterruptedException {
        try {
            return reply(command, names, replyWaiter.await(reply, limit, client));
        } catch (TimeoutException _) {
            reply.cancel(false);
            return late(command, names);
        } catch (CancellationException _) {
            return CallErrors.shuttingDown();
        } catch (ExecutionException e) {
            return CallErrors.failed(e);
        } catch (InterruptedException e) {
            reply.cancel(false);
            throw e;
        }
    }

    /** The answer to a command that no client waits for: as much as is known at once. */
    private CallReply accepted(Call call, Command command, List<String> names)
            throws InterruptedException {
        Snapshot snapshot = supervisor.snapshot();
        if (UnfinishedCommand.wantsUp(command) && snapshot.shuttingDown()) {
            return CallErrors.shuttingDown();
        }
        boolean shutdown = command instanceof Command.Shutdown;
        List<String> unmatched = new ArrayList<>();
        List<ProcessView> meant =
                NameLookup.select(snapshot.processes(), NameLookup::of, names, unmatched);
        if (!StatusCalls.backup(snapshot, names).isEmpty()) {
            unmatched.remove(NameLookup.BACKUP);
        }
        if (!shutdown && !unmatched.isEmpty()) {
            return CallErrors.noSuchProcess(unmatched.getFirst());
        }
        CompletableFuture<Void> taken = new CompletableFuture<>();
        CompletableFuture<Reply> reply = supervisor.submit(command, taken);
        if (!isTaken(taken, call)) {
            return late(command, names);
        }
        if (reply.state() == Future.State.SUCCESS) {
            return reply(command, names, reply.resultNow());
        }
        if (command instanceof Command.Roll) {
            Thread _ =
                    Thread.ofVirtual()
                            .uncaughtExceptionHandler(bugs)
                            .start(() -> rollDetached(command, names, reply));
        } else {
            // No client waits for the outcome, so the loop need not watch for it.
            reply.cancel(false);
        }
        return shutdown ? CallReply.TextReply.none() : statusCalls.changed(names, meant);
    }

    /** Waits until the decision is stored: from then on it survives any monitor. */
    private boolean isTaken(CompletableFuture<Void> taken, Call call) throws InterruptedException {
        try {
            long limit = Math.min(limits.millis(call), limits.look().toMillis());
            Void _ = taken.get(limit, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot take a command", e.getCause());
        }
    }

    /**
     * The rolling restart must be ended when it makes no progress, even if no client waits for it.
     */
    private void rollDetached(Command command, List<String> names, CompletableFuture<Reply> reply) {
        long limit = limits.outcome().toMillis();
        try {
            CallReply callReply = outcome(names, limit, command, reply, ClientLiveness.UNSEEN);
            if (callReply instanceof CallReply.TextReply textReply) {
                ClientLog.rollingRestartFailed(names, textReply.toString());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private CallReply reply(Command command, List<String> names, Reply reply) {
        return switch (reply) {
            case Reply.Done done ->
                    command instanceof Command.Shutdown
                            ? CallReply.TextReply.none()
                            : statusCalls.changed(names, done.processes());
            case Reply.NoSuchProcess missing -> CallErrors.noSuchProcess(missing.name());
            case Reply.Failed failed -> CallErrors.failed(failed.name(), failed.reason());
            case Reply.HasDependents has ->
                    CallReply.TextReply.error(
                            ErrorName.HAS_DEPENDENTS, "name", has.name(), "reason", has.reason());
            case Reply.Planned _ -> throw new IllegalStateException("a plan was not asked for");
            case Reply.ShuttingDown down ->
                    down.isReplaced()
                            ? CallErrors.failed("", down.reason())
                            : CallErrors.shuttingDown();
        };
    }

    private CallReply late(Command command, List<String> names) throws InterruptedException {
        return supervisor.isReady(Duration.ZERO)
                ? UnfinishedCommand.reply(command, names, supervisor.snapshot())
                : CallErrors.timedOut("", CallErrors.TAKING_OVER);
    }
}
