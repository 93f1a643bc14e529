package org.procmon.pool;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.PoolSpec;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.listen.ListenerName;
import org.procmon.pool.listen.Listeners;
import org.procmon.pool.listen.OpenListener;
import org.procmon.pool.plan.PoolCounters;
import org.procmon.pool.plan.PoolGoal;
import org.procmon.pool.plan.PoolState;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.socket.ProcessDetails;
import org.procmon.posix.socket.ThreadActivity;
import org.procmon.posix.socket.WorkerActivity;
import org.procmon.status.PoolView;
import org.procmon.status.PoolView.Activity;
import org.procmon.status.PoolView.Work;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Ticker;

/** Pools as readers see them: the kernel is asked at that moment. Thread of the pools. */
final class PoolViews {
    private final Listeners listeners;
    private final PoolTools tools;

    private final Ticker ticker;

    PoolViews(Listeners listeners, PoolTools tools, Ticker ticker) {
        this.listeners = listeners;
        this.tools = tools;
        this.ticker = ticker;
    }

    PoolView of(RunningPool pool) {
        PoolSpec spec = pool.spec();
        PoolState state = pool.state();
        ListenerWatch.Queue queue = tools.queue(spec);
        Set<Long> accepted = tools.accepted(spec);
        List<PoolView.Worker> workers =
                pool.workers().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> worker(spec, entry.getValue(), accepted))
                        .toList();
        int total = (int) workers.stream().filter(PoolViews::runs).count();
        int busy = (int) workers.stream().filter(PoolViews::isBusy).count();
        pool.sawBusy(busy);
        return new PoolView(
                spec,
                state.goal() == PoolGoal.STOPPED,
                pool.since(),
                addresses(spec, workers),
                listeners.trouble(spec),
                new PoolView.Queue(queue.clients(), queue.oldest(), spec.listen().backlog()),
                busy,
                total - busy,
                counters(state.counters(), pool, busy, queue.clients()),
                tools.share(spec),
                pool.lastRoll(),
                pool.lastUnready(),
                workers);
    }

    private List<String> addresses(PoolSpec spec, List<PoolView.Worker> workers) {
        return spec.isByArgument()
                ? workers.stream()
                        .map(PoolView.Worker::process)
                        .filter(view -> view.process().state() instanceof ProcessState.Running)
                        .map(view -> address(spec, view))
                        .distinct()
                        .toList()
                : listeners.of(spec).stream()
                        .filter(listener -> !listeners.isTaken(listener))
                        .map(OpenListener::name)
                        .toList();
    }

    private static String address(PoolSpec spec, ProcessView worker) {
        int number = worker.spec().instance().orElseThrow().number();
        return ListenerName.of(spec.address(number));
    }

    private static PoolView.Counters counters(
            PoolCounters counters, RunningPool pool, int busy, int waiting) {
        return new PoolView.Counters(
                counters.started(),
                counters.idle(),
                counters.recycled(),
                counters.maxReached(),
                counters.overflows(),
                counters.refused(),
                Math.max(pool.mostBusy(), busy),
                Math.max(pool.longestQueue(), waiting));
    }

    private static boolean runs(PoolView.Worker worker) {
        return worker.activity().isPresent();
    }

    private static boolean isBusy(PoolView.Worker worker) {
        return worker.activity().filter(activity -> activity.work() == Work.BUSY).isPresent();
    }

    private PoolView.Worker worker(PoolSpec pool, ProcessView view, Set<Long> accepted) {
        Optional<Run> run = view.process().state().run();
        return new PoolView.Worker(
                view,
                address(pool, view),
                run.flatMap(r -> activity(pool, view, r.pid(), accepted)));
    }

    private Optional<Activity> activity(
            PoolSpec pool, ProcessView view, int pid, Set<Long> accepted) {
        WorkerActivity seen = WorkerActivity.of(pid, accepted);
        Optional<ThreadActivity> main = Optional.ofNullable(seen.threads().get(pid));
        Work work =
                switch (seen.verdict()) {
                    case IDLE -> idle(view);
                    case KEPT -> Work.KEPT;
                    case BUSY -> seen.accepted().isEmpty() ? idle(view) : Work.BUSY;
                    case HIDDEN -> Work.UNKNOWN;
                    case GONE -> Work.STOPPING;
                };
        if (seen.verdict() == WorkerActivity.Verdict.GONE) {
            return Optional.empty();
        }
        return Optional.of(
                new Activity(
                        work,
                        seen.accepted().size(),
                        work == Work.BUSY
                                ? busyFor(pool, seen.accepted().values())
                                : Optional.empty(),
                        main.flatMap(ThreadActivity::callName),
                        work == Work.IDLE ? Optional.empty() : ProcessDetails.waitChannel(pid),
                        seen.stat().map(stat -> stat.userTime().plus(stat.systemTime())),
                        seen.stat()
                                .map(stat -> stat.residentPages() * CurrentProcess.pageSize())
                                .orElse(0L)));
    }

    /** With its oldest connection, as far as that is known of all of them. */
    private Optional<Duration> busyFor(PoolSpec pool, Collection<Long> connections) {
        return connections.stream()
                .flatMap(connection -> tools.busySince(pool, connection).stream())
                .min(Ticks::compareTo)
                .map(ticker.now()::since);
    }

    private static Work idle(ProcessView view) {
        return switch (view.process().state()) {
            case ProcessState.Running _ -> Work.IDLE;
            case ProcessState.Stopping _ -> Work.STOPPING;
            case ProcessState.Starting _,
                    ProcessState.Waiting _,
                    ProcessState.Stopped _,
                    ProcessState.Backoff _,
                    ProcessState.Completed _,
                    ProcessState.Failed _ ->
                    Work.STARTING;
        };
    }
}
