package org.procmon.supervise;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.procmon.config.MonitorSpec;
import org.procmon.config.NamePattern;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Signal;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.Lifecycle;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.AcceptedConfig;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Companion;
import org.procmon.supervise.port.Reply;

/**
 * Handles commands: finds the processes that a command names, and posts events to them; {@link
 * PendingCommand} waits for the outcome. Loop thread only.
 */
final class CommandHandler {
    /** Performs what commands ask for. */
    interface CommandContext {
        /** Queues an event for a process. */
        void post(SupervisedProcess supervisedProcess, Event event);

        /** Why its program could not be started now; empty if no reason is known. */
        Optional<StartError> refusal(ProcessSpec spec);

        /** Sends a signal to the first process of a run; false if there is none. */
        boolean signal(SupervisedProcess supervisedProcess, Signal signal);

        /** Sends a signal to the group of a run of a worker; false if that is not its run. */
        boolean signalGroup(String name, long run, Signal signal);

        /** Keeps a configuration for the next monitor; returns why it cannot, in words. */
        Optional<String> accept(AcceptedConfig config);

        /**
         * Replaces the present configuration.
         *
         * @param companions the monitor's own programs under it
         */
        void reload(MonitorSpec spec, ReloadOperation reloadOperation, List<Companion> companions);

        /** Adds one of the monitor's own programs, unless its name is taken. */
        void attend(Companion companion);

        void shutDown(CompletableFuture<Reply> reply);

        boolean isShuttingDown();

        ProcessView view(SupervisedProcess supervisedProcess);
    }

    private final ProcessRegistry processRegistry;
    private final PendingReplies pendingReplies;
    private final PoolCommands poolCommands;
    private final CommandContext commandContext;
    private final List<RollingRestart> rolls = new ArrayList<>();

    CommandHandler(
            ProcessRegistry processRegistry,
            PoolCommands poolCommands,
            PendingReplies pendingReplies,
            CommandContext commandContext) {
        this.processRegistry = processRegistry;
        this.poolCommands = poolCommands;
        this.pendingReplies = pendingReplies;
        this.commandContext = commandContext;
    }

    void take(Command command, CompletableFuture<Reply> reply) {
        switch (command) {
            case Command.Start c ->
                    bringUp(
                            c.names(),
                            new Event.Start(),
                            _ -> false,
                            StartCheck::beforeStart,
                            reply);
            case Command.Restart c -> restart(c.names(), reply);
            case Command.Roll c -> roll(c, reply);
            case Command.Refresh c ->
                    bringUp(
                            c.names(),
                            new Event.Refresh(),
                            e -> !Lifecycle.reloadsInPlace(e.spec, e.process),
                            (check, supervisedProcess) ->
                                    Lifecycle.reloadsInPlace(
                                                    supervisedProcess.spec,
                                                    supervisedProcess.process)
                                            ? Optional.empty()
                                            : check.beforeRestart(supervisedProcess),
                            reply);
            case Command.Stop c -> {
                poolCommands.stop(c.names());
                track(
                        PendingCommand.Target.DOWN,
                        matching(c.names(), Selection.ALL, reply),
                        poolCommands::stopping,
                        _ -> false,
                        reply);
            }
            case Command.StartWorker c -> startWorker(c, reply);
            case Command.SignalWorker c -> signalWorker(c, reply);
            case Command.RetireWorker c -> {
                poolCommands.retireWorker(c.name(), c.atOnce());
                pendingReplies.add(reply, new Reply.Done(List.of()));
            }
            case Command.Delete c -> delete(c, reply);
            case Command.StartCompanion c -> {
                if (!commandContext.isShuttingDown()) {
                    commandContext.attend(c.companion());
                }
                bringUp(
                        List.of(c.companion().spec().id()),
                        new Event.Start(),
                        _ -> false,
                        (_, _) -> Optional.empty(),
                        reply);
            }
            case Command.SendSignal c -> send(c, reply);
            case Command.Reload c -> reload(c, reply);
            case Command.PlanReload c -> planReload(reloadOperation(c.spec(), true), reply);
            case Command.Shutdown _ -> commandContext.shutDown(reply);
        }
    }

    private void restart(List<String> names, CompletableFuture<Reply> reply) {
        bringUp(
                names,
                new Event.Restart(StopReason.RESTART),
                _ -> true,
                StartCheck::beforeRestart,
                reply);
    }

    private void startWorker(Command.StartWorker command, CompletableFuture<Reply> reply) {
        if (!commandContext.isShuttingDown()) {
            poolCommands.startWorker(command.worker());
        }
        pendingReplies.add(reply, new Reply.Done(List.of()));
    }

    private void signalWorker(Command.SignalWorker command, CompletableFuture<Reply> reply) {
        boolean isSent =
                commandContext.signalGroup(command.name(), command.run(), command.signal());
        pendingReplies.add(
                reply,
                isSent
                        ? new Reply.Done(List.of())
                        : new Reply.Failed(command.name(), "it has no such run"));
    }

