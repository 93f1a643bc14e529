package org.procmon.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.procmon.config.Instance;
import org.procmon.config.PoolSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.listen.Listeners;
import org.procmon.pool.listen.OpenListener;
import org.procmon.pool.listen.OwnSockets;
import org.procmon.pool.plan.PoolAction;
import org.procmon.pool.plan.PoolEvent;
import org.procmon.pool.plan.PoolReport;
import org.procmon.pool.plan.RetireReason;
import org.procmon.pool.refuse.Refusals;
import org.procmon.posix.Poller;
import org.procmon.status.PoolView;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.RunReportListener;
import org.procmon.supervise.port.Supervisor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that runs all pools. It sleeps until a client waits in a listener that is watched,
 * until a time that a pool has set, or until another thread has something for it. While no client
 * waits for a worker, nothing wakes it.
 */
final class PoolThread implements Runnable, Executor, PoolTools {
    private static final Logger LOG = LoggerFactory.getLogger("pool");
    private static final int KEYS_AT_ONCE = 64;

    /** The keys of refused clients in the poller; pools have those below. */
    private static final int FIRST_REFUSED = 1 << 24;

    /** The key of {@link SocketFiles}. */
    private static final int FILES = FIRST_REFUSED - 1;

    /** The key of {@link PoolWatch}. */
    private static final int CLIENTS = FIRST_REFUSED - 2;

    /** Somebody who removes a folder with a socket and its program is not disturbed. */
    private static final Duration FILES_DELAY = Duration.ofSeconds(1);

    /** How long the descriptor of a listener outlives it: a worker may just be started with it. */
    private static final Duration CLOSE_DELAY = Duration.ofSeconds(1);

    private static final Duration RETRY_TO_LISTEN = Duration.ofSeconds(5);

    private final Supervisor supervisor;
    private final Listeners listeners;
    private final PoolReporter reporter;
    private final Poller poller = Poller.open();
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final PoolWatch watch;
    private final ConnectionAges ages = new ConnectionAges();
    private final Refusals refusals = new Refusals(poller, FIRST_REFUSED);
    private final QueueRefusal queueRefusal = new QueueRefusal(refusals);
    private final SocketFiles files = new SocketFiles(poller, FILES);
    private final PoolListening listening;
    private final PoolViews views;
    private final StartingWorkers starting;
    private final Retirements retirements;
    private final StuckWorkers stuck = new StuckWorkers(this);
    private final WorkerMemory memory = new WorkerMemory();
    private final LingeringWorkers lingering;
    private final Map<String, RunningPool> pools = new LinkedHashMap<>();
    private final WorkerShares shares;

    /** The runs of workers whose own sockets have got their names. */
    private final Map<String, Run> published = new HashMap<>();

    private Optional<Ticks> upkeep = Optional.empty();

    /** Socket files that something has happened to, and when they are looked at. */
    private final Set<String> changedFiles = new HashSet<>();

    private Optional<Ticks> lookAtFiles = Optional.empty();
    private volatile boolean isOver;

    PoolThread(
            Supervisor supervisor,
            RunReportListener reports,
            Listeners listeners,
            PoolReporter reporter) {
        this.supervisor = supervisor;
        this.listeners = listeners;
        this.reporter = reporter;
        this.watch = new PoolWatch(listeners, poller, CLIENTS);
        this.listening =
                new PoolListening(listeners, watch, queueRefusal, reporter, supervisor::now);
        this.shares = new WorkerShares(pools.values(), this, supervisor::now);
        this.views = new PoolViews(listeners, this, supervisor::now);
        this.starting = new StartingWorkers(reports, this::connections, this::stillStarting);
        this.lingering = new LingeringWorkers(supervisor);
        this.retirements =
                new Retirements(
                        supervisor,
                        this::connectionsNow,
                        listening::mustDrain,
                        this::isShared,
                        listeners::seal,
                        this);
    }

    /** Runs something on this thread, soon. Any thread. */
    @Override
    public void execute(Runnable work) {
        inbox.add(work);
        poller.wakeUp();
    }

    /** Ends this thread, soon. Any thread. */
    void end() {
        isOver = true;
        poller.wakeUp();
    }

    boolean isOver() {
        return isOver;
    }

    @Override
    public void run() {
        int[] ready = new int[KEYS_AT_ONCE];
        while (!isOver) {
            Optional<Ticks> deadline = deadline();
            int count =
                    deadline.isEmpty()
                            ? poller.await(ready)
                            : poller.await(ready, untilThen(deadline.get()));
            for (Runnable work = inbox.poll(); work != null; work = inbox.poll()) {
                work.run();
            }
            for (int i = 0; i < count; i++) {
                readable(ready[i]);
            }
            timePassed();
        }
        refusals.close();
        watch.close();
        files.close();
        poller.close();
    }

