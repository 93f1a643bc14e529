package org.procmon.supervise.port;

import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.Effect;
import org.procmon.lifecycle.HookKind;

/**
 * Runs the hooks that processes wait for, at most one of a process at a time. Called on the loop's
 * thread only; returns at once.
 */
public interface HookRunner {
    /** Runs no hooks and reports nothing: for readers of the state. */
    HookRunner NONE =
            new HookRunner() {
                @Override
                public void run(ProcessSpec of, Effect.RunHook hook) {}

                @Override
                public void cancel(String name) {}

                @Override
                public void failed(String name, HookKind kind, String reason) {}
            };

    /**
     * Starts one. {@link org.procmon.lifecycle.Event.HookEnded} reports its result.
     *
     * @param of the process; the hook has its user, limits, working directory and variables
     */
    void run(ProcessSpec of, Effect.RunHook hook);

    /** Kills the running hook of a process, without reporting a result. */
    void cancel(String name);

    /**
     * Reports to people that a hook failed.
     *
     * @param reason in words
     */
    void failed(String name, HookKind kind, String reason);

    /** Whether a failure hook runs or is queued; no process waits for it, but a shutdown does. */
    default boolean isTelling() {
        return false;
    }

    /** Kills the running failure hooks, and starts no more. */
    default void hurry() {}
}