    private void reload(Command.Reload command, CompletableFuture<Reply> reply) {
        if (commandContext.isShuttingDown()) {
            pendingReplies.add(reply, new Reply.ShuttingDown());
            return;
        }
        ReloadOperation reloadOperation =
                reloadOperation(command.config().spec(), command.bringsBackDeleted());
        Optional<Reply.Failed> refused = refused(reloadOperation);
        if (refused.isPresent()) {
            pendingReplies.add(reply, refused.get());
            return;
        }
        Optional<String> unkept = commandContext.accept(command.config());
        if (unkept.isPresent()) {
            pendingReplies.add(reply, new Reply.Failed("", unkept.get()));
            return;
        }
        commandContext.reload(command.config().spec(), reloadOperation, command.companions());
        pendingReplies.add(reply, new Reply.Planned(reloadOperation.plan()));
    }

    private ReloadOperation reloadOperation(MonitorSpec spec, boolean bringsBackDeleted) {
        return new ReloadOperation(processRegistry, poolCommands.pools(), spec, bringsBackDeleted);
    }

    private void planReload(ReloadOperation reload, CompletableFuture<Reply> reply) {
        pendingReplies.add(
                reply,
                refused(reload)
                        .<Reply>map(r -> r)
                        .orElseGet(() -> new Reply.Planned(reload.plan())));
    }

    /**
     * Why a reload would stop what it could not start again; empty if nothing is known. An obstacle
     * that may pass by itself, such as a file server that does not answer, delays its own process
     * only.
     */
    private Optional<Reply.Failed> refused(ReloadOperation reload) {
        Failures failures = new Failures();
        for (ProcessSpec spec : reload.changedWhileUp()) {
            commandContext
                    .refusal(spec)
                    .filter(StartError::lasting)
                    .ifPresent(error -> failures.add(spec.id(), error.reason()));
        }
        return failures.reply()
                .map(f -> new Reply.Failed(f.name(), f.reason() + "; nothing was changed"));
    }

    /** Checks one of the processes that a command starts. */
    private interface Look {
        /** Why it cannot be started; empty if nothing is known. */
        Optional<String> at(StartCheck check, SupervisedProcess supervisedProcess);
    }

    private void bringUp(
            List<String> names,
            Event event,
            Predicate<SupervisedProcess> needsNewRun,
            Look look,
            CompletableFuture<Reply> reply) {
        if (commandContext.isShuttingDown()) {
            pendingReplies.add(reply, new Reply.ShuttingDown());
            return;
        }
        poolCommands.start(names);
        boolean starts = event instanceof Event.Start;
        List<SupervisedProcess> entries =
                matching(names, starts ? Selection.TO_START : Selection.TO_RESTART, reply);
        String verb = starts ? "start" : "restart";
        if (canStart(entries, verb, look, reply)) {
            track(PendingCommand.Target.UP, entries, _ -> event, needsNewRun, reply);
        }
    }

    /**
     * Whether all of them can be started, as far as is known.
     *
     * @param reply completed if one of them cannot; nothing was changed then
     */
    private boolean canStart(
            List<SupervisedProcess> entries,
            String verb,
            Look look,
            CompletableFuture<Reply> reply) {
        StartCheck check =
                new StartCheck(processRegistry, commandContext, new HashSet<>(entries), verb);
        Failures failures = new Failures();
        for (SupervisedProcess supervisedProcess : entries) {
            look.at(check, supervisedProcess)
                    .ifPresent(obstacle -> failures.add(supervisedProcess.name(), obstacle));
        }
        failures.reply().ifPresent(failed -> pendingReplies.add(reply, failed));
        return failures.reply().isEmpty();
    }

    private void delete(Command.Delete command, CompletableFuture<Reply> reply) {
        Optional<String> pool = poolCommands.named(command.names());
        if (pool.isPresent()) {
            String reason =
                    "a pool cannot be deleted: stop it, or remove it from the configuration";
            pendingReplies.add(reply, new Reply.Failed(pool.get(), reason));
            return;
        }
        List<SupervisedProcess> entries = matching(command.names(), Selection.ALL, reply);
        for (SupervisedProcess supervisedProcess :
                command.force() ? List.<SupervisedProcess>of() : entries) {
            List<String> dependents =
                    supervisedProcess.dependents.stream()
                            .filter(e -> !entries.contains(e))
                            .filter(e -> e.process.goal() != Goal.FORGOTTEN)
                            .map(SupervisedProcess::name)
                            .toList();
            if (!dependents.isEmpty()) {
                String reason =
                        Failures.listed(dependents)
                                + (dependents.size() == 1 ? " depends" : " depend");
                pendingReplies.add(
                        reply,
                        new Reply.HasDependents(supervisedProcess.name(), reason + " on it"));
                return;
            }
        }
        track(
                PendingCommand.Target.GONE,
                entries,
                _ -> new Event.Delete(StopReason.OPERATOR),
                _ -> false,
                reply);
    }