    private Duration untilThen(Ticks deadline) {
        Duration left = deadline.since(supervisor.now());
        return left.isNegative() ? Duration.ZERO : left;
    }

    private Optional<Ticks> deadline() {
        return Stream.concat(
                        pools.values().stream().map(RunningPool::deadline),
                        Stream.of(
                                refusals.deadline(),
                                starting.deadline(),
                                retirements.deadline(),
                                stuck.deadline(),
                                lingering.deadline(),
                                memory.deadline(),
                                lookAtFiles,
                                upkeep))
                .flatMap(Optional::stream)
                .min(Ticks::compareTo);
    }

    private void readable(int key) {
        if (refusals.has(key)) {
            refusals.isReadable(key);
            return;
        }
        if (files.has(key)) {
            changedFiles.addAll(files.changed());
            lookAtFiles = Optional.of(supervisor.now().plus(FILES_DELAY));
            return;
        }
        if (watch.hasReports(key)) {
            watch.reported().forEach(this::clientCame);
            return;
        }
        clientCame(key);
    }

    private void clientCame(int key) {
        RunningPool pool = pools.get(watch.poolOf(key));
        if (pool != null) {
            pool.take(new PoolEvent.ListenerReadable());
            stuck.clientCame(pool.spec().id(), supervisor.now());
        }
    }

    private void timePassed() {
        Ticks now = supervisor.now();
        refusals.timePassed(now);
        starting.timePassed(now);
        retirements.timePassed(now);
        stuck.timePassed(now);
        lingering.timePassed(now);
        memory.timePassed(pools.values(), now);
        for (RunningPool pool : pools.values()) {
            if (pool.deadline().filter(now::hasReached).isPresent()) {
                pool.take(new PoolEvent.TimePassed());
            }
        }
        if (lookAtFiles.filter(now::hasReached).isPresent()) {
            Set<String> names = Set.copyOf(changedFiles);
            changedFiles.clear();
            lookAtFiles = Optional.empty();
            replaceRemoved(names);
        }
        if (upkeep.filter(now::hasReached).isPresent()) {
            listeners.closeUnused();
            List<PoolSpec> inTrouble =
                    pools.values().stream()
                            .map(RunningPool::spec)
                            .filter(spec -> listeners.trouble(spec).isPresent())
                            .toList();
            var _ = listeners.retry();
            followListeners();
            // Their plans take them for watched, though there was nothing to watch.
            inTrouble.forEach(watch::arm);
        }
    }

    /** Follows the pools of a configuration. Their listeners are open. */
    void follow(List<PoolSpec> wanted) {
        Map<String, RunningPool> before = new HashMap<>(pools);
        Map<String, List<ProcessView>> workers = workersByPool();
        pools.clear();
        List<RunningPool> added = new ArrayList<>();
        for (PoolSpec spec : wanted) {
            RunningPool known = before.get(spec.id());
            if (known == null) {
                RunningPool pool = new RunningPool(spec, this, supervisor::now);
                pools.put(spec.id(), pool);
                added.add(pool);
            } else {
                pools.put(spec.id(), known);
                if (!known.spec().equals(spec)) {
                    known.reconfigure(spec);
                    // Some may have become outdated; those that start now have the new one.
                    workers.getOrDefault(spec.id(), List.of())
                            .forEach(view -> changed(known, view));
                }
            }
        }
        // All are known by now, so each leaves room for the others of its share.
        added.forEach(pool -> begin(pool, workers.getOrDefault(pool.spec().id(), List.of())));
        shares.keepOnly(pools.keySet());
        stuck.keepOnly(pools.keySet());
        ages.keepOnly(pools.keySet());
        Ticks now = supervisor.now();
        pools.values().forEach(pool -> stuck.follow(pool, now));
        memory.follow(pools.values(), now);
        followListeners();
    }

    /** Takes note of the listeners that are open now. */
    private void followListeners() {
        watch.follow(pools.values().stream().map(RunningPool::spec).toList());
        listening.report(pools.values());
        Ticks now = supervisor.now();
        upkeep =
                listeners.isSomeRefused()
                        ? Optional.of(now.plus(RETRY_TO_LISTEN))
                        : listeners.hasUnused()
                                ? Optional.of(now.plus(CLOSE_DELAY))
                                : Optional.empty();
        replaceRemoved(files.follow(listeners.open()));
    }

