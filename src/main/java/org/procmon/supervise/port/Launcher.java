package org.procmon.supervise.port;

import java.util.List;
import java.util.Optional;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Signal;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.StartError;

/**
 * What the loop needs of the kernel. Called on the loop's thread only; no method blocks for long.
 */
public interface Launcher {
    /**
     * Starts a run without waiting; several start in the order of the calls, up to two at a time.
     * The {@link ExitListener} is notified of the run's exit.
     *
     * @param number which run of the process this is
     */
    Launching begin(ProcessSpec spec, long number);

    /**
     * Why a run could not be started now, as far as can be checked without starting it, such as a
     * missing program. Empty if no reason is known, and for what cannot be checked without waiting.
     */
    default Optional<StartError> refusal(ProcessSpec spec) {
        return Optional.empty();
    }

    /** Starts a run, and waits for the result. */
    default Launched launch(ProcessSpec spec, long number) {
        return begin(spec, number).await();
    }

    /**
     * Adopts a run that another monitor started. The {@link ExitListener} is notified of its exit,
     * also if it has exited already and the kernel still has its status; false if nothing is known
     * of it.
     */
    boolean adopt(ProcessSpec spec, Run run);

    /**
     * Searches for a run that was just being started when its monitor died.
     *
     * @param number which run of the process it is
     */
    Found find(ProcessSpec spec, long number);

    /** Sends a signal to every process of a run's group; does nothing if none is left. */
    void signalGroup(String name, Run run, Signal signal);

    /** Sends a signal to a run's first process; false if it has exited. */
    boolean signalLeader(String name, Run run, Signal signal);

    /** What is left of a run after its first process exited. */
    Remains remains(ProcessSpec spec, Run run);

    /** Cleans up after a run of which nothing is left. */
    void over(String name, Run run);

    /**
     * Removes the resources of a process that is no longer supervised: another process of the same
     * name would count its runs from 1 again.
     *
     * @param runs how many runs of it there were
     */
    default void forget(ProcessSpec spec, long runs) {}

    /** Kills the processes that a run left outside of its group, as far as they are found. */
    void killSurvivors(ProcessSpec spec, Run run);

    /** What is left of a run. */
    sealed interface Remains {
        record Nothing() implements Remains {}

        /** A process of its group. */
        record OfItsGroup() implements Remains {}

        /**
         * No process of its group, but processes that have started sessions of their own.
         *
         * @param names for people, such as {@code pid 4711 (sleep)}; at least one
         */
        record Survivors(List<String> names) implements Remains {
            public Survivors {
                names = List.copyOf(names);
            }
        }
    }

    /** The result of a start that a dead monitor had in progress. */
    sealed interface Found {
        /** It is up, or has left a process in its group. */
        record There(Launched.Started started) implements Found {}

        /** It was started, but nothing is left of it. */
        record Ended() implements Found {}

        /** It was never started. */
        record NeverStarted() implements Found {}
    }

    /** A run that is being started. */
    @FunctionalInterface
    interface Launching {
        /**
         * Waits until the run was started, or failed to start. To be called once for each, in the
         * order of the starts.
         */
        Launched await();
    }

    /** The result of a start. */
    sealed interface Launched {
        /**
         * It runs.
         *
         * @param born when the kernel started it, see {@link Run}
         */
        record Started(int pid, long born) implements Launched {}

        record NotStarted(StartError error) implements Launched {}
    }
}
