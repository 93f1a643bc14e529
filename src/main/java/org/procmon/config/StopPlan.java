package org.procmon.config;

import java.time.Duration;
import java.util.List;

/**
 * The key {@code stop}: the signals sent to the process group, or to its first process alone, one
 * after another, until the group is empty.
 *
 * @param steps at least one; if the plan does not end with KILL, that follows the last step's
 *     timeout
 * @param to which processes get them; a final KILL goes to the whole group
 * @param leavesSurvivors whether processes that have left the group continue to run; otherwise they
 *     are killed
 */
public record StopPlan(List<Step> steps, Target to, boolean leavesSurvivors) {
    /** Which processes of a run get the signals of a plan. */
    public enum Target {
        GROUP,
        /** The first process alone; after it exits, the rest of its group is killed. */
        MAIN
    }

    /**
     * One signal of a plan.
     *
     * @param signal the signal to send
     * @param timeout the time before the next step
     */
    public record Step(Signal signal, Duration timeout) {}

    /** TERM, and KILL ten seconds later. */
    public static final StopPlan DEFAULT =
            new StopPlan(List.of(new Step(Signal.TERM, Duration.ofSeconds(10))));

    /** A plan for the whole group that also kills processes that have left it. */
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
