package org.procmon.supervise.port;

import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.Effect;
import org.procmon.lifecycle.HookKind;

/**
 * Runs the hooks whose ends processes wait for, no more than one of a process at a time. Called on
 * the loop's thread only; returns at once.
 */
public interface HookRunner {
    /** Runs none, and answers nothing: for who only looks at what there is. */
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
     * Begins one. Its end is told by {@link org.procmon.lifecycle.Event.HookEnded}.
     *
     * @param of the process, whose user, limits, folder and variables it gets
     */
    void run(ProcessSpec of, Effect.RunHook hook);

    /** Kills the one that runs for a process, and tells nothing of its end. */
    void cancel(String name);

    /**
     * Lets people know that one has not done its work.
     *
     * @param reason in words
     */
    void failed(String name, HookKind kind, String reason);

    /** Whether a failure is yet to be told, for which no process waits, but a shutdown does. */
    default boolean isTelling() {
        return false;
    }

    /** Tells of no more failures, and kills what does. */
    default void hurry() {}
}
