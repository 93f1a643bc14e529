package org.procmon.pool;

import java.util.Optional;
import org.procmon.config.PoolSpec;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.plan.PoolGoal;
import org.procmon.pool.plan.PoolReport;
import org.procmon.pool.plan.PoolState;
import org.procmon.status.PoolView.Roll;
import org.procmon.status.PoolView.RollState;

/** How the last replacement of all outdated workers of a pool went. Thread of the pools. */
final class RollHistory {
    private Optional<Roll> last = Optional.empty();
    private Optional<String> failure = Optional.empty();

    Optional<Roll> last() {
        return last;
    }

    /** Takes note of what users are told. */
    void reported(PoolSpec pool, PoolReport what) {
        if (what instanceof PoolReport.ReplacementFailed failed) {
            failure = Optional.of(ReplacementText.of(pool, failed));
        }
    }

    /** Takes note of the state after a step. */
    void follow(PoolState state, Ticks now) {
        Optional<RollState> before = last.map(Roll::state);
        if (state.isRolling()) {
            to(RollState.UNDER_WAY, before, now);
        } else if (before.equals(Optional.of(RollState.UNDER_WAY))) {
            to(ending(state), before, now);
        } else if (before.equals(Optional.of(RollState.FAILED)) && !state.isRollStopped()) {
            to(RollState.DROPPED, before, now);
        }
    }

    private static RollState ending(PoolState state) {
        if (state.isRollStopped()) {
            return RollState.FAILED;
        }
        return state.goal() == PoolGoal.UP ? RollState.DONE : RollState.DROPPED;
    }

    private void to(RollState next, Optional<RollState> before, Ticks now) {
        if (!before.equals(Optional.of(next))) {
            Optional<String> why = next == RollState.FAILED ? failure : Optional.empty();
            last = Optional.of(new Roll(next, now, why));
        }
    }
}
