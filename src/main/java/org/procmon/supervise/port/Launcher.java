package org.procmon.supervise.port;

import java.util.List;
import java.util.Optional;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Signal;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.StartError;

/**
 * What the loop needs of the kernel. Called on the loop's thread only; none of it blocks for long.
 */
public interface Launcher {
    /**
     * Begins to start a run; several are begun by the kernel in the same order, and two of them may
     * be made at a time. The end of the run is told to the {@link ExitListener}.
     *
     * @param number which run of the process this is
     */
    Launching begin(ProcessSpec spec, long number);

    /**
     * Why a run could not be started now, as far as that is seen without starting it: its program
     * is not there, say. Empty if nothing is known against it, and for what cannot be looked at
     * without waiting.
     */
    default Optional<String> refusal(ProcessSpec spec) {
        return Optional.empty();
    }

    /** Starts a run, and waits until it is. */
    default Launched launch(ProcessSpec spec, long number) {
        return begin(spec, number).await();
    }

    /**
     * Takes over a run that another monitor started. Its end is told to the {@link ExitListener},
     * also if it has ended already and the kernel still knows how; false if nothing is known of it.
     */
    boolean adopt(ProcessSpec spec, Run run);

    /**
     * Looks for a run that was just being started when its monitor died.
     *
     * @param number which run of the process it is
     */
    Found find(ProcessSpec spec, long number);

    /** Sends a signal to every process of a run's group; nothing happens when none is left. */
    void signalGroup(String name, Run run, Signal signal);

    /** Sends a signal to a run's first process; false if that has ended. */
    boolean signalLeader(String name, Run run, Signal signal);

    /** What is left of a run whose first process has ended. */
    Remains remains(ProcessSpec spec, Run run);

    /** Tidies up after a run of which nothing is left. */
    void over(String name, Run run);

    /**
     * Removes what it keeps of a process that is no longer supervised: one of the same name would
     * count its runs from the beginning.
     *
     * @param runs how many runs of it there were
     */
    default void forget(ProcessSpec spec, long runs) {}

    /** Kills what a run has left outside of its group, as far as it is found. */
    void killSurvivors(ProcessSpec spec, Run run);

    /** What is left of a run. */
    sealed interface Remains {
        record Nothing() implements Remains {}

        /** Some process of its group. */
        record OfItsGroup() implements Remains {}

        /**
         * Nothing of its group, but processes of its that have begun sessions of their own.
         *
         * @param names for people, such as {@code pid 4711 (sleep)}; at least one
         */
        record Survivors(List<String> names) implements Remains {
            public Survivors {
                names = List.copyOf(names);
            }
        }
    }

    /** What became of a run that was to be started. */
    sealed interface Found {
        /** It runs, or has left something in its group. */
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
         * Waits until the run was started, or could not be. To be called once for each, in the
         * order in which they were begun.
         */
        Launched await();
    }

    /** Whether a run was started. */
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
