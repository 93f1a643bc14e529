package org.procmon.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.config.PoolSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.plan.PoolAction;
import org.procmon.pool.plan.PoolReport;
import org.procmon.pool.plan.RetireReason;
import org.procmon.pool.plan.ShareRule;
import org.procmon.status.PoolView;
import org.procmon.status.ProcessView;

/** Writes down what a pool does, and shows it a queue and connections as the test says. */
final class RecordingTools implements PoolTools {
    final List<String> calls = new ArrayList<>();
    ListenerWatch.Queue queue = ListenerWatch.Queue.EMPTY;
    ListenerWatch.Clients clients = ListenerWatch.Clients.NONE;
    Set<Long> accepted = Set.of();
    boolean hasGenerations;

    /** How pools divide their workers; without it, there are no shares. */
    @Nullable WorkerShares shares;

    Runnable whileStarting = () -> {};

    /** What was done since the last call. */
    List<String> done() {
        List<String> all = List.copyOf(calls);
        calls.clear();
        return all;
    }

    void clientsWait(int count) {
        queue = new ListenerWatch.Queue(count, Optional.empty());
    }

    @Override
    public void start(ProcessSpec worker) {
        calls.add("start " + worker.id());
        whileStarting.run();
    }

    @Override
    public void retire(PoolSpec pool, ProcessView worker, RetireReason reason) {
        calls.add("retire " + worker.name() + " " + reason);
    }

    @Override
    public void kill(ProcessView worker) {
        calls.add("kill " + worker.name());
    }

    @Override
    public int refuse(PoolSpec pool, PoolAction.RefuseOldest what) {
        calls.add("refuse " + what.count() + " " + what.reason());
        return what.count();
    }

    @Override
    public void answerBell(PoolSpec pool) {
        calls.add("answer bell");
    }

    @Override
    public ListenerWatch.Queue queue(PoolSpec pool) {
        return queue;
    }

    @Override
    public ListenerWatch.Clients clients(PoolSpec pool) {
        return clients;
    }

    @Override
    public Set<Long> accepted(PoolSpec pool) {
        return accepted;
    }

    @Override
    public Optional<Ticks> busySince(PoolSpec pool, long connection) {
        return Optional.empty();
    }

    @Override
    public void arm(PoolSpec pool) {
        calls.add("arm");
    }

    @Override
    public boolean openGeneration(PoolSpec pool) {
        calls.add("open generation");
        return hasGenerations;
    }

    @Override
    public boolean promoteGeneration(PoolSpec pool) {
        calls.add("promote generation");
        return true;
    }

    @Override
    public void abandonGeneration(PoolSpec pool) {
        calls.add("abandon generation");
    }

    @Override
    public int shareLimit(RunningPool pool) {
        return shares == null ? ShareRule.UNLIMITED : shares.limit(pool);
    }

    @Override
    public void shareChanged(RunningPool pool) {
        if (shares != null) {
            shares.changed(pool);
        }
    }

    @Override
    public Optional<PoolView.Share> share(PoolSpec pool) {
        return shares == null ? Optional.empty() : shares.view(pool);
    }

    @Override
    public void report(PoolSpec pool, PoolReport what) {
        calls.add(what.getClass().getSimpleName());
    }
}
