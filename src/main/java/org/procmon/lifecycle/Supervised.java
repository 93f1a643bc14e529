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
