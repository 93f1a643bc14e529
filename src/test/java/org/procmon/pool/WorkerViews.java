package org.procmon.pool;

import java.util.List;
import java.util.Optional;
import org.procmon.config.PoolSpec;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.ProcessView;

/** Workers of pools, as the loop reports them. */
final class WorkerViews {
    static final Ticks SINCE = new Ticks(1_000_000_000L);
    static final long RUN = 4;

    private WorkerViews() {}

    static ProcessView view(PoolSpec pool, int number, Goal goal, ProcessState state) {
        RunCounters tally = new RunCounters(RUN, 0, Optional.empty(), Optional.empty(), 0);
        return new ProcessView(
                pool.worker(number), new ProcessStatus(goal, state, tally), List.of());
    }

    static Run run(int pid) {
        return new Run(pid, 1, RUN, SINCE);
    }

    static ProcessView starting(PoolSpec pool, int number, int pid) {
        return view(
                pool,
                number,
                Goal.UP,
                new ProcessState.Starting(run(pid), new Ticks(Long.MAX_VALUE)));
    }

    static ProcessView running(PoolSpec pool, int number, int pid) {
        return view(pool, number, Goal.UP, new ProcessState.Running(run(pid)));
    }

    static ProcessView gone(PoolSpec pool, int number) {
        return view(
                pool, number, Goal.FORGOTTEN, new ProcessState.Stopped(StopReason.RETIRED, SINCE));
    }
}
