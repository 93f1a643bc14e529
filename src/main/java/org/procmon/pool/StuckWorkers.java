package org.procmon.pool;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.RequestLimits;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.BusyConnections.Busy;
import org.procmon.pool.BusyConnections.Holder;
import org.procmon.pool.plan.PoolReport;
import org.procmon.posix.Processes;
import org.procmon.posix.socket.ProcessDetails;
import org.procmon.posix.socket.ProcessDetails.RunTime;
import org.procmon.posix.socket.ThreadActivity;
import org.procmon.posix.socket.WorkerActivity;
import org.procmon.status.ProcessView;

/**
 * Workers that are busy with one request for longer than {@code request} allows: they are reported,
 * and then killed. The kernel is asked for connections only while a pool with such a limit has
 * workers: some times in each limit while none is open, since it does not say when one opens. A
 * worker is looked into only when one of its connections is old. Thread of the pools.
 */
final class StuckWorkers {
    private static final Duration SHORTEST_GAP = Duration.ofMillis(250);
    private static final Duration LONGEST_GAP = Duration.ofSeconds(1);

    /** While no connection is open, or all are idle. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private static final int LOOKS_IN_LIMIT = 20;
    private static final int LOOKS_AT_REST = 4;

    private static final class Watched {
        final RunningPool pool;
        final BusyConnections connections = new BusyConnections();

        /** The pids of workers that are on their way out; no more than there are workers. */
        final Set<Integer> killed = new HashSet<>();

        Ticks next;

