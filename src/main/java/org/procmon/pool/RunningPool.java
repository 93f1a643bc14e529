package org.procmon.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.procmon.config.PoolSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.plan.PoolAction;
import org.procmon.pool.plan.PoolEvent;
import org.procmon.pool.plan.PoolPlan;
import org.procmon.pool.plan.PoolState;
import org.procmon.pool.plan.PoolStep;
import org.procmon.pool.plan.RetireReason;
import org.procmon.pool.plan.WorkerPhase;
import org.procmon.status.PoolView;
import org.procmon.status.PoolView.Roll;
import org.procmon.status.ProcessView;
import org.procmon.status.StateText;
import org.procmon.supervise.port.Ticker;

/**
 * A pool as it runs: what its plan decides is done here, and what comes of it goes back to the
 * plan. Thread of the pools.
 */
final class RunningPool {
    /** The most steps that follow from one event at once; a plan that asks for more has a bug. */
    private static final int MOST_STEPS = 10_000;

    /** For so long after a worker was ready, the program is believed to work. */
    private static final Duration STILL_GOOD = Duration.ofSeconds(10);

    private final PoolTools tools;
    private final Ticker ticker;
    private final Deque<PoolEvent> events = new ArrayDeque<>();
    private final Map<Integer, ProcessView> workers = new HashMap<>();
    private final Map<Integer, EarlyClients> early = new HashMap<>();
    private long refused;

    private Optional<PoolView.Unready> lastUnready = Optional.empty();

    /** When a worker was last ready, as was seen; not only concluded from another. */
    private Optional<Ticks> lastReady = Optional.empty();

    private PoolSpec spec;
    private PoolState state;
    private Optional<Ticks> deadline = Optional.empty();
    private boolean isStepping;
    private final List<Consumer<Boolean>> rolls = new ArrayList<>();
    private final Ticks since;
    private int mostBusy;
    private int longestQueue;
    private final RollHistory rollHistory = new RollHistory();

    RunningPool(PoolSpec spec, PoolTools tools, Ticker ticker) {
        this.spec = spec;
        this.tools = tools;
        this.ticker = ticker;
        this.since = ticker.now();
        this.state = PoolState.initial(since);
    }

    PoolSpec spec() {
        return spec;
    }

    /** Since when this monitor runs it. */
    Ticks since() {
        return since;
    }

    /** The most workers that were seen busy at once. */
    int mostBusy() {
        return mostBusy;
    }

    /** So many workers are busy, as a reader sees it. */
    void sawBusy(int busy) {
        mostBusy = Math.max(mostBusy, busy);
    }

    /** The most clients that were seen waiting at once. */
    int longestQueue() {
        return longestQueue;
    }

    /** How the last replacement of all its workers went. */
    Optional<Roll> lastRoll() {
        return rollHistory.last();
    }

    /** The last worker that ended before it was ready, if none was ready since. */
    Optional<PoolView.Unready> lastUnready() {
        return lastUnready;
    }

    PoolState state() {
        return state;
    }

    /** Its workers that are processes, by their numbers, as they were last seen. */
    Map<Integer, ProcessView> workers() {
        return Map.copyOf(workers);
    }

    boolean hasRunningWorkers() {
        return workers.values().stream()
                .anyMatch(view -> view.process().state() instanceof ProcessState.Running);
    }

    /** The processes of its workers. */
    Set<Integer> pids() {
        return workers.values().stream()
                .flatMap(view -> view.process().state().run().stream())
                .map(Run::pid)
                .collect(Collectors.toSet());
    }

    Optional<ProcessView> worker(int number) {
        return Optional.ofNullable(workers.get(number));
    }

    /** When {@link PoolEvent.TimePassed} is due. */
    Optional<Ticks> deadline() {
        return deadline;
    }

    /** A worker has changed. */
    void workerChanged(ProcessView view, int number) {
        Optional<PoolEvent> event =
                isAboutToStart(view, number) ? Optional.empty() : WorkerEvents.of(view, number);
        if (event.isPresent() && event.get() instanceof PoolEvent.WorkerGone) {
            workers.remove(number);
        } else {
            workers.put(number, view);
        }
        noteEarlyClients(view, number);
        event.ifPresent(this::take);
        if (!view.outdated().isEmpty()) {
            take(new PoolEvent.WorkerOutdated(number));
        }
    }

    /**
     * Whether a process waits for the start that its pool has asked for. Its last run is an earlier
     * one, which must not be taken for a run that has failed to become ready.
     */
    private boolean isAboutToStart(ProcessView view, int number) {
        return view.process().state() instanceof ProcessState.Waiting
                && state.worker(number)
                        .filter(one -> one.phase() == WorkerPhase.STARTING && one.run() == 0)
                        .isPresent();
    }

