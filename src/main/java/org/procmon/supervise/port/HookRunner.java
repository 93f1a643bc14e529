package org.procmon.supervise.port;

import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.Effect;

/**
 * Runs the hooks that processes wait for, at most one of a process at a time. Loop thread only;
 * returns at once.
 */
@FunctionalInterface
public interface HookRunner {
    /** Runs no hooks and reports nothing: for readers of the state. */
    HookRunner NONE = (_, _) -> {};

    /**
     * Runs or kills a hook, or reports that one failed. {@link
     * org.procmon.lifecycle.Event.HookEnded} is the result of a run, unless it is killed.
     *
     * @param process whose hook it is; the hook has its user, limits, working directory and
     *     variables
     */
    void perform(ProcessSpec process, Effect.HookEffect effect);
}
