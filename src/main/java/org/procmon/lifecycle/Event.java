package org.procmon.lifecycle;

import java.util.List;
import java.util.Optional;
import org.procmon.config.Schedule;

/** Something that happened to one process. */
public sealed interface Event {
    /** It is wanted up. */
    record Start() implements Event {}

    /** It is wanted down. */
    record Stop(StopReason why) implements Event {}

    /** It is wanted up by a new run. */
    record Restart(StopReason why) implements Event {}

    /** It is wanted down and forgotten. */
    record Delete(StopReason why) implements Event {}

    /** What it depends on has a new run, and it asked to follow. */
    record ParentRestarted() implements Event {}

    /** All that it depends on is up. */
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

    /** A run of it was started, and has ended, and nobody saw either. */
    record ExitedUnobserved() implements Event {}

    /** Its program could not be started. */
    record SpawnFailed(StartError error) implements Event {}

    /**
     * The first process of a run ended.
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
     * Some process is left in a run's group.
     *
     * @param run the run's number
     */
    record GroupNotEmpty(long run) implements Event {}

    /**
     * Nothing is left in a run's group, but processes of the run are elsewhere.
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
     * A run says that it is ready, or shows it.
     *
     * @param run the run's number
     */
    record BecameReady(long run) implements Event {}

    /**
     * A run says something else of itself.
     *
     * @param run the run's number
     */
    record Notified(long run, Notification saying) implements Event {}

    /**
     * A run was looked at.
     *
     * @param run the run's number
     * @param complaint what is wrong with it; empty if all is well
     */
    record Probed(long run, Optional<String> complaint) implements Event {}

    /**
     * A run has given no sign of life in time.
     *
     * @param run the run's number
     */
    record WatchdogExpired(long run) implements Event {}

    /**
     * The group of a run was found to have more memory than it may.
     *
     * @param run the run's number
     * @param bytes how much it had
     */
    record MemoryExceeded(long run, long bytes) implements Event {}

    /**
     * A hook has ended.
     *
     * @param begun when it was begun
     * @param trouble why it has not done its work; empty if it has
     */
    record HookEnded(Ticks begun, Optional<StartError> trouble) implements Event {}

    /** The state's deadline is reached. */
    record DeadlinePassed() implements Event {}

    /** A time of its schedule has come. */
    record ScheduleFired(Schedule.Action action) implements Event {}

    /** Something that is watched for it has changed. */
    record FilesChanged() implements Event {}

    /** It is to read its configuration again, by its reload signal or else by a new run. */
    record Refresh() implements Event {}

    /** End it at once; no patience is left. */
    record ForceKill() implements Event {}
}
