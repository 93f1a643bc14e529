package org.procmon.pool.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import org.procmon.config.PoolSpec;
import org.procmon.lifecycle.Ticks;

/**
 * A kernel with a listener, clients and workers, a loop that restarts workers that fail, and a pool
 * thread that performs what the plan decides. Time is simulated, in nanoseconds.
 */
final class SimulatedPool {
    static final long MILLI = 1_000_000;
    private static final long MICRO = 1_000;
    private static final int MOST_TRACED = 400;

    /** What the program of the workers does. */
    static final class Program {
        int startMillis = 20;
        int serviceMillis = 10;

        /** Percentages of runs. */
        int fails;

        int endsBeforeReady;
        int hangs;

        /** Percentages of requests. */
        int crashes;

        int endsAfterRequest;
        int restartsUntilGivenUp = Integer.MAX_VALUE;

        /** Percentages of generations. */
        int impossible;

        int notPromoted;
    }

    /** A client that waits. */
    record Client(long came, long service) {}

    private record Note(long at, Object what) {}

    private record Timed(long at, long order, Runnable what) {}

    final Random random;
    final Program program = new Program();
    private final Deque<Note> notes = new ArrayDeque<>();
    final Deque<Client> queue = new ArrayDeque<>();
    final Map<Integer, SimulatedWorker> workers = new TreeMap<>();
    private final PriorityQueue<Timed> agenda =
            new PriorityQueue<>((a, b) ->
                    a.at == b.at ? Long.compare(a.order, b.order) : Long.compare(a.at, b.at));
    private final PoolChecks checks = new PoolChecks(this);
    private long order;
    long now = 1_000 * MILLI;
    boolean isArmed;
    private boolean isWakePending;
    PoolSpec spec;
    PoolState state;
    private boolean isStepping;
    private final Deque<PoolEvent> inbox = new ArrayDeque<>();

    /** The listener that clients reach, and the one that they do not reach yet. */
    int listener;

    Optional<Integer> second = Optional.empty();
    private int generations;
    boolean isPromoting;
    PoolEvent event = new PoolEvent.TimePassed();
    long promotions;
    long served;
    long starts;
    long steps;

    SimulatedPool(PoolSpec spec, Random random) {
        this.spec = spec;
        this.random = random;
        state = PoolState.initial(ticks());
    }

    Ticks ticks() {
        return new Ticks(now);
    }

    void at(long time, Runnable what) {
        agenda.add(new Timed(time, order++, what));
    }

    void in(long nanos, Runnable what) {
        at(now + nanos, what);
    }

    /** For the trace of a history that fails; texts are made only then. */
    void note(Object what) {
        notes.add(new Note(now, what));
        if (notes.size() > MOST_TRACED) {
            var _ = notes.remove();
        }
    }

    List<String> trace() {
        return notes.stream().map(n -> "%.3f %s".formatted(n.at / 1e6, n.what)).toList();
    }

    /** Another monitor takes over. */
    void takeOver(boolean isStopped) {
        note("another monitor takes over");
        inbox.clear();
        state = PoolState.initial(ticks());
        isArmed = false;
        inheritListener();
        for (SimulatedWorker worker : List.copyOf(workers.values())) {
            tell(worker.seen());
            if (worker.listener != listener) {
                tell(new PoolEvent.WorkerOutdated(worker.number));
            }
        }
        tell(isStopped ? new PoolEvent.OperatorStopped() : new PoolEvent.OperatorStarted());
    }

    /** A monitor that takes over in the middle of a generation ends it. */
    private void inheritListener() {
        generations++;
        isPromoting = false;
        boolean isBetter =
                workers.values().stream()
                        .anyMatch(w ->
                                w.phase == WorkerPhase.READY
                                        && second.equals(Optional.of(w.listener)));
        if (isBetter) {
            listener = second.orElseThrow();
        }
        second = Optional.empty();
    }

    private void open() {
        int number = ++generations;
        boolean isPossible = random.nextInt(100) >= program.impossible;
        in(
                random.nextInt(3) * MILLI,
                () -> {
                    if (number == generations) {
                        second = isPossible ? Optional.of(number) : Optional.empty();
                        tell(
                                isPossible
                                        ? new PoolEvent.GenerationOpened()
                                        : new PoolEvent.GenerationImpossible());
                    }
                });
    }

    private void promote() {
        int number = generations;
        assertThat(second).contains(number);
        isPromoting = true;
        boolean isPossible = random.nextInt(100) >= program.notPromoted;
        in(random.nextInt(3) * MILLI, () -> promoted(number, isPossible));
    }