    private void replaceRemoved(Set<String> names) {
        boolean isChanged = false;
        for (RunningPool pool : pools.values()) {
            if (listeners.of(pool.spec()).stream().anyMatch(one -> names.contains(one.name()))) {
                isChanged |= replaceRemoved(pool);
            }
        }
        if (isChanged) {
            followListeners();
        }
    }

    private boolean replaceRemoved(RunningPool pool) {
        boolean isChanged = listening.replaceRemoved(pool);
        List<OpenListener> taken =
                listeners.of(pool.spec()).stream().filter(listeners::isTaken).toList();
        if (taken.isEmpty()) {
            return isChanged;
        }
        taken.forEach(listener -> files.followAgain(listener.name()));
        // A file that has gone before it was watched would not be missed.
        return listening.replaceRemoved(pool) || isChanged;
    }

    private Map<String, List<ProcessView>> workersByPool() {
        return supervisor.snapshot().processes().stream()
                .filter(view -> view.spec().instance().isPresent())
                .collect(
                        Collectors.groupingBy(
                                view -> view.spec().instance().orElseThrow().group()));
    }

    private void begin(RunningPool pool, List<ProcessView> workers) {
        workers.forEach(view -> changed(pool, view));
        PoolListening.Left left = listening.adoptOld(pool);
        if (left != PoolListening.Left.NOTHING) {
            // Connections carry the name of the listener that they came from.
            followListeners();
        }
        boolean isStopped = supervisor.snapshot().stoppedPools().contains(pool.spec().id());
        pool.take(isStopped ? new PoolEvent.OperatorStopped() : new PoolEvent.OperatorStarted());
        if (left == PoolListening.Left.NEW_WORKERS && !isStopped) {
            LOG.atInfo()
                    .addKeyValue("pool", pool.spec().id())
                    .log("{pool} goes on with the replacement of its workers");
            pool.take(new PoolEvent.RollRequested());
        }
    }

    private void changed(RunningPool pool, ProcessView view) {
        Optional<Instance> worker =
                view.spec().instance().filter(one -> one.group().equals(pool.spec().id()));
        if (worker.isPresent()) {
            followOwnSocket(pool.spec(), view);
            starting.changed(view, supervisor.now());
            retirements.changed(view);
            lingering.changed(view, supervisor.now());
            pool.workerChanged(view, worker.get().number());
            if (listening.isLeaving(pool.spec(), view)) {
                pool.take(new PoolEvent.WorkerOutdated(worker.get().number()));
            }
            if (!listeners.leaving(pool.spec()).isEmpty()) {
                listening.closeLeft(pool);
                followListeners();
            }
            stuck.follow(pool, supervisor.now());
            memory.follow(pools.values(), supervisor.now());
        }
    }

    /** A worker that opens its socket itself is reached when it is ready. */
    private void followOwnSocket(PoolSpec pool, ProcessView view) {
        if (pool.isByArgument()
                && view.process().state() instanceof ProcessState.Running running
                && !running.alive().equals(published.put(view.name(), running.alive()))) {
            // Once for a run: a later change of an old worker must not take the name back.
            listeners.publish(pool, view.spec());
            listening.report(pools.values());
        }
    }

    /**
     * Whether no run is expected: what has changed may be old by now, and the folder for the socket
     * of another run may be made already.
     */
    private boolean isDown(ProcessView worker) {
        ProcessState state = worker.process().state();
        boolean isStarted =
                supervisor
                        .snapshot()
                        .process(worker.name())
                        .map(view -> view.process().state())
                        .filter(now ->
                                now instanceof ProcessState.Starting
                                        || now instanceof ProcessState.Running)
                        .isPresent();
        return !isStarted
                && (state instanceof ProcessState.Stopped || state instanceof ProcessState.Failed);
    }

    /** A worker has changed. */
    void changed(ProcessView view) {
        if (view.process().state().run().isEmpty()) {
            published.remove(view.name());
            if (isDown(view)) {
                listeners.remove(view.spec());
            }
        }
        view.spec()
                .instance()
                .map(one -> pools.get(one.group()))
                .ifPresent(pool -> changed(pool, view));
    }

    /** Pools of these names as they are now, or all if there is no name. */
    List<PoolView> views(Set<String> names) {
        return pools.values().stream()
                .filter(pool -> names.isEmpty() || names.contains(pool.spec().id()))
                .map(views::of)
                .toList();
    }

    /** An operator has stopped a pool, or started it. */
    void commanded(String name, boolean isUp) {
        RunningPool pool = pools.get(name);
        if (pool != null) {
            if (isUp && replaceRemoved(pool)) {
                followListeners();
            }
            pool.take(isUp ? new PoolEvent.OperatorStarted() : new PoolEvent.OperatorStopped());
        }
    }

