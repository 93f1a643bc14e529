package org.procmon.lifecycle;

import java.util.Optional;
import org.procmon.config.Hook;
import org.procmon.config.Signal;

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

    /** Ask a run's first process alone to end, as a step of its stop plan. */
    record StopLeader(Run run, Signal signal) implements Effect {}

    /** Kill what a run has left outside of its group. */
    record KillSurvivors(Run run) implements Effect {}

    /**
     * Ask what is left of a run without its leader; answered by {@code GroupGone}, {@code
     * GroupLingers} or {@code Survived}.
     */
    record ProbeGroup(Run run) implements Effect {}

    /**
     * Run a hook; answered by {@code HookEnded}, unless it is cancelled before.
     *
     * @param begun by which its answer is known
     * @param after how the run has ended that it follows; empty before a start
     */
    record RunHook(HookKind kind, Hook hook, Ticks begun, Optional<RunExit> after)
            implements Effect {}

    /** Kill the hook that runs, with its group; it is not answered for any more. */
    record CancelHook() implements Effect {}

    /**
     * Say that a hook has not done its work, which changes nothing.
     *
     * @param reason in words
     */
    record HookFailed(HookKind kind, String reason) implements Effect {}

    /** Take it out of the table. */
    record Forget() implements Effect {}
}
