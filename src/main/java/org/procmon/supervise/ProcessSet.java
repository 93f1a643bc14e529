package org.procmon.supervise;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.procmon.config.MonitorSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Schedule;
import org.procmon.config.Signal;
import org.procmon.lifecycle.Effect;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Lifecycle;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.Step;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.status.ProcessView;
import org.procmon.status.ScheduledAction;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.port.AcceptedConfig;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Companion;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.Launcher;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Ticker;

/**
 * All processes together: handles events, steps the processes, performs their effects, and releases
 * processes that waited for others. Events come from a queue, so there is no recursion, and a
 * transition is complete before the next starts. One thread.
 */
final class ProcessSet implements CommandHandler.CommandContext, StartSequence.Steps {
    /** How long the end of the loop waits for a disk. */
    private static final Duration LAST_WRITE = Duration.ofSeconds(2);

    private static final Change IDLE = new Change.Idle();

    private record Pending(SupervisedProcess entry, Event event) {}

    private final ProcessRegistry processRegistry;
    private final Launcher launcher;
    private final HookRunner hooks;
    private final Ticker ticker;
    private final DeferredTasks deferredTasks = new DeferredTasks();
    private final Feature features;
    private final Journal journal;

    /** Present until the monitor has started. */
    private Optional<StartSequence> startSequence;

    private final Deadlines deadlines = new Deadlines();
    private final Deque<Pending> queue = new ArrayDeque<>();

    private final RecheckQueue recheckQueue = new RecheckQueue();
    private final QueuedStarts queuedStarts = new QueuedStarts();
    private final PendingSpawns pendingSpawns;

    private final PendingReplies pendingReplies = new PendingReplies();
    private final PoolCommands poolCommands;
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
            Feature features,
            Journal journal) {
        Restorer restorer = new Restorer(initialState.past(), ticker.now());
        this.processRegistry =
                new ProcessRegistry(restorer.entries(initialState), restorer.deleted());
        this.shutdown = new Shutdown(processRegistry, pendingReplies, features);
        this.startBudgetLimiter = new StartBudgetLimiter(initialState.spec().startBudget());
        this.snapshotBuilder = new SnapshotBuilder(processRegistry, startBudgetLimiter, journal);
        this.journalWriter = new JournalWriter(journal, processRegistry, snapshotBuilder);
        this.poolCommands =
                new PoolCommands(
                        new PoolRegistry(initialState.spec().pools(), restorer.stoppedPools()),
                        processRegistry,
                        journalWriter,
                        features,
                        ticker,
                        this::post);
        this.commandHandler =
                new CommandHandler(processRegistry, poolCommands, pendingReplies, this);
        this.launcher = launcher;
        this.pendingSpawns = new PendingSpawns(launcher);
        this.hooks = hooks;
        this.ticker = ticker;
        this.features = features;
        this.journal = journal;
        this.startSequence =
                Optional.of(
                        new StartSequence(
                                initialState,
                                restorer.abandoned(),
                                processRegistry,
                                launcher,
                                journalWriter,
                                this));
    }

    /**
     * Takes over the processes that an earlier monitor left running, or continues the shutdown in
     * which that monitor died. To be called first.
     */
    void takeOver() {
        if (start().adopt()) {
            shutDown();
        } else {
            start().startCompanions(SupervisedProcess.Kind.COMPANION);
        }
        settle();
    }

    /**
     * Starts all processes except those that are skipped or that an operator has stopped. To be
     * called next.
     */
    void begin() {
        if (!shutdown.hasBegun()) {
            start().startProcesses();
            settle();
            start().startCompanions(SupervisedProcess.Kind.LAST_COMPANION);
            settle();
            start().settleJournal();
        }
        startSequence = Optional.empty();
    }

    private StartSequence start() {
        return startSequence.orElseThrow(
                () -> new IllegalStateException("the monitor has started already"));
    }

    @Override
    public void known(SupervisedProcess supervisedProcess) {
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
    public Optional<String> accept(AcceptedConfig config) {
        return journal.accept(config);
    }

    @Override
    public void reload(MonitorSpec spec, ReloadOperation reloadOperation, List<Companion> own) {
        for (Companion companion : own) {
            if (processRegistry.find(companion.spec().id()).isEmpty()) {
                attend(companion);
                processRegistry
                        .find(companion.spec().id())
                        .ifPresent(added -> post(added, new Event.Start()));
            }
        }
        startBudgetLimiter.become(spec.startBudget());
        poolCommands.become(spec.pools());
        reloadOperation.apply(ticker.now(), this::post);
        snapshotBuilder.allHaveChanged();
        reloadOperation.undeleted().forEach(journalWriter::drop);
        journalWriter.reloaded();
        processRegistry.all().forEach(this::review);
        for (SupervisedProcess worker : reloadOperation.workers()) {
            journalWriter.later(worker);
            deadlines.set(worker);
            features.on(new Change.Reconfigured(view(worker)));
        }
        for (ChangePlan.Change change : reloadOperation.plan().changes()) {
            processRegistry
                    .process(change.name())
                    .ifPresent(supervisedProcess -> {
                        journalWriter.later(supervisedProcess);
                        deadlines.set(supervisedProcess);
                        features.on(new Change.Reconfigured(view(supervisedProcess)));
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

    @Override
    public boolean signalGroup(String name, long number, Signal signal) {
        Optional<Run> run =
                processRegistry
                        .process(name)
                        .filter(process -> process.kind == SupervisedProcess.Kind.WORKER)
                        .flatMap(process -> process.process.state().run())
                        .filter(r -> r.number() == number);
        run.ifPresent(r -> launcher.signalGroup(name, r, signal));
        return run.isPresent();
    }

    /** Ignored by a process that has no schedule any more: the time is one of before a reload. */
    void timeCame(String name, Schedule.Action action) {
        boolean isScheduled =
                processRegistry
                        .find(name)
                        .filter(process -> process.spec.triggers().schedule().isPresent())
                        .isPresent();
        if (isScheduled) {
            prompt(name, new Event.ScheduleFired(action));
        }
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

    /** The names of the pools that an operator has stopped. */
    Set<String> stoppedPools() {
        return poolCommands.stopped();
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
            features.on(new Change.ShutdownStarted());
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
            } else if (!startsQueued() && !commandHandler.advance() && !stopsCompanions()) {
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
        features.on(IDLE);
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
    private boolean stopsCompanions() {
        List<SupervisedProcess> ending = shutdown.companionsToStop();
        ending.forEach(
                supervisedProcess -> post(supervisedProcess, new Event.Stop(StopReason.SHUTDOWN)));
        return !ending.isEmpty();
    }

    @Override
    public void apply(SupervisedProcess supervisedProcess, Event event) {
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
        features.on(new Change.Transition(before, view(supervisedProcess)));
        if (supervisedProcess.spec.lifetime().essential()
                && supervisedProcess.isOver()
                && !shutdown.hasBegun()) {
            shutdown.causedBy(supervisedProcess);
            features.on(new Change.EssentialExited(view(supervisedProcess)));
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
                features.on(new Change.SignalSent(view(supervisedProcess), signal.signal()));
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
            case Effect.HookEffect hook -> hooks.perform(supervisedProcess.spec, hook);
            case Effect.Forget _ -> {
                launcher.forget(supervisedProcess.spec, supervisedProcess.process.tally().runs());
                processRegistry.remove(supervisedProcess);
            }
        }
    }

    @Override
    public Event count(SupervisedProcess supervisedProcess, Run run) {
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
    Optional<ProcessView> companion(String name) {
        return snapshotBuilder.companion(name);
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
