package org.procmon.supervise;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Schedule;
import org.procmon.config.Signal;
import org.procmon.lifecycle.Effect;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.Lifecycle;
import org.procmon.lifecycle.Notification;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.Step;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.reload.ChangePlan;
import org.procmon.status.ProcessView;
import org.procmon.status.ScheduledAction;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Companion;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.JournalEntry;
import org.procmon.supervise.port.Launcher;
import org.procmon.supervise.port.Observer;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Ticker;

/**
 * All processes together: handles events, steps the processes, performs their effects, and releases
 * processes that waited for others. Events come from a queue, so there is no recursion, and a
 * transition is complete before the next starts. One thread.
 */
final class ProcessSet implements CommandHandler.CommandContext {
    /** The least time that an adopted run has to show that it is ready. */
    private static final Duration ADOPTED_READY_TIME = Duration.ofSeconds(2);

    /** How long the end of the loop waits for a disk. */
    private static final Duration LAST_WRITE = Duration.ofSeconds(2);

    private record Pending(SupervisedProcess entry, Event event) {}

    private final ProcessRegistry processRegistry;
    private final Launcher launcher;
    private final HookRunner hooks;
    private final Ticker ticker;
    private final DeferredTasks deferredTasks = new DeferredTasks();
    private final Observer observer;
    private final Journal journal;
    private final InitialState initialState;

    /**
     * Processes that are neither configured nor alive, and that no operator has stopped or deleted.
     */
    private final List<JournalEntry> abandoned;

    private final Deadlines deadlines = new Deadlines();
    private final Deque<Pending> queue = new ArrayDeque<>();

    private final RecheckQueue recheckQueue = new RecheckQueue();
    private final QueuedStarts queuedStarts = new QueuedStarts();
    private final PendingSpawns pendingSpawns;

    private final PendingReplies pendingReplies = new PendingReplies();
    private final CommandHandler commandHandler;
    private final StartBudgetLimiter startBudgetLimiter;
    private final SnapshotBuilder snapshotBuilder;
    private final JournalWriter journalWriter;
    private final Shutdown shutdown;

    ProcessSet(
            InitialState initialState,
            Launcher launcher,
            HookRunner hooks,
            Ticker ticker,
            Observer observer,
            Journal journal) {
        this.initialState = initialState;
        Restorer restorer = new Restorer(initialState.past(), ticker.now());
        this.processRegistry =
                new ProcessRegistry(restorer.entries(initialState), restorer.deleted());
        this.abandoned = restorer.abandoned();
        this.commandHandler = new CommandHandler(processRegistry, pendingReplies, this);
        this.shutdown = new Shutdown(processRegistry, pendingReplies, hooks);
        this.startBudgetLimiter = new StartBudgetLimiter(initialState.spec().startBudget());
        this.snapshotBuilder = new SnapshotBuilder(processRegistry, startBudgetLimiter, journal);
        this.journalWriter = new JournalWriter(journal, processRegistry, snapshotBuilder);
        this.launcher = launcher;
        this.pendingSpawns = new PendingSpawns(launcher);
        this.hooks = hooks;
        this.ticker = ticker;
        this.observer = observer;
        this.journal = journal;
    }

    /**
     * Takes over the processes that an earlier monitor left running, or continues the shutdown in
     * which that monitor died. To be called first.
     */
    void takeOver() {
        // Cancels their removal first: any other event could complete it.
        Stream.concat(processRegistry.all().stream(), processRegistry.attendants().stream())
                .filter(SupervisedProcess::isWantedAgain)
                .forEach(supervisedProcess ->
                        post(supervisedProcess, new Event.Stop(StopReason.RECONFIGURED)));
        // Runs with a known pid first, so that the search for a run without one does not find them.
        initialState.past().stream().filter(k -> k.intended().isEmpty()).forEach(this::resume);
        initialState.past().stream().filter(k -> k.intended().isPresent()).forEach(this::resume);
        if (initialState.shuttingDown()) {
            shutDown();
        } else {
            startAttendants(SupervisedProcess.Kind.ATTENDANT);
        }
        settle();
    }

