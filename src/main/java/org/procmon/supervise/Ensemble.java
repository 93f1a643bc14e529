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
import org.procmon.lifecycle.Effect;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.Lifecycle;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Saying;
import org.procmon.lifecycle.Step;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Supervised;
import org.procmon.lifecycle.Ticks;
import org.procmon.lifecycle.Usage;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.OrphanPolicy;
import org.procmon.spec.Schedule;
import org.procmon.spec.Signal;

/**
 * All processes together: takes what happens, steps the processes, performs their effects, and lets
 * those go on that waited for one another. Events are worked off from a queue, so nothing recurses,
 * and a transition is complete before the next begins. One thread.
 */
final class Ensemble implements Orders.Floor {
    /** How long a run that a monitor takes over has at least to show that it is ready. */
    private static final Duration SECOND_LOOK = Duration.ofSeconds(2);

    /** How long the end waits for a disk. */
    private static final Duration LAST_WRITE = Duration.ofSeconds(2);

    private record Pending(Entry entry, Event event) {}

    private final Table table;
    private final Launcher launcher;
    private final HookRunner hooks;
    private final Ticker ticker;
    private final Afterwards afterwards = new Afterwards();
    private final Observer observer;
    private final Journal journal;
    private final Beginning beginning;

    /** What is neither configured nor alive, and what nobody has decided anything about. */
    private final List<Kept> abandoned;

    private final Alarms alarms = new Alarms();
    private final Deque<Pending> queue = new ArrayDeque<>();

    private final Review review = new Review();
    private final QueuedStarts queuedStarts = new QueuedStarts();
    private final Launches launches;

    private final Answers answers = new Answers();
    private final Orders orders;
    private final Budget budget;
    private final Views views;
    private final Keeping keeping;
    private final Shutdown shutdown;

    Ensemble(
            Beginning beginning,
            Launcher launcher,
            HookRunner hooks,
            Ticker ticker,
            Observer observer,
            Journal journal) {
        this.beginning = beginning;
        Past past = new Past(beginning.past(), ticker.now());
        this.table = new Table(past.entries(beginning), past.deleted());
        this.abandoned = past.abandoned();
        this.orders = new Orders(table, answers, this);
        this.shutdown = new Shutdown(table, answers, hooks);
        this.budget = new Budget(beginning.spec().startBudget());
        this.views = new Views(table, budget, journal);
        this.keeping = new Keeping(journal, table, views);
        this.launcher = launcher;
        this.launches = new Launches(launcher);
        this.hooks = hooks;
        this.ticker = ticker;
        this.observer = observer;
        this.journal = journal;
    }

    /**
     * Takes over what an earlier monitor left running, or goes on with the shutdown in which that
     * monitor died. To be called first.
     */
    void takeOver() {
        // Before anything else becomes of them, or they would be forgotten.
        Stream.concat(table.all().stream(), table.attendants().stream())
                .filter(Entry::isWantedAgain)
                .forEach(entry -> post(entry, new Event.Stop(StopReason.RECONFIGURED)));
        // Those that are known first: whoever is looked for is none of them.
        beginning.past().stream().filter(k -> k.intended().isEmpty()).forEach(this::resume);
        beginning.past().stream().filter(k -> k.intended().isPresent()).forEach(this::resume);
        if (beginning.shuttingDown()) {
            shutDown();
        } else {
            startAttendants(Entry.Kind.ATTENDANT);
        }
        settle();
    }

    /** Starts all that is not to be skipped and that nobody has stopped. To be called next. */
    void begin() {
        if (shutdown.hasBegun()) {
            return;
        }
        for (Entry entry : table.all()) {
            switch (entry.kind) {
                case CONFIGURED -> {
                    if (Past.startsAgain(entry.spec, entry.process)) {
                        startAgain(entry);
                    }
                    if (beginning.reloading()) {
                        completeReload(entry);
                    }
                }
                case ORPHAN -> {
                    if (beginning.orphans() == OrphanPolicy.STOP) {
                        post(entry, new Event.Delete(StopReason.REMOVED));
                    }
                }
                case ATTENDANT, LAST_ATTENDANT -> {}
            }
        }
        settle();
        startAttendants(Entry.Kind.LAST_ATTENDANT);
        settle();
        for (Kept kept : abandoned) {
            launcher.forget(Past.spec(kept), kept.process().tally().runs());
            keeping.drop(kept.name());
        }
        // From now on a process without a record is one whose record was removed.
        table.all().forEach(keeping::later);
        if (beginning.reloading()) {
            keeping.reloaded();
        }
    }

