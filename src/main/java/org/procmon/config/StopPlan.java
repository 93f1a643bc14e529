package org.procmon.config;

import java.time.Duration;
import java.util.List;

/**
 * The key {@code stop}: the signals sent to the process group, or to its first process alone, one
 * after the other, until the group is empty.
 *
 * @param steps at least one; KILL follows the last step's patience when the plan does not end with
 *     it
 * @param to which processes get them; KILL at the end is for the whole group
 * @param leavesSurvivors whether what has left the group by then goes on, and is killed otherwise
 */
public record StopPlan(List<Step> steps, Target to, boolean leavesSurvivors) {
    /** Which processes of a run get the signals of a plan. */
    public enum Target {
        GROUP,
        /** The first process alone; once that has ended, what is left of its group is killed. */
        MAIN
    }

    /**
     * One signal of a plan.
     *
     * @param signal what is sent
     * @param patience how long the group may take before the next step
     */
    public record Step(Signal signal, Duration patience) {}

    /** TERM, and KILL ten seconds later. */
    public static final StopPlan DEFAULT =
            new StopPlan(List.of(new Step(Signal.TERM, Duration.ofSeconds(10))));

    /** One for the whole group that kills what has left it. */
    public StopPlan(List<Step> steps) {
        this(steps, Target.GROUP, false);
    }

    public StopPlan {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("stop plan has no steps");
        }
    }
}
