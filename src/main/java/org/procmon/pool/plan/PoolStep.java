package org.procmon.pool.plan;

import java.util.List;

/**
 * The result of an event.
 *
 * @param next the pool after it
 * @param actions what to do, in order
 */
public record PoolStep(PoolState next, List<PoolAction> actions) {
    public PoolStep {
        actions = List.copyOf(actions);
    }
}