    @Override
    public void start(ProcessSpec worker) {
        var _ = supervisor.submit(new Command.StartWorker(worker));
    }

    @Override
    public void retire(PoolSpec pool, ProcessView worker, RetireReason reason) {
        if (pool.bell().isPresent()) {
            // Clients that come from now on ask for another one.
            OwnSockets.withdraw(worker.spec());
        }
        if (reason == RetireReason.STOPPED) {
            retirements.stop(worker);
        } else {
            retirements.retire(pool, worker, listening.hasOld(pool, worker));
        }
    }

    @Override
    public void kill(ProcessView worker) {
        var _ = supervisor.submit(new Command.RetireWorker(worker.name(), true));
    }

    @Override
    public int refuse(PoolSpec pool, PoolAction.RefuseOldest what) {
        return queueRefusal.refuse(
                pool, listeners.of(pool), what.count(), what.reason(), supervisor.now());
    }

    @Override
    public void answerBell(PoolSpec pool) {
        listeners.of(pool).forEach(QueueRefusal::closeAll);
    }

    @Override
    public ListenerWatch.Queue queue(PoolSpec pool) {
        return watch.queue(pool, supervisor.now());
    }

    @Override
    public ListenerWatch.Clients clients(PoolSpec pool) {
        return watch.clients(pool);
    }

    @Override
    public Set<Long> accepted(PoolSpec pool) {
        Ticks now = supervisor.now();
        Set<Long> accepted = watch.accepted(pool, now);
        ages.seen(pool.id(), accepted, now);
        return accepted;
    }

    @Override
    public Optional<Ticks> busySince(PoolSpec pool, long connection) {
        return stuck.busySince(pool.id(), connection).or(() -> ages.since(pool.id(), connection));
    }

    private Set<Long> connections(ProcessView worker) {
        return worker.spec()
                .instance()
                .map(one -> pools.get(one.group()))
                .map(pool -> watch.connections(pool.spec(), supervisor.now()))
                .orElse(Set.of());
    }

    private boolean isShared(ProcessView worker) {
        return worker.spec()
                .instance()
                .map(one -> pools.get(one.group()))
                .filter(pool -> PoolListening.isShared(pool, worker))
                .isPresent();
    }

    private void stillStarting(ProcessView worker) {
        worker.spec()
                .instance()
                .ifPresent(one -> {
                    RunningPool pool = pools.get(one.group());
                    if (pool != null) {
                        pool.stillStarting(one.number());
                    }
                });
    }

    /** Not as they were a moment ago: a connection that is overlooked would be lost. */
    private Set<Long> connectionsNow(ProcessView worker) {
        watch.forget();
        return connections(worker);
    }

    @Override
    public void arm(PoolSpec pool) {
        watch.arm(pool);
    }

    @Override
    public boolean openGeneration(PoolSpec pool) {
        boolean isOpen = listeners.openNext(pool);
        followListeners();
        return isOpen;
    }

    @Override
    public boolean promoteGeneration(PoolSpec pool) {
        Optional<String> failed = listeners.promoteNext(pool);
        failed.ifPresent(reason ->
                LOG.atError()
                        .addKeyValue("pool", pool.id())
                        .addKeyValue("reason", reason)
                        .log("{pool} keeps its old workers"));
        followListeners();
        arm(pool);
        return failed.isEmpty();
    }

    @Override
    public void abandonGeneration(PoolSpec pool) {
        listeners.dropNext(pool);
        followListeners();
    }

    /** An operator wants all workers of a pool replaced. */
    void roll(String name, CompletableFuture<Reply> reply) {
        RunningPool pool = pools.get(name);
        if (pool == null) {
            reply.complete(new Reply.NoSuchProcess(name));
            return;
        }
        pool.roll(isDone ->
                reply.complete(
                        isDone
                                ? new Reply.Done(workers(name))
                                : new Reply.Failed(
                                        name,
                                        "a new worker did not become ready, so the old ones"
                                                + " stay; see 'procmon events'")));
    }

    private List<ProcessView> workers(String pool) {
        return workersByPool().getOrDefault(pool, List.of());
    }

    @Override
    public int shareLimit(RunningPool pool) {
        return shares.limit(pool);
    }

    @Override
    public void shareChanged(RunningPool pool) {
        shares.changed(pool);
    }

    @Override
    public Optional<PoolView.Share> share(PoolSpec pool) {
        return shares.view(pool);
    }

    @Override
    public void report(PoolSpec pool, PoolReport what) {
        reporter.report(pool, what);
    }
}
