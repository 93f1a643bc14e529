package org.procmon.lifecycle;

/**
 * A supervised process at one moment.
 *
 * @param goal what is wanted of it
 * @param state what was observed of it
 * @param tally what is remembered of it
 * @param vitals what its present run says, and what looking at that has shown
 */
public record ProcessStatus(Goal goal, ProcessState state, RunCounters tally, RunHealth vitals) {
    /** Of whose run nothing is known yet. */
    public ProcessStatus(Goal goal, ProcessState state, RunCounters tally) {
        this(goal, state, tally, RunHealth.NONE);
    }

    /** A process that nothing has asked for yet. */
    public static ProcessStatus unstarted(StopReason why, Ticks now) {
        return new ProcessStatus(Goal.DOWN, new ProcessState.Stopped(why, now), RunCounters.NONE);
    }

    /** Whether it is down because somebody wanted it so; a schedule is paused then. */
    public boolean isHeldDown() {
        if (goal == Goal.FORGOTTEN) {
            return !isRemoved();
        }
        return goal == Goal.DOWN && endedFor(StopReason.OPERATOR);
    }

    /** Whether it goes since a configuration did not name it, which another may do again. */
    public boolean isRemoved() {
        return goal == Goal.FORGOTTEN && endedFor(StopReason.REMOVED);
    }

    /** Whether it is down, or on its way there, for this reason. */
    public boolean endedFor(StopReason why) {
        return (state instanceof ProcessState.Stopped s && s.why() == why)
                || (state instanceof ProcessState.Stopping t && t.why() == why);
    }

    /** Whether the next monitor need not tell them apart: what a run says is forgotten. */
    public boolean isKeptAs(ProcessStatus other) {
        return goal == other.goal && state.equals(other.state) && tally.equals(other.tally);
    }

    /** As another monitor goes on with it, to which no hook of this one answers. */
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
