package org.procmon.lifecycle;

import java.util.List;
import java.util.Optional;
import org.procmon.config.Schedule;

/** Something that happened to one process. */
public sealed interface Event {
    /** The goal becomes up. */
    record Start() implements Event {}

    /** The goal becomes down. */
    record Stop(StopReason why) implements Event {}

    /** The process is to be up with a new run. */
    record Restart(StopReason why) implements Event {}

    /** The process is to be stopped and removed. */
    record Delete(StopReason why) implements Event {}

    /** A dependency has a new run, and this process is configured to restart with it. */
    record ParentRestarted() implements Event {}

    /** All dependencies are up. */
    record DependenciesMet() implements Event {}

    /** No process that depends on it is still being stopped. */
    record DependentsGone() implements Event {}

    /**
     * Its program runs.
     *
     * @param pid its session leader
     * @param born when the kernel started it, see {@link Run}
     */
    record Spawned(int pid, long born) implements Event {}

    /** A run started and exited, both unobserved. */
    record ExitedUnobserved() implements Event {}

    /** Its program could not be started. */
    record SpawnFailed(StartError error) implements Event {}

    /**
     * The first process of a run exited.
     *
     * @param run the run's number
     */
    record LeaderExited(long run, ExitStatus status, ResourceUsage usage) implements Event {}

    /**
     * No process of a run is left.
     *
     * @param run the run's number
     */
    record GroupGone(long run) implements Event {}

    /**
     * A run's group still has a process.
     *
     * @param run the run's number
     */
    record GroupNotEmpty(long run) implements Event {}

    /**
     * A run's group is empty, but processes of the run exist outside of it.
     *
     * @param run the run's number
     * @param names for people; at least one
     */
    record EscapeesFound(long run, List<String> names) implements Event {
        public EscapeesFound {
            names = List.copyOf(names);
        }
    }

    /**
     * A run reports that it is ready, or its probe shows it.
     *
     * @param run the run's number
     */
    record BecameReady(long run) implements Event {}

    /**
     * A run sends another notification about itself.
     *
     * @param run the run's number
     */
    record Notified(long run, Notification saying) implements Event {}

    /**
     * A run was probed.
     *
     * @param run the run's number
     * @param complaint what is wrong with it; empty if it is healthy
     */
    record Probed(long run, Optional<String> complaint) implements Event {}

    /**
     * A run sent no watchdog signal in time.
     *
     * @param run the run's number
     */
    record WatchdogExpired(long run) implements Event {}

    /**
     * The group of a run uses more memory than its limit.
     *
     * @param run the run's number
     * @param bytes how much it used
     */
    record MemoryExceeded(long run, long bytes) implements Event {}

    /**
     * A hook exited or was killed.
     *
     * @param begun when it started
     * @param trouble why it failed; empty if it succeeded
     */
    record HookEnded(Ticks begun, Optional<StartError> trouble) implements Event {}

    /** The state's deadline is reached. */
    record DeadlinePassed() implements Event {}

    /** A time of its schedule has come. */
    record ScheduleFired(Schedule.Action action) implements Event {}

    /** A watched file has changed. */
    record FilesChanged() implements Event {}

    /** It is to reload its configuration, by its reload signal or else by a new run. */
    record Refresh() implements Event {}

    /** Kill it at once, without the rest of its stop plan. */
    record ForceKill() implements Event {}
}
