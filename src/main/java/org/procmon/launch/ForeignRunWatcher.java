package org.procmon.launch;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Signal;
import org.procmon.launch.Reaper.RunKey;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.posix.Pidfd;
import org.procmon.posix.ProcessExitPoller;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Processes;
import org.procmon.supervise.port.ExitListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The adopted runs that are children of another process, since the monitor that started them is
 * dead and the kernel gave them to a process other than this one. A pidfd shows their exit; the
 * exit status can be read until they are reaped, and from Linux 6.15 on also afterwards.
 *
 * <p>A platform thread, started when there is first something to watch, blocks in the kernel;
 * everything else is for any thread.
 */
final class ForeignRunWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignRunWatcher.class);

    /** How often those without a pidfd are polled. */
    private static final int WITHOUT_PIDFD_MILLIS = 500;

    private final boolean mayUseGroupsByPidfd;
    private final Object lock = new Object();

    /** By pid; guarded by the lock, as are the fields below. */
    private final Map<Integer, ForeignRun> all = new HashMap<>();

    private long serials;
    private @Nullable ProcessExitPoller endings;
    private @Nullable ExitListener listener;
    private @Nullable UncaughtExceptionHandler bugs;
    private boolean started;

    /**
     * @param mayUseGroupsByPidfd whether groups are signalled by pidfd where the kernel can do so
     */
    ForeignRunWatcher(boolean mayUseGroupsByPidfd) {
        this.mayUseGroupsByPidfd = mayUseGroupsByPidfd;
    }

    /** Reports the exits of processes from now on, also of those that have exited before. */
    void begin(ExitListener exits, @Nullable UncaughtExceptionHandler handler) {
        synchronized (lock) {
            listener = exits;
            bugs = handler;
            startIfNeeded();
        }
    }

    /** Watches a process; false if there is none with its pid and start time. */
    boolean watch(ForeignRun foreignRun) {
        synchronized (lock) {
            foreignRun.begin(serials++, mayUseGroupsByPidfd && Pidfd.canSignalGroups());
            switch (foreignRun.hold()) {
                case GONE -> {
                    return false;
                }
                case HELD -> {}
                case DENIED ->
                        LOG.atWarn()
                                .addKeyValue("process", foreignRun.run.name())
                                .addKeyValue("pid", foreignRun.pid)
                                .log("{process} has no pidfd, polling it instead");
            }
            drop(all.put(foreignRun.pid, foreignRun));
            enlist(foreignRun);
            startIfNeeded();
            return true;
        }
    }

    /** Whether a run is watched here: its first process, or what that has left in its group. */
    boolean knows(Run run) {
        synchronized (lock) {
            return find(run) != null;
        }
    }

    /** Whether a process is watched, and has not been seen to exit. */
    boolean isAlive(int pid) {
        synchronized (lock) {
            ForeignRun foreignRun = all.get(pid);
            return foreignRun != null && !foreignRun.ended;
        }
    }

    /** Sends a signal to a run's first process; false if that has exited. */
    boolean signalLeader(Run run, Signal signal) {
        synchronized (lock) {
            ForeignRun foreignRun = find(run);
            return foreignRun != null && !foreignRun.ended && foreignRun.signal(signal.number());
        }
    }

    void signalGroup(Run run, Signal signal) {
        synchronized (lock) {
            ForeignRun foreignRun = find(run);
            if (foreignRun != null) {
                foreignRun.signalGroup(signal.number());
            }
        }
    }

    /**
     * Whether nothing is alive in the group of a run whose first process has exited. Zombies do not
     * count: their parents may leave them for ever. If so, the run is watched no longer.
     */
    boolean isGroupEmpty(Run run) {
        List<ForeignRun> over = new ArrayList<>();
        synchronized (lock) {
            ForeignRun foreignRun = find(run);
            if (foreignRun == null) {
                return true;
            }
            if (foreignRun.alone || !foreignRun.groupExists()) {
                all.remove(foreignRun.pid);
                drop(foreignRun);
                return true;
            }
            for (ForeignRun other : all.values()) {
                if (other.ended) {
                    over.add(other);
                }
            }
        }
        // One scan of all processes serves all runs that have exited by now.
        Set<Integer> alive = aliveGroups();
        synchronized (lock) {
            for (ForeignRun other : over) {
                other.alone = !alive.contains(other.pid);
            }
            ForeignRun foreignRun = find(run);
            if (foreignRun != null && foreignRun.alone) {
                all.remove(foreignRun.pid);
                drop(foreignRun);
                return true;
            }
            return foreignRun == null;
        }
    }

    /**
     * The run whose first process is about to be reaped by this process, which the kernel made its
     * parent while it was watched; its exit is then not reported from here. Empty if there is none.
     */
    Optional<RunKey> claim(int pid) {
        synchronized (lock) {
            ForeignRun foreignRun = all.get(pid);
            if (foreignRun == null || foreignRun.ended || foreignRun.leader().isEmpty()) {
                return Optional.empty();
            }
            foreignRun.ended = true;
            return Optional.of(foreignRun.run);
        }
    }

    private @Nullable ForeignRun find(Run run) {
        ForeignRun foreignRun = all.get(run.pid());
        return foreignRun != null
                        && foreignRun.born == run.born()
                        && foreignRun.run.number() == run.number()
                ? foreignRun
                : null;
    }

    private void enlist(ForeignRun foreignRun) {
        if (endings == null) {
            endings = new ProcessExitPoller();
        }
        if (foreignRun.pidfd().isPresent()) {
            endings.add(foreignRun.pidfd().get(), foreignRun.serial);
        } else {
            endings.wake();
        }
    }

    private void drop(@Nullable ForeignRun watched) {
        if (watched != null && watched.pidfd().isPresent() && endings != null) {
            endings.remove(watched.pidfd().get());
            watched.release();
        }
    }

    private void startIfNeeded() {
        if (listener != null && endings != null && !started) {
            started = true;
            ExitListener exits = listener;
            ProcessExitPoller source = endings;
            Thread.Builder.OfPlatform builder = Thread.ofPlatform().daemon().name("watcher");
            if (bugs != null) {
                builder.uncaughtExceptionHandler(bugs);
            }
            builder.start(() -> watchFor(exits, source));
        }
    }

    private void watchFor(ExitListener exits, ProcessExitPoller source) {
        while (true) {
            long[] serialsOfEnded =
                    source.await(allAreHeld() ? ProcessExitPoller.FOR_EVER : WITHOUT_PIDFD_MILLIS);
            Set<Long> ended = new HashSet<>();
            for (long serial : serialsOfEnded) {
                ended.add(serial);
            }
            for (Exit exit : exits(ended)) {
                exits.leaderExited(
                        exit.run().name(), exit.run().number(), exit.status(), exit.usage());
            }
        }
    }

    private record Exit(RunKey run, ExitStatus status, ResourceUsage usage) {}

    private boolean allAreHeld() {
        synchronized (lock) {
            for (ForeignRun foreignRun : all.values()) {
                if (foreignRun.pidfd().isEmpty()) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Of those with these serials, and of those that are not held and have exited too. */
    private List<Exit> exits(Set<Long> serialsOfEnded) {
        List<Exit> exits = new ArrayList<>();
        synchronized (lock) {
            for (ForeignRun foreignRun : all.values()) {
                if (foreignRun.ended) {
                    continue;
                }
                boolean hasEnded = serialsOfEnded.contains(foreignRun.serial);
                if (foreignRun.pidfd().isEmpty()) {
                    hasEnded = hasEndedUnheld(foreignRun);
                }
                if (hasEnded) {
                    foreignRun.ended = true;
                    Optional<ProcessStat> stat = foreignRun.leader();
                    exits.add(
                            new Exit(
                                    foreignRun.run,
                                    ExitStatus.of(foreignRun.exitStatus(stat)),
                                    usage(stat)));
                }
            }
        }
        return exits;
    }

    private boolean hasEndedUnheld(ForeignRun foreignRun) {
        return switch (foreignRun.hold()) {
            case GONE -> true;
            case HELD -> {
                enlist(foreignRun);
                yield false;
            }
            case DENIED -> foreignRun.leader().map(ProcessStat::hasEnded).orElse(true);
        };
    }

    static Set<Integer> aliveGroups() {
        Set<Integer> groups = new HashSet<>();
        for (int pid : Processes.pids()) {
            Optional<ProcessStat> stat = ProcessStat.of(pid);
            if (stat.isPresent() && !stat.get().hasEnded()) {
                groups.add(stat.get().group());
            }
        }
        return groups;
    }

    private static ResourceUsage usage(Optional<ProcessStat> stat) {
        return stat.map(s -> new ResourceUsage(s.userTime(), s.systemTime(), 0))
                .orElse(ResourceUsage.NONE);
    }
}