    private void promoted(int number, boolean isPossible) {
        if (number != generations) {
            return;
        }
        isPromoting = false;
        if (isPossible) {
            promotions++;
            listener = number;
            second = Optional.empty();
            isArmed = false;
            tell(new PoolEvent.GenerationPromoted());
            accept();
        } else {
            tell(new PoolEvent.GenerationNotPromoted());
        }
    }

    private void abandon() {
        assertThat(isPromoting).as("a generation is abandoned while it is promoted").isFalse();
        generations++;
        second = Optional.empty();
    }

    void reconfigure(PoolSpec other) {
        note("another configuration: " + other.mode() + " " + other.workers());
        tell(new PoolEvent.Reconfigured(other));
    }

    /** Lets the time pass, with all that happens meanwhile. */
    void run(long nanos) {
        long end = now + nanos;
        while (true) {
            Optional<Long> deadline = PoolPlan.deadline(spec, state).map(Ticks::nanos);
            long next = agenda.isEmpty() ? Long.MAX_VALUE : agenda.element().at;
            long due = deadline.orElse(Long.MAX_VALUE);
            if (Math.min(next, due) > end) {
                now = end;
                checks.looksForProgress();
                return;
            }
            if (due < next) {
                // A thread never wakes at once.
                now = Math.max(now, due + random.nextInt((int) MILLI / 10));
                checks.wakes();
                tell(new PoolEvent.TimePassed());
            } else {
                now = Math.max(now, next);
                agenda.remove().what.run();
            }
        }
    }

    /** An event, and all events that its actions bring about at once. */
    void tell(PoolEvent event) {
        inbox.add(event);
        if (isStepping) {
            return;
        }
        isStepping = true;
        while (!inbox.isEmpty()) {
            step(inbox.remove());
            now += 5 * MICRO;
        }
        isStepping = false;
    }

    private void step(PoolEvent event) {
        note(event);
        this.event = event;
        steps++;
        PoolState before = state;
        PoolStep step = PoolPlan.step(spec, state, event, ticks());
        if (event instanceof PoolEvent.Reconfigured changed) {
            spec = changed.spec();
        }
        state = step.next();
        checks.stepped(before, event, step);
        for (PoolAction action : step.actions()) {
            note(action);
            perform(action);
        }
        checks.performed(event);
    }

    private void perform(PoolAction action) {
        switch (action) {
            case PoolAction.StartWorker start -> {
                starts++;
                checks.starts(start.number());
                workers.computeIfAbsent(start.number(), n -> new SimulatedWorker(this, n)).start();
            }
            case PoolAction.RetireWorker retire -> {
                SimulatedWorker worker = workers.get(retire.number());
                if (worker != null) {
                    checks.retires(worker, retire.reason());
                    worker.retire();
                }
            }
            case PoolAction.RefuseOldest refuse -> {
                checks.refuses(refuse);
                for (int i = 0; i < refuse.count() && !queue.isEmpty(); i++) {
                    var _ = queue.remove();
                }
            }
            case PoolAction.AnswerBell _ ->
                    throw new IllegalStateException("its workers take clients themselves");
            case PoolAction.LookAtQueue _ -> inbox.add(queueSeen());
            case PoolAction.LookAtBusy _ ->
                    inbox.add(
                            new PoolEvent.BusySeen(
                                    (int)
                                            workers.values().stream()
                                                    .filter(SimulatedWorker::isBusy)
                                                    .count()));
            case PoolAction.Arm _ -> {
                isArmed = true;
                if (!queue.isEmpty()) {
                    wake();
                }
            }
            case PoolAction.OpenGeneration _ -> open();
            case PoolAction.PromoteGeneration _ -> promote();
            case PoolAction.AbandonGeneration _ -> abandon();
            case PoolAction.Report _ -> {}
        }
    }

    private PoolEvent queueSeen() {
        return new PoolEvent.QueueSeen(
                queue.size(),
                queue.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Duration.ofNanos(now - queue.element().came)));
    }

    void clientComes() {
        long service = MILLI / 2 + random.nextInt(program.serviceMillis) * MILLI;
        queue.add(new Client(now, service));
        checks.looksForProgress();
        in(30 * MICRO, this::accept);
        if (isArmed) {
            wake();
        }
    }

    /** The one-shot watch fires; the thread of the pool runs a little later. */
    private void wake() {
        if (!isWakePending) {
            isWakePending = true;
            in(10 * MICRO + random.nextInt(60) * MICRO, this::woken);
        }
    }

    private void woken() {
        isWakePending = false;
        if (isArmed) {
            isArmed = false;
            checks.wakes();
            tell(new PoolEvent.ListenerReadable());
        }
    }

    /** Workers that wait in accept take clients in order. */
    void accept() {
        for (SimulatedWorker worker : List.copyOf(workers.values())) {
            if (!queue.isEmpty() && worker.isIdle()) {
                served++;
                worker.serve(queue.remove().service);
            }
        }
    }
}