    private void track(
            PendingCommand.Target target,
            List<SupervisedProcess> entries,
            Function<SupervisedProcess, Event> event,
            Predicate<SupervisedProcess> needsNewRun,
            CompletableFuture<Reply> reply) {
        if (entries.isEmpty()) {
            return;
        }
        new PendingCommand(target, entries, needsNewRun, pendingReplies, reply);
        entries.forEach(process -> commandContext.post(process, event.apply(process)));
    }

    private void roll(Command.Roll command, CompletableFuture<Reply> reply) {
        rolls.removeIf(RollingRestart::isOver);
        if (commandContext.isShuttingDown()) {
            pendingReplies.add(reply, new Reply.ShuttingDown());
            return;
        }
        if (poolCommands.named(command.names()).isPresent()) {
            rollPool(command.names(), reply);
            return;
        }
        List<SupervisedProcess> entries = matching(command.names(), Selection.TO_RESTART, reply);
        Optional<SupervisedProcess> taken =
                entries.stream().filter(e -> rolls.stream().anyMatch(r -> r.means(e))).findFirst();
        if (taken.isPresent()) {
            String reason = "another rolling restart of it is under way";
            pendingReplies.add(reply, new Reply.Failed(taken.get().name(), reason));
        } else if (!entries.isEmpty()
                && canStart(entries, "restart", StartCheck::beforeRestart, reply)) {
            rolls.add(
                    new RollingRestart(
                            entries, processRegistry, commandContext, pendingReplies, reply));
        }
    }

    private void rollPool(List<String> names, CompletableFuture<Reply> reply) {
        Optional<Reply> refused = poolCommands.refusedRoll(names);
        if (refused.isPresent()) {
            pendingReplies.add(reply, refused.get());
        } else if (poolCommands.hasRunningWorker(names.getFirst())) {
            poolCommands.roll(names.getFirst(), reply);
        } else {
            // No worker can stay until a new one is ready.
            restart(names, reply);
        }
    }

    /**
     * Advances the rolling restarts, when nothing else is to be done.
     *
     * @return whether there is something to be done now
     */
    boolean advance() {
        boolean busy = false;
        if (!rolls.isEmpty()) {
            rolls.removeIf(RollingRestart::isOver);
            for (RollingRestart rollingRestart : rolls) {
                busy |= rollingRestart.advance();
            }
        }
        return busy;
    }

    /**
     * The processes that a command names.
     *
     * @param reply completed if there is none
     */
    private List<SupervisedProcess> matching(
            List<String> names, Selection selection, CompletableFuture<Reply> reply) {
        Set<SupervisedProcess> entries = new LinkedHashSet<>();
        for (String name : names) {
            List<SupervisedProcess> matching = processRegistry.matching(name);
            if (matching.isEmpty() && !poolCommands.isMeant(name)) {
                pendingReplies.add(reply, new Reply.NoSuchProcess(name));
                return List.of();
            }
            for (SupervisedProcess supervisedProcess : matching) {
                if (selection == Selection.ALL || !isLeftOut(supervisedProcess, name, selection)) {
                    entries.add(supervisedProcess);
                }
            }
        }
        if (entries.isEmpty()) {
            pendingReplies.add(reply, new Reply.Done(List.of()));
        }
        return List.copyOf(entries);
    }

    /** What of the processes that a name or a pattern matches a command is about. */
    private enum Selection {
        ALL,
        /** A skipped process only by its name. */
        TO_RESTART,
        /** Likewise; by a pattern neither what is left to a schedule nor what is completed. */
        TO_START
    }

    private static boolean isLeftOut(
            SupervisedProcess supervisedProcess, String name, Selection selection) {
        if (supervisedProcess.name().equals(name)) {
            return false;
        }
        boolean isOver =
                supervisedProcess.process.state() instanceof ProcessState.Completed
                        || supervisedProcess.spec.triggers().startsByTime();
        return supervisedProcess.spec.skip()
                || (selection == Selection.TO_START
                        && isOver
                        && !supervisedProcess.process.isHeldDown()
                        && !NamePattern.of(name).isName());
    }

    private void send(Command.SendSignal command, CompletableFuture<Reply> reply) {
        Set<SupervisedProcess> entries = new LinkedHashSet<>();
        for (String name : command.names()) {
            List<SupervisedProcess> matching = processRegistry.matching(name);
            if (matching.isEmpty()) {
                pendingReplies.add(reply, new Reply.NoSuchProcess(name));
                return;
            }
            entries.addAll(matching);
        }
        Failures failures = new Failures();
        for (SupervisedProcess supervisedProcess : entries) {
            if (!commandContext.signal(supervisedProcess, command.signal())) {
                failures.add(supervisedProcess.name(), "it is not running");
            }
        }
        pendingReplies.add(
                reply,
                failures.reply()
                        .<Reply>map(failed -> failed)
                        .orElseGet(() ->
                                new Reply.Done(
                                        entries.stream().map(commandContext::view).toList())));
    }
}
