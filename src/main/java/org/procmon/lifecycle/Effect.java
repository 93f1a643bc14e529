package org.procmon.lifecycle;

import java.util.Optional;
import org.procmon.config.Hook;
import org.procmon.config.Signal;

/** An action to perform for one process; its result, if any, comes back as an event. */
public sealed interface Effect {
    /**
     * Starts its program; the result is {@code Spawned} or {@code SpawnFailed}.
     *
     * @param number the number of the new run
     */
    record Spawn(long number) implements Effect {}

    /** Sends a signal to a run's whole process group. */
    record SignalGroup(Run run, Signal signal) implements Effect {}

    /** Sends a signal to a run's first process. */
    record SignalLeader(Run run, Signal signal) implements Effect {}

    /** Sends a signal to a run's first process alone, as a step of its stop plan. */
    record StopLeader(Run run, Signal signal) implements Effect {}

    /** Kills the processes that a run left outside of its group. */
    record KillSurvivors(Run run) implements Effect {}

    /**
     * Checks what is left of a run without its leader; the result is {@code GroupGone}, {@code
     * GroupNotEmpty} or {@code EscapeesFound}.
     */
    record ProbeGroup(Run run) implements Effect {}

    /** Something about the hooks of a process; performed by the hook runner. */
    sealed interface HookEffect extends Effect {}

    /**
     * Runs a hook; the result is {@code HookEnded}, unless the hook is cancelled first.
     *
     * @param begun when it started; identifies its result
     * @param after how the run before it exited; empty before a start
     */
    record RunHook(HookKind kind, Hook hook, Ticks begun, Optional<RunExit> after)
            implements HookEffect {}

    /** Kills the running hook with its group; no result follows. */
    record CancelHook() implements HookEffect {}

    /**
     * Reports that a hook failed; changes no state.
     *
     * @param reason in words
     */
    record HookFailed(HookKind kind, String reason) implements HookEffect {}

    /** Removes the process from the table. */
    record Forget() implements Effect {}
}
