package org.procmon.pool;

import org.procmon.config.PoolSpec;
import org.procmon.pool.plan.PoolReport;

/** Tells users what happens to pools. Any thread; returns at once. */
public interface PoolReporter {
    void report(PoolSpec pool, PoolReport what);
}
