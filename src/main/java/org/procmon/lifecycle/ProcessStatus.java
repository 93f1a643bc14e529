package org.procmon.lifecycle;

/**
 * A supervised process at one moment.
 *
 * @param goal what is wanted of it
 * @param state what was observed of it
 * @param tally what is kept across its states
 * @param vitals the notifications and probe results of its present run
 */
public record ProcessStatus(Goal goal, ProcessState state, RunCounters tally, RunHealth vitals) {
    /** With a run of which nothing is known yet. */
    public ProcessStatus(Goal goal, ProcessState state, RunCounters tally) {
        this(goal, state, tally, RunHealth.NONE);
    }

    /** A process that was never started or stopped. */
    public static ProcessStatus unstarted(StopReason why, Ticks now) {
        return new ProcessStatus(Goal.DOWN, new ProcessState.Stopped(why, now), RunCounters.NONE);
    }

    /** Whether an operator stopped it; this pauses its schedule. */
    public boolean isHeldDown() {
        if (goal == Goal.FORGOTTEN) {
            return !isRemoved();
        }
        return goal == Goal.DOWN && endedFor(StopReason.OPERATOR);
    }

    /**
     * Whether it is being removed because a configuration did not name it, or its pool does not
     * need it; it may be wanted again.
     */
    public boolean isRemoved() {
        return goal == Goal.FORGOTTEN
                && (endedFor(StopReason.REMOVED) || endedFor(StopReason.RETIRED));
    }

    /** Whether it is down or stopping for this reason. */
    public boolean endedFor(StopReason why) {
        return (state instanceof ProcessState.Stopped s && s.why() == why)
                || (state instanceof ProcessState.Stopping t && t.why() == why);
    }

    /** Whether the next monitor need not distinguish them: what a run reports is not kept. */
    public boolean isKeptAs(ProcessStatus other) {
        return goal == other.goal && state.equals(other.state) && tally.equals(other.tally);
    }

    /** As another monitor continues with it; a hook of this monitor does not report to that one. */
    public ProcessStatus withoutHook() {
        if (state instanceof ProcessState.Waiting s && s.preparation().isPresent()) {
            return to(new ProcessState.Waiting(s.since()));
        }
        return state instanceof ProcessState.Stopping s && s.hook().isPresent()
                ? to(s.withoutHook())
                : this;
    }

    ProcessStatus to(ProcessState next) {
        return new ProcessStatus(
                goal, next, tally, next.run().isPresent() ? vitals : RunHealth.NONE);
    }

    ProcessStatus wanting(Goal next) {
        return new ProcessStatus(next, state, tally, vitals);
    }

    ProcessStatus with(RunCounters next) {
        return new ProcessStatus(goal, state, next, vitals);
    }

    ProcessStatus with(RunHealth next) {
        return new ProcessStatus(goal, state, tally, next);
    }
}
