package org.procmon.supervise;

import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.StartError;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.Signal;

/**
 * What the loop needs of the kernel. Called on the loop's thread only; none of it blocks for long.
 */
public interface Launcher {
    /**
     * Starts a run. Its end is told to the {@link ExitListener}.
     *
     * @param number which run of the process this is
     */
    Launched launch(ProcessSpec spec, long number);

    /** Sends a signal to every process of a run's group; nothing happens when none is left. */
    void signalGroup(String name, Run run, Signal signal);

    /** Sends a signal to a run's first process; false if that has ended. */
    boolean signalLeader(String name, Run run, Signal signal);

    /** Whether no process is left in the group of a run whose first process has ended. */
    boolean isGroupEmpty(Run run);

    /** Whether a run was started. */
    sealed interface Launched {
        record Started(int pid) implements Launched {}

        record NotStarted(StartError error) implements Launched {}
    }
}
