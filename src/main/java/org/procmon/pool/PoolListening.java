package org.procmon.pool;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.SocketSharing;
import org.procmon.pool.listen.Listeners;
import org.procmon.pool.listen.OpenListener;
import org.procmon.pool.plan.PoolEvent;
import org.procmon.pool.plan.PoolReport;
import org.procmon.pool.plan.RefuseReason;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Ticker;

/**
 * What becomes of workers and clients when a listener is replaced, is lost, or cannot be opened.
 * Thread of the pools.
 */
final class PoolListening {
    /** More clients than any queue holds. */
    private static final int MOST_LEFT = 1 << 16;

    private final Listeners listeners;
    private final PoolWatch watch;
    private final QueueRefusal refusal;
    private final PoolReporter reporter;
    private final Ticker ticker;

    /** What users know of listeners that cannot be opened, by the names of their pools. */
    private final Map<String, String> told = new HashMap<>();

    PoolListening(
            Listeners listeners,
            PoolWatch watch,
            QueueRefusal refusal,
            PoolReporter reporter,
            Ticker ticker) {
        this.listeners = listeners;
        this.watch = watch;
        this.refusal = refusal;
        this.reporter = reporter;
        this.ticker = ticker;
    }

    /** Tells users which pools cannot listen, and which can again. */
    void report(Collection<RunningPool> pools) {
        told.keySet()
                .retainAll(
                        pools.stream().map(pool -> pool.spec().id()).collect(Collectors.toSet()));
        for (RunningPool pool : pools) {
            PoolSpec spec = pool.spec();
            Optional<String> refused = listeners.refused(spec);
            if (refused.isEmpty()) {
                if (told.remove(spec.id()) != null) {
                    reporter.report(spec, new PoolReport.Listening(addresses(spec)));
                }
            } else if (!refused.get().equals(told.put(spec.id(), refused.get()))) {
                reporter.report(spec, new PoolReport.NotListening(refused.get()));
            }
        }
    }

    private String addresses(PoolSpec pool) {
        return listeners.of(pool).stream()
                .map(OpenListener::name)
                .collect(Collectors.joining(", "));
    }

    /** Whether a worker accepts from another listener than one that starts now. */
    boolean hasOld(PoolSpec pool, ProcessView worker) {
        OptionalLong own = WorkerListener.of(worker);
        OptionalLong newest =
                worker.spec()
                        .instance()
                        .flatMap(one -> listeners.newest(pool, one.number()))
                        .map(listener -> OptionalLong.of(listener.inode()))
                        .orElse(OptionalLong.empty());
        return own.isPresent() && newest.isPresent() && !own.equals(newest);
    }

    /** Whether a worker accepts from a listener that gets no further clients. */
    boolean isLeaving(PoolSpec pool, ProcessView worker) {
        if (listeners.leaving(pool).isEmpty()) {
            return false;
        }
        OptionalLong own = WorkerListener.of(worker);
        return own.isPresent() && listeners.leaving(own.getAsLong()).isPresent();
    }

    /** Whether clients wait in the listener of a worker, which gets no further ones. */
    boolean mustDrain(ProcessView worker) {
        OptionalLong inode = WorkerListener.of(worker);
        return inode.isPresent()
                && listeners.all().stream()
                        .filter(listener -> listener.inode() == inode.getAsLong())
                        .allMatch(listeners::isLeaving)
                && watch.hasClients(inode.getAsLong());
    }

    /** What the monitor before has left of the replacement of a pool's workers. */
    enum Left {
        NOTHING,
        /** Workers that accept from an old listener. */
        OLD_WORKERS,
        /** New workers that clients had not reached; they go, and old ones are still there. */
        NEW_WORKERS
    }

    /** The monitor before may have died while it replaced the listener of a pool. */
    Left adoptOld(RunningPool pool) {
        Left found = Left.NOTHING;
        for (Map.Entry<Integer, ProcessView> one : pool.workers().entrySet()) {
            ProcessView worker = one.getValue();
            if (hasOld(pool.spec(), worker)) {
                boolean isNew =
                        WorkerListener.taken(worker)
                                .filter(socket -> listeners.adoptLeaving(pool.spec(), socket))
                                .isPresent();
                pool.take(new PoolEvent.WorkerOutdated(one.getKey()));
                found = isNew || found == Left.NEW_WORKERS ? Left.NEW_WORKERS : Left.OLD_WORKERS;
            }
        }
        return found;
    }

    /** Closes the old listeners of a pool when the last worker that has them is gone. */
    void closeLeft(RunningPool pool) {
        Set<Long> inUse =
                pool.workers().values().stream()
                        .flatMapToLong(worker -> WorkerListener.of(worker).stream())
                        .boxed()
                        .collect(Collectors.toSet());
        for (OpenListener old : listeners.leaving(pool.spec())) {
            if (!inUse.contains(old.inode()) && !listeners.isSealed(old)) {
                // No worker will serve clients that still wait there.
                int _ =
                        refusal.refuse(
                                pool.spec(),
                                List.of(old),
                                MOST_LEFT,
                                RefuseReason.ALL_FAILED,
                                ticker.now());
            }
        }
        listeners.closeLeft(pool.spec(), inUse);
    }

    /**
     * Gives a pool new sockets in the place of those whose files somebody has removed. Where
     * workers share one, they are replaced with it, and it is there when the new ones are ready.
     *
     * @return whether listeners are opened or closed
     */
    boolean replaceRemoved(RunningPool pool) {
        boolean isChanged = false;
        Listeners.Lost lost = listeners.findLost(pool.spec());
        lost.taken()
                .forEach(what -> reporter.report(pool.spec(), new PoolReport.SocketTaken(what)));
        for (OpenListener removed : lost.removed()) {
            reporter.report(pool.spec(), new PoolReport.SocketRemoved(removed.name()));
            List<Integer> having = having(pool, removed);
            if (having.isEmpty() || pool.spec().sharing() == SocketSharing.PER_WORKER) {
                listeners.reopen(pool.spec(), removed);
                closeLeft(pool);
                // The plan takes the listener for watched.
                watch.arm(pool.spec());
                having.forEach(number -> pool.take(new PoolEvent.WorkerOutdated(number)));
                isChanged = true;
            } else {
                pool.take(new PoolEvent.RollRequested());
            }
        }
        return isChanged;
    }

    /** Whether another worker has the listener of one. */
    static boolean isShared(RunningPool pool, ProcessView worker) {
        OptionalLong own = WorkerListener.of(worker);
        return own.isPresent()
                && pool.workers().values().stream()
                        .filter(other -> !other.name().equals(worker.name()))
                        .anyMatch(other -> WorkerListener.of(other).equals(own));
    }

    private static List<Integer> having(RunningPool pool, OpenListener listener) {
        return pool.workers().entrySet().stream()
                .filter(one ->
                        WorkerListener.of(one.getValue()).equals(OptionalLong.of(listener.inode())))
                .map(Map.Entry::getKey)
                .toList();
    }
}