    /**
     * The monitor before died after it had accepted a configuration, and before all followed it.
     */
    private void completeReload(Entry entry) {
        if (Past.startsAtFirst(entry.spec)
                && entry.process.goal() == Goal.UP
                && !entry.keysToRestartFor(entry.spec).isEmpty()) {
            post(entry, new Event.Restart(StopReason.RECONFIGURED));
        }
    }

    private void startAttendants(Entry.Kind kind) {
        for (Entry entry : table.attendants()) {
            if (entry.kind == kind) {
                startAgain(entry);
            }
        }
    }

    /** What ran to its end, or waits for its turn, goes on with that. */
    private void startAgain(Entry entry) {
        if (entry.process.goal() != Goal.UP) {
            post(entry, new Event.Start());
        }
    }

    private void resume(Kept kept) {
        table.find(kept.name()).ifPresent(entry -> resume(entry, kept.intended()));
    }

    /** Finds out what has become of a process since the journal was written. */
    private void resume(Entry entry, OptionalLong intended) {
        if (intended.isPresent()) {
            switch (launcher.find(entry.spec, intended.getAsLong())) {
                case Launcher.Found.There there -> {
                    Launcher.Launched.Started s = there.started();
                    apply(entry, new Event.Spawned(s.pid(), s.born()));
                }
                case Launcher.Found.Ended _ -> apply(entry, new Event.RanUnseen());
                case Launcher.Found.NeverStarted _ -> {}
            }
        }
        ProcessState state = entry.process.state();
        if (state instanceof Stopping stopping && stopping.exit().isPresent()) {
            post(entry, count(entry, stopping.alive()));
        } else if (state.run().isPresent()) {
            Run run = state.run().get();
            if (!launcher.adopt(entry.spec, run)) {
                ExitStatus status = new ExitStatus.Unknown();
                post(entry, new Event.LeaderExited(run.number(), status, Usage.NONE));
            }
        }
        if (entry.process.state() instanceof Starting starting
                && entry.spec.checks().ready().isPresent()) {
            // What nobody could see while there was no monitor is not held against it.
            Saying time = new Saying.MoreTime(SECOND_LOOK);
            post(entry, new Event.Told(starting.alive().number(), time));
        }
        alarms.set(entry);
        queuedStarts.look(entry);
        review(entry);
    }

    void command(Command command, CompletableFuture<Reply> reply) {
        settle();
        orders.take(command, reply);
        settle();
    }

    @Override
    public void reload(MonitorSpec spec, Reload reload, List<Attendant> own) {
        for (Attendant attendant : own) {
            if (table.find(attendant.spec().id()).isEmpty()) {
                attend(attendant);
                table.find(attendant.spec().id()).ifPresent(this::startAgain);
            }
        }
        budget.become(spec.startBudget());
        reload.apply(ticker.now(), this::post);
        views.allHaveChanged();
        reload.undeleted().forEach(keeping::drop);
        keeping.reloaded();
        table.all().forEach(this::review);
        for (Plan.Change change : reload.plan().changes()) {
            table.process(change.name())
                    .ifPresent(entry -> {
                        keeping.later(entry);
                        alarms.set(entry);
                        observer.reconfigured(view(entry));
                    });
        }
    }

    @Override
    public Optional<String> refusal(Entry entry) {
        return launcher.refusal(entry.spec);
    }

    @Override
    public void attend(Attendant attendant) {
        if (table.find(attendant.spec().id()).isEmpty()) {
            table.add(Past.unstarted(attendant, ticker.now()));
        }
    }

    @Override
    public boolean signal(Entry entry, Signal signal) {
        Optional<Run> run = entry.process.state().run();
        return run.isPresent() && launcher.signalLeader(entry.name(), run.get(), signal);
    }

    void timeCame(String name, Schedule.Action action) {
        prompt(name, new Event.TimeCame(action));
    }

    void filesChanged(String name) {
        prompt(name, new Event.FilesChanged());
    }

    private void prompt(String name, Event event) {
        if (!shutdown.hasBegun()) {
            table.find(name).ifPresent(entry -> post(entry, event));
            settle();
        }
    }

    void planned(Map<String, List<Appointment>> next) {
        views.planned(next);
    }

    void remarked(Map<String, String> all) {
        views.remarked(all);
    }

    void leaderExited(String name, long run, ExitStatus status, Usage usage) {
        leaderExitedToo(name, run, status, usage);
        settle();
    }

    /** One of several; what follows from that waits until the next call of another method. */
    void leaderExitedToo(String name, long run, ExitStatus status, Usage usage) {
        table.find(name)
                .ifPresent(entry -> post(entry, new Event.LeaderExited(run, status, usage)));
    }

