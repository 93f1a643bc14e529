package org.procmon.launch;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Signal;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.posix.Children;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Errno;
import org.procmon.posix.Pidfd;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Processes;
import org.procmon.posix.Signals;
import org.procmon.posix.Spawn;
import org.procmon.supervise.port.ExitListener;

/**
 * The children of this process: starts them, waits for them, and signals them. Each is reaped under
 * the lock under which signals are sent, so that a signal never reaches a pid that was given back
 * to the kernel.
 *
 * <p>{@link #reapFor} blocks in the kernel and belongs on a platform thread of its own; everything
 * else is for any thread.
 */
public final class Reaper {
    /** Distinguishes a run from all others, also from a later one with the same pid. */
    record RunKey(String name, long number) {}

    /** Whether a run was started. */
    sealed interface Birth {
        /**
         * It runs.
         *
         * @param born see {@link org.procmon.lifecycle.Run}
         */
        record Alive(int pid, long born) implements Birth {}

        record Failed(Errno errno) implements Birth {}
    }

    private static final long LINGERING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ForeignRunWatcher others;
    private final AdoptionWarmup adoptionWarmup;
    private final Object lock = new Object();

    /**
     * The runs that were spawned or adopted here and not reaped, by their pid; guarded by the lock.
     */
    private final Map<Integer, RunKey> unreaped = new HashMap<>();

    /**
     * The largest resident sets of runs that were signalled, in bytes, by their pids. What the
     * kernel reports at their exit starts with that of this process, see {@link Children.Exit}.
     * Guarded by the lock.
     */
    private final Map<Integer, Long> peaks = new HashMap<>();

    /** The callbacks for the exits of helper commands, by their pids; guarded by the lock. */
    private final Map<Integer, Consumer<ExitStatus>> helpers = new HashMap<>();

    /**
     * The pids of runs that were to be adopted when their first process was gone already. What they
     * have left may be zombies of parents that leave them for ever. Guarded by the lock.
     */
    private final Set<Integer> outlived = new HashSet<>();

    /**
     * The groups that have outlived the first process of their run, with the time of the next scan
     * of all processes for them, by {@link System#nanoTime}. Guarded by the lock.
     */
    private final Map<Integer, Long> lingering = new HashMap<>();

    /**
     * The runs that are being started, by the numbers of their turns. Until the result of a start
     * is known, a child that exits may be one of them. Guarded by the lock.
     */
    private final SortedSet<Long> expected = new TreeSet<>();

    /** The latest of these numbers; guarded by the lock. */
    private long turn;

    /** Counts the reasons to look for children again; guarded by the lock. */
    private long reasons;

    /**
     * The process that the kernel made the parent of the adopted runs that are not this process's
     * children; 0 if there are none.
     */
    private volatile int guardian;

    /** Whether nothing more is reaped; guarded by the lock. */
    private boolean retired;

    public Reaper() {
        this(new AdoptionWarmup());
    }

    /**
     * @param adoptionWarmup may hold some of the runs to adopt; not to be used elsewhere afterwards
     */
    public Reaper(AdoptionWarmup adoptionWarmup) {
        this(new ForeignRunWatcher(true), adoptionWarmup);
    }

    /**
     * @param others watches the runs that are not this process's children
     */
    Reaper(ForeignRunWatcher others, AdoptionWarmup adoptionWarmup) {
        this.others = others;
        this.adoptionWarmup = adoptionWarmup;
    }

    /** A run that is being started. {@link #await} has to be called once. */
    final class Expected {
        private final RunKey run;
        private final long number;
        private final Spawn.Begun begun;

        private Expected(RunKey run, Spawn.Request request) {
            this.run = run;
            synchronized (lock) {
                number = ++turn;
                expected.add(number);
            }
            this.begun = Spawn.begin(request);
        }

        /** Blocks until its program is executed or could not be. */
        Birth await() {
            Spawn.Result result = begun.await();
            synchronized (lock) {
                expected.remove(number);
                Birth birth = arrival(result);
                lookAgain();
                return birth;
            }
        }

        private Birth arrival(Spawn.Result result) {
            return switch (result) {
                case Spawn.Result.Started started -> {
                    int pid = started.pid();
                    unreaped.put(pid, run);
                    // It cannot be reaped before the lock is free, so this is its own.
                    Optional<ProcessStat> stat = ProcessStat.of(pid);
                    yield new Birth.Alive(pid, stat.isPresent() ? stat.get().born() : 0);
                }
                case Spawn.Result.NotStarted failed -> new Birth.Failed(failed.errno());
            };
        }
    }