    /** A worker may serve and exit before it was ever seen to be ready. */
    private void noteEarlyClients(ProcessView view, int number) {
        switch (view.process().state()) {
            case ProcessState.Starting starting -> {
                Run run = starting.alive();
                EarlyClients known = early.get(number);
                if (known == null || known.run() != run.number()) {
                    early.put(number, EarlyClients.of(run.number(), tools.clients(spec), refused));
                }
            }
            case ProcessState.Completed _ -> {
                EarlyClients before = early.remove(number);
                if (before != null && !hasServed(before)) {
                    noteUnready(view);
                } else if (before != null) {
                    take(
                            new PoolEvent.WorkerSeen(
                                    number,
                                    WorkerPhase.READY,
                                    before.run(),
                                    view.process().state().since()));
                }
            }
            // It may have exited, and its group is not gone yet.
            case ProcessState.Stopping _ -> {}
            case ProcessState.Running _ -> {
                lastReady = Optional.of(ticker.now());
                lastUnready = Optional.empty();
                early.remove(number);
            }
            case ProcessState.Backoff _, ProcessState.Failed _ -> {
                boolean hadStarted = early.remove(number) != null;
                if (hadStarted || view.process().tally().lastError().isPresent()) {
                    noteUnready(view);
                }
            }
            case ProcessState.Waiting _, ProcessState.Stopped _ -> early.remove(number);
        }
    }

    private void noteUnready(ProcessView view) {
        lastUnready =
                Optional.of(
                        new PoolView.Unready(
                                view.name(),
                                ticker.now(),
                                StateText.ended(view.process().tally())));
    }

    /** Whether a run that exited with success before it was seen to be ready was a good one. */
    private boolean hasServed(EarlyClients before) {
        Ticks now = ticker.now();
        if (before.wereServed(tools.clients(spec), refused)) {
            lastReady = Optional.of(now);
        }
        return lastReady.filter(at -> now.since(at).compareTo(STILL_GOOD) < 0).isPresent();
    }

    /** A worker was looked at, and is not ready yet. */
    void stillStarting(int number) {
        early.computeIfPresent(number, (_, known) -> known.and(tools.clients(spec)));
    }

    /** The pool has another configuration. */
    void reconfigure(PoolSpec other) {
        take(new PoolEvent.Reconfigured(other));
    }

    /** Takes an event, and all that follow from it. */
    void take(PoolEvent event) {
        events.add(event);
        if (isStepping) {
            return;
        }
        isStepping = true;
        try {
            int steps = 0;
            for (PoolEvent next = events.poll(); next != null; next = events.poll()) {
                if (++steps > MOST_STEPS) {
                    throw new IllegalStateException("pool " + spec.id() + " never rests: " + next);
                }
                state = state.withShareLimit(tools.shareLimit(this));
                PoolStep step = PoolPlan.step(spec, state, next, ticker.now());
                state = step.next();
                if (next instanceof PoolEvent.Reconfigured(PoolSpec other)) {
                    spec = other;
                }
                step.actions().forEach(this::perform);
                rollHistory.follow(state, ticker.now());
            }
            deadline = PoolPlan.deadline(spec, state);
        } finally {
            isStepping = false;
        }
        tools.shareChanged(this);
        if (!rolls.isEmpty() && !state.isRolling()) {
            List<Consumer<Boolean>> over = List.copyOf(rolls);
            rolls.clear();
            over.forEach(done -> done.accept(!state.isRollStopped()));
        }
    }

    /**
     * Replaces all workers, without losing a request.
     *
     * @param done gets whether all were replaced; else the old ones stay
     */
    void roll(Consumer<Boolean> done) {
        rolls.add(done);
        take(new PoolEvent.RollRequested());
    }

    private void perform(PoolAction action) {
        switch (action) {
            case PoolAction.StartWorker(int number) -> tools.start(specToStart(number));
            case PoolAction.RetireWorker(int number, RetireReason reason) -> retire(number, reason);
            case PoolAction.RefuseOldest refuse -> refused += tools.refuse(spec, refuse);
            case PoolAction.AnswerBell _ -> tools.answerBell(spec);
            case PoolAction.LookAtQueue _ -> {
                ListenerWatch.Queue queue = tools.queue(spec);
                longestQueue = Math.max(longestQueue, queue.clients());
                events.add(new PoolEvent.QueueSeen(queue.clients(), queue.oldest()));
            }
            case PoolAction.LookAtBusy _ -> {
                int busy = tools.accepted(spec).size();
                mostBusy = Math.max(mostBusy, Math.min(busy, state.total()));
                events.add(new PoolEvent.BusySeen(busy));
            }
            case PoolAction.Arm _ -> tools.arm(spec);
            case PoolAction.OpenGeneration _ ->
                    events.add(
                            tools.openGeneration(spec)
                                    ? new PoolEvent.GenerationOpened()
                                    : new PoolEvent.GenerationImpossible());
            case PoolAction.PromoteGeneration _ ->
                    events.add(
                            tools.promoteGeneration(spec)
                                    ? new PoolEvent.GenerationPromoted()
                                    : new PoolEvent.GenerationNotPromoted());
            case PoolAction.AbandonGeneration _ -> tools.abandonGeneration(spec);
            case PoolAction.Report(var what) -> {
                rollHistory.reported(spec, what);
                tools.report(spec, what);
            }
        }
    }

    /** If a new configuration did not work, workers that have ended start as they were. */
    private ProcessSpec specToStart(int number) {
        ProcessView known = workers.get(number);
        return known != null && state.isRollStopped() ? known.spec() : spec.worker(number);
    }

    private void retire(int number, RetireReason reason) {
        ProcessView view = workers.get(number);
        if (view == null) {
            events.add(new PoolEvent.WorkerGone(number));
        } else {
            tools.retire(spec, view, reason);
        }
    }
}
