package org.procmon.supervise.port;

import java.util.List;
import org.procmon.config.MonitorSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Signal;

/** A request of a client to the monitor. Names may be patterns, see {@code NamePattern}. */
public sealed interface Command {
    /** Starts the processes; done when each is up, or has run to completion. */
    record Start(List<String> names) implements Command {}

    /** Stops the processes; done when the group of each is empty. */
    record Stop(List<String> names) implements Command {}

    /** Restarts the processes with a new run. */
    record Restart(List<String> names) implements Command {}

    /**
     * Restarts the processes one after the other, and stops one that is up only while all of them
     * are ready. A process can be part of only one rolling restart at a time.
     */
    record Roll(List<String> names) implements Command {}

    /**
     * Reloads their configuration: by their reload signal where they have one and are up, else by a
     * new run.
     */
    record Refresh(List<String> names) implements Command {}

    /**
     * Stops and removes the processes until the configuration is read again.
     *
     * @param force whether to include those on which others depend
     */
    record Delete(List<String> names, boolean force) implements Command {}

    /** Runs another of the monitor's own programs; done when it is up. */
    record StartCompanion(Companion companion) implements Command {}

    /**
     * Starts a worker of a pool, which becomes a process now if it is none yet. Nothing happens if
     * the pool was stopped or removed meanwhile. Done at once.
     */
    record StartWorker(ProcessSpec worker) implements Command {}

    /**
     * Stops a worker of a pool, and removes it. Done at once.
     *
     * @param atOnce whether it is killed, since it serves no client
     */
    record RetireWorker(String name, boolean atOnce) implements Command {}

    /**
     * Sends a signal to the process group of a worker, if it still has this run. Done at once; it
     * has failed if there is no such run.
     */
    record SignalWorker(String name, long run, Signal signal) implements Command {}

    /** Sends a signal to the first process of each; it is an error if one is not alive. */
    record SendSignal(List<String> names, Signal signal) implements Command {}

    /**
     * Replaces the present configuration; done when that is certain, and the resulting changes have
     * started.
     *
     * @param companions the monitor's own programs under it
     * @param bringsBackDeleted whether to restore what an operator has deleted, as after the files
     *     were read; a changed number of instances restores nothing
     */
    record Reload(AcceptedConfig config, List<Companion> companions, boolean bringsBackDeleted)
            implements Command {}

    /** Reports what a reload would do. */
    record PlanReload(MonitorSpec spec) implements Command {}

    /** Stops everything in reverse order; done when all is down. A second one forces it. */
    record Shutdown() implements Command {}
}
