package org.procmon.pool;

import java.util.Optional;
import java.util.Set;
import org.procmon.config.PoolSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.plan.PoolAction;
import org.procmon.pool.plan.PoolReport;
import org.procmon.pool.plan.RetireReason;
import org.procmon.status.PoolView;
import org.procmon.status.ProcessView;

/** What pools need of the monitor and of the kernel. No method blocks. Thread of the pools. */
interface PoolTools {
    /** Starts a worker; how it fares is reported later. */
    void start(ProcessSpec worker);

    /** Stops a worker as its pool does; that it is gone is reported later. */
    void retire(PoolSpec pool, ProcessView worker, RetireReason reason);

    /** Kills a worker that is stuck; that it is gone is reported later. */
    void kill(ProcessView worker);

    /** Answers 503 to the clients that have waited longest; returns to how many. */
    int refuse(PoolSpec pool, PoolAction.RefuseOldest what);

    /** Tells all that have asked for a worker that one is ready. */
    void answerBell(PoolSpec pool);

    /** The clients that wait for any worker of a pool. */
    ListenerWatch.Queue queue(PoolSpec pool);

    /** Which clients wait for any worker of a pool. */
    ListenerWatch.Clients clients(PoolSpec pool);

    /** The connections that the workers of a pool have, as inodes. */
    Set<Long> accepted(PoolSpec pool);

    /**
     * Since when a worker that is busy now has a connection, or works for its present request.
     * Empty if that is not known. Ask for {@link #accepted} first.
     */
    Optional<Ticks> busySince(PoolSpec pool, long connection);

    /** Watches the listeners of a pool until a client waits. */
    void arm(PoolSpec pool);

    /** Opens a second listener for a pool; false if there can be none. */
    boolean openGeneration(PoolSpec pool);

    /** Lets clients reach the second listener and no longer the first; false if that fails. */
    boolean promoteGeneration(PoolSpec pool);

    /** Closes the second listener. */
    void abandonGeneration(PoolSpec pool);

    /** How many workers a pool may have for its share. */
    int shareLimit(RunningPool pool);

    /** A pool has taken an event; others of its share may follow. */
    void shareChanged(RunningPool pool);

    /** The share of a pool, for readers. */
    Optional<PoolView.Share> share(PoolSpec pool);

    /** Tells users. */
    void report(PoolSpec pool, PoolReport what);
}