        Watched(RunningPool pool, Ticks next) {
            this.pool = pool;
            this.next = next;
        }
    }

    private final PoolTools tools;
    private final Map<String, Watched> watched = new HashMap<>();

    StuckWorkers(PoolTools tools) {
        this.tools = tools;
    }

    /** Follows the pools that there are now, or one whose workers have changed. */
    void follow(RunningPool pool, Ticks now) {
        String id = pool.spec().id();
        if (shortest(pool.spec()).isEmpty() || !pool.hasRunningWorkers()) {
            watched.remove(id);
        } else {
            watched.computeIfAbsent(id, _ -> new Watched(pool, now.plus(restGap(pool.spec()))));
        }
    }

    void keepOnly(Set<String> pools) {
        watched.keySet().retainAll(pools);
    }

    /** A client has come. */
    void clientCame(String pool, Ticks now) {
        Watched one = watched.get(pool);
        if (one != null) {
            one.next = Ticks.earlier(one.next, now.plus(SHORTEST_GAP));
        }
    }

    /** Since when a request on a connection is in work; empty if that is not known. */
    Optional<Ticks> busySince(String pool, long connection) {
        return Optional.ofNullable(watched.get(pool))
                .flatMap(one -> one.connections.of(connection))
                .filter(known -> !known.isKept())
                .map(Busy::since);
    }

    /** When {@link #timePassed} is due. */
    Optional<Ticks> deadline() {
        return watched.values().stream().map(one -> one.next).min(Ticks::compareTo);
    }

    void timePassed(Ticks now) {
        for (Watched one : List.copyOf(watched.values())) {
            if (now.hasReached(one.next)) {
                look(one, now);
                one.next = now.plus(gap(one));
            }
        }
    }

    private static Optional<Duration> shortest(PoolSpec pool) {
        RequestLimits limits = pool.request();
        return limits.slow().or(limits::timeout);
    }

    private static Duration gap(Watched one) {
        return one.connections.hasWork()
                ? part(one.pool.spec(), LOOKS_IN_LIMIT, LONGEST_GAP)
                : restGap(one.pool.spec());
    }

    private static Duration restGap(PoolSpec pool) {
        return part(pool, LOOKS_AT_REST, LONGEST_REST);
    }

    private static Duration part(PoolSpec pool, int parts, Duration longest) {
        Duration part = shortest(pool).orElse(LONGEST_REST).dividedBy(parts);
        return part.compareTo(SHORTEST_GAP) < 0
                ? SHORTEST_GAP
                : part.compareTo(longest) > 0 ? longest : part;
    }

    private void look(Watched one, Ticks now) {
        Set<Long> accepted = tools.accepted(one.pool.spec());
        one.connections.seen(accepted, now);
        one.killed.retainAll(one.pool.pids());
        Duration least = shortest(one.pool.spec()).orElse(LONGEST_REST).dividedBy(2);
        List<Busy> old = one.connections.toLookAt(least, now);
        if (!old.isEmpty()) {
            lookInto(one, old, accepted, now);
        }
    }

    /** Looks into the workers that have these connections. */
    private void lookInto(Watched one, List<Busy> old, Set<Long> accepted, Ticks now) {
        Set<Long> open = new HashSet<>();
        Set<Integer> known = new HashSet<>();
        boolean areAllKnown = true;
        for (Busy connection : old) {
            open.add(connection.inode());
            connection.holder().ifPresent(holder -> known.add(holder.worker()));
            areAllKnown &= connection.holder().isPresent();
        }
        for (ProcessView view : one.pool.workers().values()) {
            int number = view.spec().instance().orElseThrow().number();
            if ((!areAllKnown || known.contains(number))
                    && view.process().state() instanceof ProcessState.Running running) {
                Run run = running.alive();
                lookInto(one, new Candidate(number, view, run, run.pid()), open, accepted, now);
                for (int child : Processes.childrenOf(run.pid())) {
                    lookInto(one, new Candidate(number, view, run, child), open, accepted, now);
                }
            }
        }
    }

    /**
     * A process of a worker.
     *
     * @param pid that of the worker or of a child, to which some programs leave the work
     */
    private record Candidate(int number, ProcessView view, Run run, int pid) {}

    private void lookInto(
            Watched one, Candidate worker, Set<Long> old, Set<Long> accepted, Ticks now) {
        WorkerActivity activity = WorkerActivity.of(worker.pid(), accepted);
        List<Long> held = activity.accepted().values().stream().filter(old::contains).toList();
        Optional<RunTime> runTime =
                held.isEmpty() ? Optional.empty() : ProcessDetails.runTime(worker.pid());
        Holder holder = new Holder(worker.number(), worker.run().number(), now, runTime);
        for (long inode : held) {
            one.connections
                    .of(inode)
                    .map(connection ->
                            activity.verdict() == WorkerActivity.Verdict.BUSY
                                    ? connection.workedOn(holder, now)
                                    : connection.keptBy(holder, now))
                    .ifPresent(one.connections::put);
        }
        List<Busy> inWork =
                held.stream()
                        .flatMap(inode -> one.connections.of(inode).stream())
                        .filter(connection -> !connection.isKept())
                        .toList();
        for (Busy connection : inWork) {
            PoolReport.BusyWorker what = described(worker, connection, activity, runTime, now);
            judge(one, worker, connection, what);
        }
    }

    private void judge(Watched one, Candidate worker, Busy connection, PoolReport.BusyWorker what) {
        PoolSpec spec = one.pool.spec();
        RequestLimits limits = spec.request();
        if (!connection.isReported() && exceeds(limits.slow(), what.held())) {
            tools.report(spec, new PoolReport.SlowRequest(worker.number(), what));
            one.connections.put(connection.reported());
        }
        if (exceeds(limits.timeout(), what.held()) && one.killed.add(worker.run().pid())) {
            tools.report(spec, new PoolReport.RequestTimedOut(worker.number(), what));
            tools.kill(worker.view());
        }
    }

    private static boolean exceeds(Optional<Duration> limit, Duration held) {
        return limit.filter(most -> held.compareTo(most) >= 0).isPresent();
    }

    private static PoolReport.BusyWorker described(
            Candidate worker,
            Busy connection,
            WorkerActivity activity,
            Optional<RunTime> runTime,
            Ticks now) {
        int pid = worker.pid();
        Optional<RunTime> before = connection.holder().flatMap(Holder::runTime);
        return new PoolReport.BusyWorker(
                pid,
                connection.age(now),
                Optional.ofNullable(activity.threads().get(pid)).flatMap(ThreadActivity::callName),
                ProcessDetails.waitChannel(pid),
                runTime.flatMap(latest ->
                        before.map(first -> latest.onProcessor().minus(first.onProcessor()))),
                now.since(connection.holder().map(Holder::found).orElse(now)));
    }
}