    /** Starts a run, after all whose start was requested before. */
    Expected expect(RunKey run, Spawn.Request request) {
        return new Expected(run, request);
    }

    Birth spawn(RunKey run, Spawn.Request request) {
        return expect(run, request).await();
    }

    /**
     * Starts a program that is not a run of any process.
     *
     * @param ended is called with its exit on the reaper's thread, unless this monitor exits before
     */
    Birth spawnHelper(Spawn.Request request, Consumer<ExitStatus> ended) {
        synchronized (lock) {
            return switch (Spawn.spawn(request)) {
                case Spawn.Result.Started started -> {
                    helpers.put(started.pid(), ended);
                    lookAgain();
                    yield new Birth.Alive(started.pid(), 0);
                }
                case Spawn.Result.NotStarted failed -> new Birth.Failed(failed.errno());
            };
        }
    }

    /** Kills the group of a helper command that has not exited. */
    void killHelper(int pid) {
        synchronized (lock) {
            if (helpers.containsKey(pid)) {
                Signals.sendToGroup(pid, Signal.KILL.number());
            }
        }
    }

    /**
     * Takes over a run that another process spawned, even if it is a zombie by now: as a child of
     * this process if the kernel made it so when its parent died, otherwise as the child of another
     * process. False if there is no session leader with this pid and start time.
     */
    boolean adopt(RunKey run, int pid, long born) {
        if (pid <= 1) {
            return false;
        }
        Optional<Pidfd> held = adoptionWarmup.take(pid, born);
        return held.isPresent() ? adoptHeld(run, pid, born, held.get()) : adoptNew(run, pid, born);
    }

    private boolean adoptHeld(RunKey run, int pid, long born, Pidfd held) {
        synchronized (lock) {
            if (Children.has(held)) {
                held.close();
                unreaped.put(pid, run);
                lookAgain();
                return true;
            }
        }
        if (guardian == 0) {
            // The kernel gave them all to the same process.
            ProcessStat.of(pid).ifPresent(stat -> guardian = stat.parent());
        }
        others.watch(new ForeignRun(run, pid, born, held));
        return true;
    }

    private boolean adoptNew(RunKey run, int pid, long born) {
        synchronized (lock) {
            Optional<ProcessStat> stat = ProcessStat.of(pid);
            if (stat.isEmpty() || stat.get().born() != born || !stat.get().leadsSession()) {
                outlived.add(pid);
                return false;
            }
            if (stat.get().parent() == CurrentProcess.pid()) {
                unreaped.put(pid, run);
                lookAgain();
                return true;
            }
            guardian = stat.get().parent();
        }
        return others.watch(new ForeignRun(run, pid, born, ForeignRun.Kind.LEADER));
    }

    /**
     * Takes over a run that is no child of this process and leads no session, such as a program
     * that was started by hand.
     */
    boolean adoptGuest(RunKey run, int pid, long born) {
        return pid > 1 && others.watch(new ForeignRun(run, pid, born, ForeignRun.Kind.GUEST));
    }

    /** Whether this is the first process of a run that was spawned or adopted, and not reaped. */
    boolean isOfAKnownRun(int pid) {
        synchronized (lock) {
            if (unreaped.containsKey(pid)) {
                return true;
            }
        }
        return others.isAlive(pid);
    }

    /** Whether a run's first process still has this pid. */
    boolean isUnreaped(RunKey run, int pid) {
        synchronized (lock) {
            return run.equals(unreaped.get(pid));
        }
    }

    /**
     * The processes whose own parent is gone, so that the kernel has given them to this process, or
     * to the one that is the parent of the adopted runs that are not this process's children. No
     * run is among them.
     */
    int[] orphans() {
        int[] orphans = Processes.orphansOf(CurrentProcess.pid());
        if (guardian > 0) {
            int[] more = Processes.orphansOf(guardian);
            int own = orphans.length;
            orphans = Arrays.copyOf(orphans, own + more.length);
            System.arraycopy(more, 0, orphans, own, more.length);
        }
        int count = 0;
        for (int pid : orphans) {
            if (!isOfAKnownRun(pid)) {
                orphans[count++] = pid;
            }
        }
        return Arrays.copyOf(orphans, count);
    }

    /** The adopted runs that are not this process's children. */
    ForeignRunWatcher others() {
        return others;
    }

    /**
     * Sends a signal, which may end it, to a child of ours that was not reaped; false if it was.
     */
    boolean signalLeader(RunKey run, int pid, Signal signal) {
        synchronized (lock) {
            if (!isUnreaped(run, pid)) {
                return false;
            }
            peaks.merge(pid, Processes.peakOf(pid), Math::max);
            return Signals.send(pid, signal.number());
        }
    }

