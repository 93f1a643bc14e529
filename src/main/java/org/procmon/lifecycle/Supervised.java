package org.procmon.lifecycle;

/**
 * A supervised process at one moment.
 *
 * @param goal what is wanted of it
 * @param state what was observed of it
 * @param tally what is remembered of it
 * @param vitals what its present run says, and what looking at that has shown
 */
public record Supervised(Goal goal, ProcessState state, Tally tally, Vitals vitals) {
    /** Of whose run nothing is known yet. */
    public Supervised(Goal goal, ProcessState state, Tally tally) {
        this(goal, state, tally, Vitals.NONE);
    }

    /** A process that nothing has asked for yet. */
    public static Supervised unstarted(StopReason why, Ticks now) {
        return new Supervised(Goal.DOWN, new ProcessState.Stopped(why, now), Tally.NONE);
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
    public boolean isKeptAs(Supervised other) {
        return goal == other.goal && state.equals(other.state) && tally.equals(other.tally);
    }

    /** As another monitor goes on with it, to which no hook of this one answers. */
    public Supervised withoutHook() {
        if (state instanceof ProcessState.Waiting s && s.preparation().isPresent()) {
            return to(new ProcessState.Waiting(s.since()));
        }
        return state instanceof ProcessState.Stopping s && s.hook().isPresent()
                ? to(s.withoutHook())
                : this;
    }

    Supervised to(ProcessState next) {
        return new Supervised(goal, next, tally, next.run().isPresent() ? vitals : Vitals.NONE);
    }

    Supervised wanting(Goal next) {
        return new Supervised(next, state, tally, vitals);
    }

    Supervised with(Tally next) {
        return new Supervised(goal, state, next, vitals);
    }

    Supervised with(Vitals next) {
        return new Supervised(goal, state, tally, next);
    }
}
