package org.procmon.supervise;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Reply;

/**
 * A command in progress: it waits until each of its processes is in the target state. Loop thread
 * only.
 */
final class PendingCommand {
    /** The target state of a command. */
    enum Target {
        UP,
        DOWN,
        GONE
    }

    private final Target target;
    private final PendingReplies pendingReplies;
    private final CompletableFuture<Reply> reply;

    /** The processes that are not there yet, with the number of the first run that counts. */
    private final Map<SupervisedProcess, Long> open = new LinkedHashMap<>();

    private final List<SupervisedProcess> all;
    private final Failures failures = new Failures();

    /**
     * Starts to watch the entries, before the command's events reach them.
     *
     * @param needsNewRun selects the entries for which a run that is already up does not count
     */
    PendingCommand(
            Target target,
            List<SupervisedProcess> entries,
            Predicate<SupervisedProcess> needsNewRun,
            PendingReplies pendingReplies,
            CompletableFuture<Reply> reply) {
        this.target = target;
        this.pendingReplies = pendingReplies;
        this.reply = reply;
        this.all = List.copyOf(entries);
        for (SupervisedProcess supervisedProcess : entries) {
            long runs = supervisedProcess.process.tally().runs();
            boolean up =
                    switch (supervisedProcess.process.state()) {
                        case Starting _, Running _ -> true;
                        case Stopped _, Waiting _, Stopping _, Backoff _, Completed _, Failed _ ->
                                false;
                    };
            open.put(
                    supervisedProcess,
                    up && !needsNewRun.test(supervisedProcess) ? runs : runs + 1);
            supervisedProcess.pursuits.add(this);
        }
    }

    /** Checks one of its processes after a change, and replies when it was the last. */
    void look(
            SupervisedProcess supervisedProcess,
            boolean forgotten,
            Function<SupervisedProcess, ProcessView> view) {
        Long run = open.get(supervisedProcess);
        if (run == null) {
            return;
        }
        CommandOutcome commandOutcome =
                forgotten
                        ? CommandOutcome.ofGone(target)
                        : CommandOutcome.of(target, supervisedProcess.process, run);
        if (commandOutcome instanceof CommandOutcome.Pending && !reply.isCancelled()) {
            return;
        }
        if (commandOutcome instanceof CommandOutcome.Missed missed) {
            failures.add(supervisedProcess.name(), missed.reason());
        }
        open.remove(supervisedProcess);
        supervisedProcess.pursuits.remove(this);
        if (open.isEmpty()) {
            pendingReplies.add(
                    reply,
                    failures.reply()
                            .<Reply>map(failed -> failed)
                            .orElseGet(() -> new Reply.Done(all.stream().map(view).toList())));
        }
    }
}