    /** Something is known of a process that it says of itself, or that looking at it showed. */
    void reported(String name, Event event) {
        table.find(name).ifPresent(entry -> post(entry, event));
        settle();
    }

    /** Counts the groups whose last member may just have gone. */
    void strangerExited() {
        for (Entry entry : table.all()) {
            if (entry.process.state() instanceof Stopping s
                    && s.exit().isPresent()
                    && s.hook().isEmpty()) {
                post(entry, count(entry, s.alive()));
            }
        }
        settle();
    }

    void timePassed() {
        settle();
        Ticks now = ticker.now();
        for (Entry due : alarms.due(now)) {
            post(due, new Event.DeadlinePassed());
        }
        budget.due(now).forEach(this::review);
        settle();
    }

    /**
     * When {@link #timePassed()} has to be called next; empty if only something else can change
     * anything.
     */
    Optional<Ticks> nextDeadline() {
        Optional<Ticks> alarm = alarms.next();
        Optional<Ticks> opening = budget.opens();
        if (alarm.isEmpty() || opening.isEmpty()) {
            return alarm.or(() -> opening);
        }
        return Optional.of(Ticks.earlier(alarm.get(), opening.get()));
    }

    /** What the monitor ends with, if that is for a process to say. */
    OptionalInt exitCode() {
        return shutdown.exitCode();
    }

    @Override
    public boolean isShuttingDown() {
        return shutdown.hasBegun();
    }

    /** Whether a shutdown has begun, and nothing is alive but what ends after the monitor. */
    boolean isOver() {
        return shutdown.isOver();
    }

    /** Tells those who wait for the end of a shutdown, once more, whether it has come. */
    void answerIfOver() {
        shutdown.answer();
    }

    /** Lets the journal know of all that has changed. */
    void keep() {
        keeping.all();
    }

    /** Sends the replies that have come due, once what they confirm is kept. */
    void sendReplies() {
        answers.send(journal.durable());
    }

