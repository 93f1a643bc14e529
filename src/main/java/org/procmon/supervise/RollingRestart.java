package org.procmon.supervise;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.StopReason;
import org.procmon.supervise.port.Reply;

/**
 * A rolling restart in progress. Processes that are down restart first, together; then the others
 * one by one, each only while all of them are ready. As soon as one of them is down, the rest is
 * left unchanged. There is no deadline; the client cancels the reply to end it. Loop thread only.
 */
final class RollingRestart {
    private final List<SupervisedProcess> all;
    private final ProcessRegistry processRegistry;
    private final CommandHandler.CommandContext commandContext;
    private final PendingReplies pendingReplies;
    private final CompletableFuture<Reply> reply;

    /** The number of each process's first run that belongs to this restart. */
    private final Map<SupervisedProcess, Long> fresh = new HashMap<>();

    private final Set<SupervisedProcess> restarted = new HashSet<>();
    private boolean answered;

    /** Starts with the processes that are down. */
    RollingRestart(
            List<SupervisedProcess> all,
            ProcessRegistry processRegistry,
            CommandHandler.CommandContext commandContext,
            PendingReplies pendingReplies,
            CompletableFuture<Reply> reply) {
        this.all = List.copyOf(all);
        this.processRegistry = processRegistry;
        this.commandContext = commandContext;
        this.pendingReplies = pendingReplies;
        this.reply = reply;
        for (SupervisedProcess supervisedProcess : all) {
            fresh.put(supervisedProcess, supervisedProcess.process.tally().runs() + 1);
            if (supervisedProcess.process.goal() != Goal.UP
                    || isDown(supervisedProcess.process.state())) {
                restart(supervisedProcess);
            }
        }
    }

    boolean isOver() {
        return answered || reply.isCancelled();
    }

    /** Whether this process is part of the restart. */
    boolean means(SupervisedProcess supervisedProcess) {
        return fresh.containsKey(supervisedProcess);
    }

    /**
     * Advances if possible; to be called when nothing else is to be done.
     *
     * @return whether there is something to be done now
     */
    boolean advance() {
        boolean ready = true;
        for (SupervisedProcess supervisedProcess : all) {
            CommandOutcome commandOutcome = verdict(supervisedProcess);
            if (commandOutcome instanceof CommandOutcome.Missed(String reason)) {
                answer(new Reply.Failed(supervisedProcess.name(), reason + rest()));
                return false;
            }
            ready &=
                    commandOutcome instanceof CommandOutcome.Reached
                            && ProcessRegistry.isReady(supervisedProcess);
        }
        if (!ready) {
            return false;
        }
        Optional<SupervisedProcess> next = all.stream().filter(this::isOld).findFirst();
        Optional<String> obstacle = next.flatMap(this::obstacle);
        if (obstacle.isPresent()) {
            answer(new Reply.Failed(next.get().name(), obstacle.get() + rest()));
            return false;
        }
        next.ifPresentOrElse(
                this::restart,
                () -> answer(new Reply.Done(all.stream().map(commandContext::view).toList())));
        return next.isPresent();
    }

    /** A dependency may have gone down since the command came. */
    private Optional<String> obstacle(SupervisedProcess supervisedProcess) {
        return new StartCheck(processRegistry, commandContext, fresh.keySet(), "restart")
                .beforeRestart(supervisedProcess);
    }

    private void restart(SupervisedProcess supervisedProcess) {
        restarted.add(supervisedProcess);
        commandContext.post(supervisedProcess, new Event.Restart(StopReason.RESTART));
    }

    private void answer(Reply outcome) {
        answered = true;
        pendingReplies.add(reply, outcome);
    }

    private CommandOutcome verdict(SupervisedProcess supervisedProcess) {
        return processRegistry.holds(supervisedProcess)
                ? CommandOutcome.of(
                        PendingCommand.Target.UP,
                        supervisedProcess.process,
                        restarted.contains(supervisedProcess) ? fresh(supervisedProcess) : 0)
                : CommandOutcome.ofGone(PendingCommand.Target.UP);
    }

    private boolean isOld(SupervisedProcess supervisedProcess) {
        return supervisedProcess.process.tally().runs() < fresh(supervisedProcess);
    }

    private long fresh(SupervisedProcess supervisedProcess) {
        return fresh.getOrDefault(supervisedProcess, 0L);
    }

    private String rest() {
        long left = all.stream().filter(this::isOld).count();
        return left == 0 ? "" : ", so %d of %d were not restarted".formatted(left, all.size());
    }

    private static boolean isDown(ProcessState state) {
        return switch (state) {
            case Stopped _, Backoff _, Failed _ -> true;
            // A completed process is in its proper state, and the others are on their way.
            case Completed _, Waiting _, Starting _, Running _, Stopping _ -> false;
        };
    }
}
