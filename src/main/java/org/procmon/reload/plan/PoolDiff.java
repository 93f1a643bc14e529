package org.procmon.reload.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.procmon.config.PoolSpec;
import org.procmon.reload.plan.ChangePlan.Action;
import org.procmon.reload.plan.ChangePlan.Change;

/** What a reload does to pools. */
public final class PoolDiff {
    private PoolDiff() {}

    /** The changes; a pool whose workers are replaced is restarted, one after the other. */
    public static List<Change> between(List<PoolSpec> before, List<PoolSpec> now) {
        Map<String, PoolSpec> left = new LinkedHashMap<>();
        before.forEach(pool -> left.put(pool.id(), pool));
        List<Change> changes = new ArrayList<>();
        for (PoolSpec pool : now) {
            PoolSpec old = left.remove(pool.id());
            if (old == null) {
                changes.add(new Change(pool.id(), Action.START, List.of()));
            } else if (!old.equals(pool)) {
                changes.add(changed(old, pool));
            }
        }
        left.keySet().forEach(gone -> changes.add(new Change(gone, Action.STOP, List.of())));
        return changes;
    }

    private static Change changed(PoolSpec old, PoolSpec now) {
        SpecDiff template = SpecDiff.between(old.template(), now.template());
        List<String> own = ownKeys(old, now);
        if (template.needsRestart()) {
            List<String> besides = new ArrayList<>(template.besides());
            besides.addAll(own);
            return new Change(now.id(), Action.RESTART, template.demanding(), besides);
        }
        List<String> keys = new ArrayList<>(template.keys());
        keys.addAll(own);
        return new Change(now.id(), Action.LIVE, keys);
    }

    private static List<String> ownKeys(PoolSpec old, PoolSpec now) {
        List<String> keys = new ArrayList<>();
        compare(keys, "listen", old.listen().address(), now.listen().address());
        compare(keys, "listen_owner", old.listen().owner(), now.listen().owner());
        compare(keys, "listen_group", old.listen().group(), now.listen().group());
        compare(keys, "backlog", old.listen().backlog(), now.listen().backlog());
        compare(keys, "mode", old.mode(), now.mode());
        compare(keys, "workers", old.workers(), now.workers());
        compare(keys, "idle_timeout", old.idleTimeout(), now.idleTimeout());
        compare(keys, "socket", old.sharing(), now.sharing());
        compare(keys, "queue", old.queue(), now.queue());
        compare(keys, "request", old.request(), now.request());
        compare(keys, "recycle", old.recycle(), now.recycle());
        compare(keys, "retire", old.retire().method(), now.retire().method());
        compare(keys, "patience", old.retire().patience(), now.retire().patience());
        compare(keys, "when_stopped", old.whenStopped(), now.whenStopped());
        return keys;
    }

    private static void compare(List<String> keys, String key, Object old, Object now) {
        if (!old.equals(now)) {
            keys.add(key);
        }
    }
}