    /**
     * Sends a signal that is to end it to the group that a child of ours started, if any process is
     * left in it.
     */
    void signalGroup(RunKey run, int pid, Signal signal) {
        synchronized (lock) {
            boolean unreaped = isUnreaped(run, pid);
            if (unreaped) {
                peaks.merge(pid, Processes.peakOf(pid), Math::max);
            }
            if (unreaped || !isGroupEmpty(pid)) {
                Signals.sendToGroup(pid, signal.number());
            }
        }
    }

    /**
     * Whether the group of a reaped child is empty, except for zombies that their parents leave for
     * ever. While it is not, the kernel gives its number to no new process; so if a process has
     * that number, the group is not the child's.
     */
    boolean isGroupEmpty(int pid) {
        boolean empty =
                !Signals.groupExists(pid)
                        || Signals.processExists(pid)
                        || (mayBeOfZombies(pid) && !ForeignRunWatcher.aliveGroups().contains(pid));
        if (empty) {
            synchronized (lock) {
                lingering.remove(pid);
            }
        }
        return empty;
    }

    /** This scans all processes, so it is not done immediately, and not each time. */
    private boolean mayBeOfZombies(int pid) {
        long now = System.nanoTime();
        synchronized (lock) {
            if (outlived.contains(pid)) {
                return true;
            }
            long due = lingering.computeIfAbsent(pid, _ -> now + LINGERING_NANOS);
            if (now - due < 0) {
                return false;
            }
            lingering.put(pid, now + LINGERING_NANOS);
            return true;
        }
    }

    /** Looks for children again, for pid 1, which may be given orphans while it has no child. */
    public void lookAgain() {
        synchronized (lock) {
            reasons++;
            lock.notifyAll();
        }
    }

    /**
     * Reaps every child that exits, and notifies the listener, until the thread is interrupted.
     * Also reports, from a thread of their own, adopted runs that are not children of this process.
     */
    public void reapFor(ExitListener listener) {
        others.begin(listener, Thread.currentThread().getUncaughtExceptionHandler());
        long seen = reasons();
        while (!Thread.interrupted() && !isRetired()) {
            OptionalInt ended = Children.awaitAnyEnded();
            if (ended.isPresent()) {
                reap(ended.getAsInt(), listener);
            } else {
                seen = awaitReason(seen);
            }
        }
    }

    /**
     * Leaves all children that exit from now on unreaped, for the next program. When this returns,
     * the listener has been notified of all that were reaped.
     */
    public void retire() {
        synchronized (lock) {
            retired = true;
            lock.notifyAll();
        }
    }

    private void reap(int pid, ExitListener listener) {
        synchronized (lock) {
            awaitArrival(pid);
            if (retired) {
                return;
            }
            @Nullable RunKey run = unreaped.remove(pid);
            if (run == null && !helpers.containsKey(pid)) {
                run = others.claim(pid).orElse(null);
            }
            Optional<Children.Exit> exit = Children.reap(pid);
            @Nullable Long peak = peaks.remove(pid);
            if (exit.isEmpty()) {
                return;
            }
            @Nullable Consumer<ExitStatus> helper = helpers.remove(pid);
            if (helper != null) {
                helper.accept(status(exit.get()));
                return;
            }
            if (run == null) {
                listener.strangerExited();
                return;
            }
            listener.leaderExited(
                    run.name(),
                    run.number(),
                    status(exit.get()),
                    usage(exit.get(), peak == null ? 0 : peak));
        }
    }

    /** Waits until all starting runs are known, unless this child is known. With the lock held. */
    private void awaitArrival(int pid) {
        long latest = turn;
        boolean interrupted = false;
        while (!expected.isEmpty()
                && expected.first() <= latest
                && !retired
                && !unreaped.containsKey(pid)
                && !helpers.containsKey(pid)) {
            try {
                lock.wait();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isRetired() {
        synchronized (lock) {
            return retired;
        }
    }

    private long reasons() {
        synchronized (lock) {
            return reasons;
        }
    }

    /** Waits for a reason that was added after {@code seen} was counted, and counts again. */
    private long awaitReason(long seen) {
        synchronized (lock) {
            while (reasons == seen) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return seen;
                }
            }
            return reasons;
        }
    }

    private static ExitStatus status(Children.Exit exit) {
        return exit.signal() == 0
                ? new ExitStatus.Exited(exit.code())
                : new ExitStatus.Signaled(exit.signal());
    }

    private static ResourceUsage usage(Children.Exit exit, long peak) {
        return new ResourceUsage(exit.user(), exit.system(), Math.max(exit.maxRssBytes(), peak));
    }
}
