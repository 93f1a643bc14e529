package org.procmon.pool;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.WorkerShare;
import org.procmon.pool.plan.PoolEvent;
import org.procmon.pool.plan.ShareRule;
import org.procmon.pool.plan.ShareRule.Claim;
import org.procmon.status.PoolView;
import org.procmon.supervise.port.Ticker;

/**
 * Pools that have a cap together: how many workers each may have, and which one gives up a worker
 * that another one wants. Thread of the pools.
 */
final class WorkerShares {
    private final Collection<RunningPool> pools;
    private final PoolTools tools;
    private final Ticker ticker;

    /** How many workers of their share pools had when that was last seen. */
    private final Map<String, Integer> used = new HashMap<>();

    /**
     * @param pools those that there are at any time
     */
    WorkerShares(Collection<RunningPool> pools, PoolTools tools, Ticker ticker) {
        this.pools = pools;
        this.tools = tools;
        this.ticker = ticker;
    }

    /** How many workers a pool may have beside the others of its share. */
    int limit(RunningPool pool) {
        Optional<WorkerShare> share = share(pool);
        return share.isEmpty() ? ShareRule.UNLIMITED : limit(pool, claim(pool), share.get());
    }

    private int limit(RunningPool pool, Claim own, WorkerShare share) {
        return ShareRule.limit(
                share.most(), own, others(pool, share).stream().map(this::claim).toList());
    }

    private static Optional<WorkerShare> share(RunningPool pool) {
        return pool.spec().workers().share();
    }

    private Claim claim(RunningPool pool) {
        return ShareRule.claim(pool.spec(), pool.state(), ticker.now());
    }

    private List<RunningPool> others(RunningPool pool, WorkerShare share) {
        return pools.stream().filter(other -> other != pool && isIn(other, share)).toList();
    }

    private static boolean isIn(RunningPool pool, WorkerShare share) {
        return share(pool).filter(own -> own.name().equals(share.name())).isPresent();
    }

    /** A pool has taken an event. */
    void changed(RunningPool pool) {
        Optional<WorkerShare> share = share(pool);
        if (share.isEmpty()) {
            used.remove(pool.spec().id());
            return;
        }
        Claim own = claim(pool);
        Integer before = used.put(own.pool(), own.used());
        List<RunningPool> others = others(pool, share.get());
        if (ShareRule.isBlocked(own, limit(pool, own, share.get()))) {
            askFor(others);
        }
        if (before != null && own.used() < before) {
            // One that has less than its least may start it now.
            others.forEach(other -> other.take(new PoolEvent.TimePassed()));
        }
    }

    /** Asks one pool after the other for a worker, until one gives it. */
    private void askFor(List<RunningPool> others) {
        for (RunningPool other : others) {
            if (ShareRule.hasSpare(other.spec(), other.state())) {
                int before = claim(other).used();
                int busy = tools.accepted(other.spec()).size();
                other.take(new PoolEvent.ShareWanted(busy));
                if (claim(other).used() < before) {
                    return;
                }
            }
        }
    }

    /** The share of a pool, for readers. */
    Optional<PoolView.Share> view(PoolSpec pool) {
        return pool.workers()
                .share()
                .map(share -> {
                    Map<String, Integer> users = new LinkedHashMap<>();
                    pools.stream()
                            .filter(other -> isIn(other, share))
                            .map(this::claim)
                            .filter(claim -> claim.used() > 0)
                            .forEach(claim -> users.put(claim.pool(), claim.used()));
                    return new PoolView.Share(share.name(), share.most(), users);
                });
    }

    /** Forgets the pools that are not among these. */
    void keepOnly(Set<String> names) {
        used.keySet().retainAll(names);
    }
}
