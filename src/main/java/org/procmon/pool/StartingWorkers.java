package org.procmon.pool;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.procmon.config.InputSpec;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Processes;
import org.procmon.posix.socket.WorkerActivity;
import org.procmon.posix.socket.WorkerActivity.Verdict;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.RunReportListener;

/**
 * The workers that have been started and were not yet seen waiting for clients. They are looked at
 * soon and then ever more rarely, until they wait, or until their readiness times out. Thread of
 * the pools.
 */
final class StartingWorkers {
    private static final Duration FIRST_GAP = Duration.ofMillis(2);
    private static final Duration LAST_GAP = Duration.ofMillis(100);

    /** A program that starts in the usual time is seen soon after that. */
    private static final Duration EARLY_GAP = Duration.ofMillis(10);

    private static final Duration EARLY = Duration.ofMillis(300);

    /** A process that may not be looked into counts as ready then. */
    private static final Duration LONG_ENOUGH = Duration.ofMillis(500);

    /** The connections of the listener that a worker accepts from. */
    interface Connections {
        Set<Long> of(ProcessView worker);
    }

    private record Waiting(ProcessView view, Run run, Ticks next, Duration gap) {
        Waiting later(Ticks now) {
            Duration doubled = gap.multipliedBy(2);
            boolean isEarly = now.since(run.started()).compareTo(EARLY) < 0;
            Duration longest = isEarly ? EARLY_GAP : LAST_GAP;
            Duration following = doubled.compareTo(longest) < 0 ? doubled : longest;
            return new Waiting(view, run, now.plus(gap), following);
        }
    }

    private final RunReportListener listener;
    private final Connections connections;
    private final Consumer<ProcessView> unready;
    private final Map<String, Waiting> waiting = new HashMap<>();

    /**
     * @param unready learns of each worker that was looked at and is not ready
     */
    StartingWorkers(
            RunReportListener listener, Connections connections, Consumer<ProcessView> unready) {
        this.listener = listener;
        this.unready = unready;
        this.connections = connections;
    }

    /** A worker has changed. */
    void changed(ProcessView view, Ticks now) {
        boolean isProbed =
                view.spec().stdin() instanceof InputSpec.Listener input && input.own().isPresent();
        if (!isProbed && view.process().state() instanceof ProcessState.Starting starting) {
            Run run = starting.alive();
            Waiting known = waiting.get(view.name());
            if (known == null || known.run().number() != run.number()) {
                waiting.put(view.name(), new Waiting(view, run, now.plus(FIRST_GAP), FIRST_GAP));
            }
        } else {
            waiting.remove(view.name());
        }
    }

    /** When {@link #timePassed} is due. */
    Optional<Ticks> deadline() {
        return waiting.values().stream().map(Waiting::next).min(Ticks::compareTo);
    }

    /** Looks at those that are due, and reports the ones that are ready. */
    void timePassed(Ticks now) {
        Iterator<Map.Entry<String, Waiting>> all = waiting.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, Waiting> entry = all.next();
            Waiting worker = entry.getValue();
            if (!now.hasReached(worker.next())) {
                continue;
            }
            if (isReady(worker, now)) {
                listener.report(entry.getKey(), new Event.BecameReady(worker.run().number()));
                all.remove();
            } else {
                entry.setValue(worker.later(now));
                unready.accept(worker.view());
            }
        }
    }

    private boolean isReady(Waiting worker, Ticks now) {
        int pid = worker.run().pid();
        Set<Long> accepted = connections.of(worker.view());
        WorkerActivity activity = WorkerActivity.of(pid, accepted);
        return switch (activity.verdict()) {
            case IDLE, KEPT -> true;
            case BUSY -> !activity.accepted().isEmpty() || hasReadyChild(pid, accepted);
            case HIDDEN -> now.since(worker.run().started()).compareTo(LONG_ENOUGH) >= 0;
            case GONE -> false;
        };
    }

    /** A program may leave the work to children: a shell, or php-cgi with PHP_FCGI_CHILDREN. */
    private static boolean hasReadyChild(int pid, Set<Long> accepted) {
        return Arrays.stream(Processes.childrenOf(pid))
                .mapToObj(child -> WorkerActivity.of(child, accepted))
                .anyMatch(child -> child.verdict() == Verdict.IDLE || !child.accepted().isEmpty());
    }
}