    /** At the end of the loop: gives what is being kept a moment, and so its replies. */
    void awaitDurable() {
        try {
            Void _ = journal.durable().get(LAST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            // The disk does not answer; the next monitor has the journal.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The replies that have come due; to be sent once readers can see what they speak of. */
    Answers answers() {
        return answers;
    }

    List<ProcessView> views() {
        return views.all();
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
        table.all().forEach(entry -> post(entry, event));
    }

    @Override
    public void post(Entry entry, Event event) {
        queue.addLast(new Pending(entry, event));
    }

    /**
     * Works off the queue, and then lets those go on whose wait is over, until nothing is left to
     * do.
     */
    private void settle() {
        while (true) {
            if (launches.isFull()) {
                conclude();
            } else if (!queue.isEmpty()) {
                Pending pending = queue.removeFirst();
                conclude(pending.entry());
                // Nothing may start what was forgotten meanwhile: nobody would end it.
                if (table.holds(pending.entry())) {
                    apply(pending.entry(), pending.event());
                }
            } else if (!review.isEmpty()) {
                Entry entry = review.removeFirst();
                conclude(entry);
                release(entry);
            } else if (!launches.isEmpty()) {
                conclude();
            } else if (!startsQueued() && !orders.advance() && !endsAttendants()) {
                break;
            }
        }
        doWhatCouldWait();
        shutdown.answer();
    }

    /** Nothing else becomes of a process while a run of it is being started. */
    private void conclude(Entry entry) {
        while (launches.has(entry)) {
            conclude();
        }
    }

    /** Takes in what has come of the first run that is being started. */
    private void conclude() {
        Entry entry = launches.first();
        apply(entry, launches.conclude());
        doWhatCouldWait();
    }

    private void doWhatCouldWait() {
        afterwards.doAll();
        observer.settled();
    }

    /** Starts one that was to wait for the end of its run; false if there is none. */
    private boolean startsQueued() {
        Optional<Entry> next = shutdown.hasBegun() ? Optional.empty() : queuedStarts.next();
        next.ifPresent(entry -> post(entry, new Event.TimeCame(Schedule.Action.START)));
        return next.isPresent();
    }

    /** Ends the attendants whose time has come in a shutdown; false if there is none. */
    private boolean endsAttendants() {
        List<Entry> ending = shutdown.attendantsToEnd();
        ending.forEach(entry -> post(entry, new Event.Stop(StopReason.SHUTDOWN)));
        return !ending.isEmpty();
    }

    private void apply(Entry entry, Event event) {
        Supervised before = entry.process;
        Step step = Lifecycle.step(entry.spec, before, event, ticker.now());
        entry.process = step.next();
        views.hasChanged(entry);
        for (Effect effect : step.effects()) {
            perform(entry, effect);
        }
        if (!before.equals(step.next())) {
            changed(entry, before);
            if (event instanceof Event.Spawned) {
                // Until it is kept, the next monitor would have to look for it.
                keeping.now(entry);
            }
        }
        for (Pursuit pursuit : List.copyOf(entry.pursuits)) {
            pursuit.look(entry, table.find(entry.name()).isEmpty(), this::view);
        }
    }

    private void changed(Entry entry, Supervised before) {
        alarms.set(entry);
        queuedStarts.look(entry);
        if (!before.isKeptAs(entry.process)) {
            keeping.later(entry);
        }
        if (entry.kind == Entry.Kind.ORPHAN && !entry.isAlive()) {
            post(entry, new Event.Delete(StopReason.REMOVED));
        }
        review(entry);
        entry.dependents.forEach(this::review);
        table.below(entry).forEach(this::review);
        boolean newRun = entry.process.tally().runs() > before.tally().runs();
        if (newRun && entry.process.tally().runs() > 1) {
            for (Entry dependent : entry.dependents) {
                if (dependent.spec.restartOnParentDeath()) {
                    post(dependent, new Event.ParentRestarted());
                }
            }
        }
        observer.changed(before, view(entry));
        if (entry.spec.lifetime().essential() && entry.isOver() && !shutdown.hasBegun()) {
            shutdown.causedBy(entry);
            observer.essentialIsOver(view(entry));
            shutDown();
        }
    }

    /**
     * Answers come before anything else that is queued, so that no one sees a half-made transition.
     * That of a start is awaited while others go on; what they see of it is that it is waiting.
     */
    private void perform(Entry entry, Effect effect) {
        switch (effect) {
            case Effect.Spawn spawn -> {
                entry.beginsRun();
                keeping.intent(entry, spawn.number());
                launches.begin(entry, spawn.number());
            }
            case Effect.SignalGroup signal ->
                    launcher.signalGroup(entry.name(), signal.run(), signal.signal());
            case Effect.SignalLeader signal -> {
                launcher.signalLeader(entry.name(), signal.run(), signal.signal());
                observer.signaled(view(entry), signal.signal());
            }
            case Effect.StopLeader signal ->
                    launcher.signalLeader(entry.name(), signal.run(), signal.signal());
            case Effect.KillSurvivors kill -> launcher.killSurvivors(entry.spec, kill.run());
            case Effect.ProbeGroup probe ->
                    queue.addFirst(new Pending(entry, count(entry, probe.run())));
            case Effect.RunHook _ when shutdown.isHurried() ->
                    queue.addFirst(new Pending(entry, new Event.Hurry()));
            case Effect.RunHook hook -> hooks.run(entry.spec, hook);
            case Effect.CancelHook _ -> hooks.cancel(entry.name());
            case Effect.HookFailed hook -> hooks.failed(entry.name(), hook.kind(), hook.reason());
            case Effect.Forget _ -> {
                launcher.forget(entry.spec, entry.process.tally().runs());
                table.remove(entry);
            }
        }
    }

    private Event count(Entry entry, Run run) {
        if (run.pid() == Run.NO_PID) {
            return new Event.GroupGone(run.number());
        }
        return switch (launcher.remains(entry.spec, run)) {
            case Launcher.Remains.Nothing _ -> {
                afterwards.add(() -> launcher.over(entry.name(), run));
                yield new Event.GroupGone(run.number());
            }
            case Launcher.Remains.OfItsGroup _ -> new Event.GroupLingers(run.number());
            case Launcher.Remains.Survivors who -> new Event.Survived(run.number(), who.names());
        };
    }

    private void release(Entry entry) {
        if (entry.process.state() instanceof Waiting waiting && table.unmet(entry).isEmpty()) {
            // Whose hook was begun is in the budget already.
            boolean admitted = waiting.preparation().isPresent() || !entry.isProcess();
            if (admitted || budget.admits(entry, ticker.now())) {
                post(entry, new Event.DependenciesMet());
            }
            // It may have to stand in line.
            views.hasChanged(entry);
        } else if (entry.isHeld() && table.stillAbove(entry).isEmpty()) {
            post(entry, new Event.DependentsGone());
        }
    }

    /** An attendant as readers see it; empty if there is none of this name. */
    Optional<ProcessView> attendant(String name) {
        return views.attendant(name);
    }

    @Override
    public ProcessView view(Entry entry) {
        return views.of(entry);
    }

    /** Something that it waits for, or that waits for it, has changed. */
    private void review(Entry entry) {
        views.hasChanged(entry);
        review.add(entry);
    }
}