    /**
     * Starts all processes except those that are skipped or that an operator has stopped. To be
     * called next.
     */
    void begin() {
        if (shutdown.hasBegun()) {
            return;
        }
        for (SupervisedProcess supervisedProcess : processRegistry.all()) {
            switch (supervisedProcess.kind) {
                case CONFIGURED -> {
                    if (Restorer.startsAgain(supervisedProcess.spec, supervisedProcess.process)) {
                        startAgain(supervisedProcess);
                    }
                    if (initialState.reloading()) {
                        completeReload(supervisedProcess);
                    }
                }
                case ORPHAN -> {
                    if (initialState.orphans() == OrphanPolicy.STOP) {
                        post(supervisedProcess, new Event.Delete(StopReason.REMOVED));
                    }
                }
                case ATTENDANT, LAST_ATTENDANT -> {}
            }
        }
        settle();
        startAttendants(SupervisedProcess.Kind.LAST_ATTENDANT);
        settle();
        for (JournalEntry journalEntry : abandoned) {
            launcher.forget(Restorer.spec(journalEntry), journalEntry.process().tally().runs());
            journalWriter.drop(journalEntry.name());
        }
        // From now on a process without a record has lost it.
        processRegistry.all().forEach(journalWriter::later);
        if (initialState.reloading()) {
            journalWriter.reloaded();
        }
    }

    /**
     * The monitor before died after it had accepted a configuration, and before all processes
     * followed it.
     */
    private void completeReload(SupervisedProcess supervisedProcess) {
        if (Restorer.startsAtFirst(supervisedProcess.spec)
                && supervisedProcess.process.goal() == Goal.UP
                && !supervisedProcess.keysToRestartFor(supervisedProcess.spec).isEmpty()) {
            post(supervisedProcess, new Event.Restart(StopReason.RECONFIGURED));
        }
    }

    private void startAttendants(SupervisedProcess.Kind kind) {
        for (SupervisedProcess supervisedProcess : processRegistry.attendants()) {
            if (supervisedProcess.kind == kind) {
                startAgain(supervisedProcess);
            }
        }
    }

    /** Starts it unless its goal is up already: a completed or waiting process keeps its state. */
    private void startAgain(SupervisedProcess supervisedProcess) {
        if (supervisedProcess.process.goal() != Goal.UP) {
            post(supervisedProcess, new Event.Start());
        }
    }

    private void resume(JournalEntry journalEntry) {
        processRegistry
                .find(journalEntry.name())
                .ifPresent(supervisedProcess -> resume(supervisedProcess, journalEntry.intended()));
    }

    /** Finds out what has happened to a process since the journal was written. */
    private void resume(SupervisedProcess supervisedProcess, OptionalLong intended) {
        if (intended.isPresent()) {
            switch (launcher.find(supervisedProcess.spec, intended.getAsLong())) {
                case Launcher.Found.There there -> {
                    Launcher.Launched.Started s = there.started();
                    apply(supervisedProcess, new Event.Spawned(s.pid(), s.born()));
                }
                case Launcher.Found.Ended _ ->
                        apply(supervisedProcess, new Event.ExitedUnobserved());
                case Launcher.Found.NeverStarted _ -> {}
            }
        }
        ProcessState state = supervisedProcess.process.state();
        if (state instanceof Stopping stopping && stopping.exit().isPresent()) {
            post(supervisedProcess, count(supervisedProcess, stopping.alive()));
        } else if (state.run().isPresent()) {
            Run run = state.run().get();
            if (!launcher.adopt(supervisedProcess.spec, run)) {
                ExitStatus status = new ExitStatus.Unknown();
                post(
                        supervisedProcess,
                        new Event.LeaderExited(run.number(), status, ResourceUsage.NONE));
            }
        }
        if (supervisedProcess.process.state() instanceof Starting starting
                && supervisedProcess.spec.checks().ready().isPresent()) {
            // Its readiness could not be observed without a monitor, so it gets more time.
            Notification time = new Notification.MoreTime(ADOPTED_READY_TIME);
            post(supervisedProcess, new Event.Notified(starting.alive().number(), time));
        }
        deadlines.set(supervisedProcess);
        queuedStarts.look(supervisedProcess);
        review(supervisedProcess);
    }

    void command(Command command, CompletableFuture<Reply> reply) {
        settle();
        commandHandler.take(command, reply);
        settle();
    }

    @Override
    public void reload(MonitorSpec spec, ReloadOperation reloadOperation, List<Companion> own) {
        for (Companion companion : own) {
            if (processRegistry.find(companion.spec().id()).isEmpty()) {
                attend(companion);
                processRegistry.find(companion.spec().id()).ifPresent(this::startAgain);
            }
        }
        startBudgetLimiter.become(spec.startBudget());
        reloadOperation.apply(ticker.now(), this::post);
        snapshotBuilder.allHaveChanged();
        reloadOperation.undeleted().forEach(journalWriter::drop);
        journalWriter.reloaded();
        processRegistry.all().forEach(this::review);
        for (ChangePlan.Change change : reloadOperation.plan().changes()) {
            processRegistry
                    .process(change.name())
                    .ifPresent(supervisedProcess -> {
                        journalWriter.later(supervisedProcess);
                        deadlines.set(supervisedProcess);
                        observer.reconfigured(view(supervisedProcess));
                    });
        }
    }

