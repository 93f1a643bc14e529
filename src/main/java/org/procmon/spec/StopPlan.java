package org.procmon.spec;

import java.time.Duration;
import java.util.List;

/**
 * The key {@code stop}: the signals sent to the process group, one after the other, until it is
 * empty.
 *
 * @param steps at least one; KILL follows the last step's patience when the plan does not end with
 *     it
 * @param leavesSurvivors whether what has left the group by then goes on, and is killed otherwise
 */
public record StopPlan(List<Step> steps, boolean leavesSurvivors) {
    /**
     * One signal of a plan.
     *
     * @param signal what is sent to the whole group
     * @param patience how long the group may take before the next step
     */
    public record Step(Signal signal, Duration patience) {}

    /** TERM, and KILL ten seconds later. */
    public static final StopPlan DEFAULT =
            new StopPlan(List.of(new Step(Signal.TERM, Duration.ofSeconds(10))));

    /** One that kills what has left the group. */
    public StopPlan(List<Step> steps) {
        this(steps, false);
    }

    public StopPlan {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("stop plan has no steps");
        }
    }
}
