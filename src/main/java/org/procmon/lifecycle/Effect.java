package org.procmon.lifecycle;

import org.procmon.spec.Signal;

/** Something to be done for one process; the answer, if any, comes back as an event. */
public sealed interface Effect {
    /**
     * Start its program; answered by {@code Spawned} or {@code SpawnFailed}.
     *
     * @param number which run this will be
     */
    record Spawn(long number) implements Effect {}

    /** Send a signal to a run's whole group. */
    record SignalGroup(Run run, Signal signal) implements Effect {}

    /** Send a signal to a run's first process. */
    record SignalLeader(Run run, Signal signal) implements Effect {}

    /** Kill what a run has left outside of its group. */
    record KillSurvivors(Run run) implements Effect {}

    /**
     * Ask what is left of a run without its leader; answered by {@code GroupGone}, {@code
     * GroupLingers} or {@code Survived}.
     */
    record ProbeGroup(Run run) implements Effect {}

    /** Take it out of the table. */
    record Forget() implements Effect {}
}