    @Override
    public Optional<StartError> refusal(ProcessSpec spec) {
        return launcher.refusal(spec);
    }

    @Override
    public void attend(Companion companion) {
        if (processRegistry.find(companion.spec().id()).isEmpty()) {
            processRegistry.add(Restorer.unstarted(companion, ticker.now()));
        }
    }

    @Override
    public boolean signal(SupervisedProcess supervisedProcess, Signal signal) {
        Optional<Run> run = supervisedProcess.process.state().run();
        return run.isPresent()
                && launcher.signalLeader(supervisedProcess.name(), run.get(), signal);
    }

    void timeCame(String name, Schedule.Action action) {
        prompt(name, new Event.ScheduleFired(action));
    }

    void filesChanged(String name) {
        prompt(name, new Event.FilesChanged());
    }

    private void prompt(String name, Event event) {
        if (!shutdown.hasBegun()) {
            processRegistry
                    .find(name)
                    .ifPresent(supervisedProcess -> post(supervisedProcess, event));
            settle();
        }
    }

    void planned(Map<String, List<ScheduledAction>> next) {
        snapshotBuilder.planned(next);
    }

    void remarked(Map<String, String> all) {
        snapshotBuilder.remarked(all);
    }

    void leaderExited(String name, long run, ExitStatus status, ResourceUsage resourceUsage) {
        leaderExitedToo(name, run, status, resourceUsage);
        settle();
    }

    /** One of several events; the consequences wait until the next call of another method. */
    void leaderExitedToo(String name, long run, ExitStatus status, ResourceUsage resourceUsage) {
        processRegistry
                .find(name)
                .ifPresent(supervisedProcess ->
                        post(
                                supervisedProcess,
                                new Event.LeaderExited(run, status, resourceUsage)));
    }

    /** A run has sent a notification, or was probed. */
    void reported(String name, Event event) {
        processRegistry.find(name).ifPresent(supervisedProcess -> post(supervisedProcess, event));
        settle();
    }

    /** Checks the groups in which the last process may just have exited. */
    void strangerExited() {
        for (SupervisedProcess supervisedProcess : processRegistry.all()) {
            if (supervisedProcess.process.state() instanceof Stopping s
                    && s.exit().isPresent()
                    && s.hook().isEmpty()) {
                post(supervisedProcess, count(supervisedProcess, s.alive()));
            }
        }
        settle();
    }

    void timePassed() {
        settle();
        Ticks now = ticker.now();
        for (SupervisedProcess due : deadlines.due(now)) {
            post(due, new Event.DeadlinePassed());
        }
        startBudgetLimiter.due(now).forEach(this::review);
        settle();
    }

    /**
     * When {@link #timePassed()} has to be called next; empty if only an event can change anything.
     */
    Optional<Ticks> nextDeadline() {
        Optional<Ticks> alarm = deadlines.next();
        Optional<Ticks> opening = startBudgetLimiter.opens();
        if (alarm.isEmpty() || opening.isEmpty()) {
            return alarm.or(() -> opening);
        }
        return Optional.of(Ticks.earlier(alarm.get(), opening.get()));
    }

    /** The exit status of the monitor, if an essential process decides it. */
    OptionalInt exitCode() {
        return shutdown.exitCode();
    }

    @Override
    public boolean isShuttingDown() {
        return shutdown.hasBegun();
    }

    /** Whether a shutdown has started, and only programs that exit after the monitor are alive. */
    boolean isOver() {
        return shutdown.isOver();
    }

    /** Checks again whether the shutdown is complete, and if so replies to those waiting for it. */
    void answerIfOver() {
        shutdown.answer();
    }

    /** Writes all changes to the journal. */
    void keep() {
        journalWriter.all();
    }

    /** Sends the replies that are due, once the journal has what they confirm. */
    void sendReplies() {
        pendingReplies.send(journal.durable());
    }

    /** At the end of the loop: gives pending writes and their replies a moment. */
    void awaitDurable() {
        try {
            Void _ = journal.durable().get(LAST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            // The disk does not respond; the next monitor has the journal.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The replies that are due; to be sent once readers can see the effects that they confirm. */
    PendingReplies answers() {
        return pendingReplies;
    }

    List<ProcessView> views() {
        return snapshotBuilder.all();
    }

    @Override
    public void shutDown(CompletableFuture<Reply> reply) {
        shutdown.await(reply);
        shutDown();
    }

    private void shutDown() {
        if (!shutdown.hasBegun()) {
            journal.shuttingDown();
            observer.shuttingDown();
        }
        Event event = shutdown.begin();
        processRegistry.all().forEach(supervisedProcess -> post(supervisedProcess, event));
    }

    @Override
    public void post(SupervisedProcess supervisedProcess, Event event) {
        queue.addLast(new Pending(supervisedProcess, event));
    }

    /**
     * Handles all queued events, then releases the processes that need not wait any more, until
     * nothing is left to do.
     */
    private void settle() {
        while (true) {
            if (pendingSpawns.isFull()) {
                conclude();
            } else if (!queue.isEmpty()) {
                Pending pending = queue.removeFirst();
                conclude(pending.entry());
                // A removed process must not be started: no event would stop it.
                if (processRegistry.holds(pending.entry())) {
                    apply(pending.entry(), pending.event());
                }
            } else if (!recheckQueue.isEmpty()) {
                SupervisedProcess supervisedProcess = recheckQueue.removeFirst();
                conclude(supervisedProcess);
                release(supervisedProcess);
            } else if (!pendingSpawns.isEmpty()) {
                conclude();
            } else if (!startsQueued() && !commandHandler.advance() && !endsAttendants()) {
                break;
            }
        }
        doWhatCouldWait();
        shutdown.answer();
    }

    /** Completes the pending start of a process, before any other event for it. */
    private void conclude(SupervisedProcess supervisedProcess) {
        while (pendingSpawns.has(supervisedProcess)) {
            conclude();
        }
    }

    /** Applies the result of the oldest pending start. */
    private void conclude() {
        SupervisedProcess supervisedProcess = pendingSpawns.first();
        apply(supervisedProcess, pendingSpawns.conclude());
        doWhatCouldWait();
    }

    private void doWhatCouldWait() {
        deferredTasks.doAll();
        observer.settled();
    }

    /** Fires one queued start for which the last run is over; false if there is none. */
    private boolean startsQueued() {
        Optional<SupervisedProcess> next =
                shutdown.hasBegun() ? Optional.empty() : queuedStarts.next();
        next.ifPresent(supervisedProcess ->
                post(supervisedProcess, new Event.ScheduleFired(Schedule.Action.START)));
        return next.isPresent();
    }

    /**
     * Stops the monitor's own programs when a shutdown allows it; false if there is none to stop.
     */
    private boolean endsAttendants() {
        List<SupervisedProcess> ending = shutdown.attendantsToEnd();
        ending.forEach(
                supervisedProcess -> post(supervisedProcess, new Event.Stop(StopReason.SHUTDOWN)));
        return !ending.isEmpty();
    }

    private void apply(SupervisedProcess supervisedProcess, Event event) {
        ProcessStatus before = supervisedProcess.process;
        Step step = Lifecycle.step(supervisedProcess.spec, before, event, ticker.now());
        supervisedProcess.process = step.next();
        snapshotBuilder.hasChanged(supervisedProcess);
        for (Effect effect : step.effects()) {
            perform(supervisedProcess, effect);
        }
        if (!before.equals(step.next())) {
            changed(supervisedProcess, before);
            if (event instanceof Event.Spawned) {
                // Without a record, the next monitor would have to search for it.
                journalWriter.now(supervisedProcess);
            }
        }
        for (PendingCommand pendingCommand : List.copyOf(supervisedProcess.pursuits)) {
            pendingCommand.look(
                    supervisedProcess,
                    processRegistry.find(supervisedProcess.name()).isEmpty(),
                    this::view);
        }
    }

    private void changed(SupervisedProcess supervisedProcess, ProcessStatus before) {
        deadlines.set(supervisedProcess);
        queuedStarts.look(supervisedProcess);
        if (!before.isKeptAs(supervisedProcess.process)) {
            journalWriter.later(supervisedProcess);
        }
        if (supervisedProcess.kind == SupervisedProcess.Kind.ORPHAN
                && !supervisedProcess.isAlive()) {
            post(supervisedProcess, new Event.Delete(StopReason.REMOVED));
        }
        review(supervisedProcess);
        supervisedProcess.dependents.forEach(this::review);
        processRegistry.below(supervisedProcess).forEach(this::review);
        boolean newRun = supervisedProcess.process.tally().runs() > before.tally().runs();
        if (newRun && supervisedProcess.process.tally().runs() > 1) {
            for (SupervisedProcess dependent : supervisedProcess.dependents) {
                if (dependent.spec.restartOnParentDeath()) {
                    post(dependent, new Event.ParentRestarted());
                }
            }
        }
        observer.changed(before, view(supervisedProcess));
        if (supervisedProcess.spec.lifetime().essential()
                && supervisedProcess.isOver()
                && !shutdown.hasBegun()) {
            shutdown.causedBy(supervisedProcess);
            observer.essentialIsOver(view(supervisedProcess));
            shutDown();
        }
    }

    /**
     * Results of effects come before anything else in the queue, so that no reader sees an
     * incomplete transition. The result of a start is awaited while other events are handled; until
     * then the process is shown as waiting.
     */
    private void perform(SupervisedProcess supervisedProcess, Effect effect) {
        switch (effect) {
            case Effect.Spawn spawn -> {
                supervisedProcess.beginsRun();
                journalWriter.intent(supervisedProcess, spawn.number());
                pendingSpawns.begin(supervisedProcess, spawn.number());
            }
            case Effect.SignalGroup signal ->
                    launcher.signalGroup(supervisedProcess.name(), signal.run(), signal.signal());
            case Effect.SignalLeader signal -> {
                launcher.signalLeader(supervisedProcess.name(), signal.run(), signal.signal());
                observer.signaled(view(supervisedProcess), signal.signal());
            }
            case Effect.StopLeader signal ->
                    launcher.signalLeader(supervisedProcess.name(), signal.run(), signal.signal());
            case Effect.KillSurvivors kill ->
                    launcher.killSurvivors(supervisedProcess.spec, kill.run());
            case Effect.ProbeGroup probe ->
                    queue.addFirst(
                            new Pending(supervisedProcess, count(supervisedProcess, probe.run())));
            case Effect.RunHook _ when shutdown.isForced() ->
                    queue.addFirst(new Pending(supervisedProcess, new Event.ForceKill()));
            case Effect.RunHook hook -> hooks.run(supervisedProcess.spec, hook);
            case Effect.CancelHook _ -> hooks.cancel(supervisedProcess.name());
            case Effect.HookFailed hook ->
                    hooks.failed(supervisedProcess.name(), hook.kind(), hook.reason());
            case Effect.Forget _ -> {
                launcher.forget(supervisedProcess.spec, supervisedProcess.process.tally().runs());
                processRegistry.remove(supervisedProcess);
            }
        }
    }

    private Event count(SupervisedProcess supervisedProcess, Run run) {
        if (run.pid() == Run.NO_PID) {
            return new Event.GroupGone(run.number());
        }
        return switch (launcher.remains(supervisedProcess.spec, run)) {
            case Launcher.Remains.Nothing _ -> {
                deferredTasks.add(() -> launcher.over(supervisedProcess.name(), run));
                yield new Event.GroupGone(run.number());
            }
            case Launcher.Remains.OfItsGroup _ -> new Event.GroupNotEmpty(run.number());
            case Launcher.Remains.Survivors survivors ->
                    new Event.EscapeesFound(run.number(), survivors.names());
        };
    }

    private void release(SupervisedProcess supervisedProcess) {
        if (supervisedProcess.process.state() instanceof Waiting waiting
                && processRegistry.unmet(supervisedProcess).isEmpty()) {
            // If its hook has started, the process is in the budget already.
            boolean admitted = waiting.preparation().isPresent() || !supervisedProcess.isProcess();
            if (admitted || startBudgetLimiter.admits(supervisedProcess, ticker.now())) {
                post(supervisedProcess, new Event.DependenciesMet());
            }
            // It may have to wait for the start budget.
            snapshotBuilder.hasChanged(supervisedProcess);
        } else if (supervisedProcess.isHeld()
                && processRegistry.stillAbove(supervisedProcess).isEmpty()) {
            post(supervisedProcess, new Event.DependentsGone());
        }
    }

    /** A program of the monitor's own as readers see it; empty if there is none of this name. */
    Optional<ProcessView> attendant(String name) {
        return snapshotBuilder.attendant(name);
    }

    @Override
    public ProcessView view(SupervisedProcess supervisedProcess) {
        return snapshotBuilder.of(supervisedProcess);
    }

    /** A process that it waits for, or that waits for it, has changed. */
    private void review(SupervisedProcess supervisedProcess) {
        snapshotBuilder.hasChanged(supervisedProcess);
        recheckQueue.add(supervisedProcess);
    }
}
