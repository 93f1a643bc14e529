package org.procmon.posix;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * The two threads on which children are made, each with a table of descriptors of its own, in which
 * there are next to no descriptors. A child begins with a copy of each descriptor of the thread
 * that makes it, and closes them before it executes its program: in a process that has thousands,
 * that takes longer than all the rest. Nothing else may be done on these threads: they find no file
 * open that others have opened, so not even a class may be loaded there.
 *
 * <p>A thread that makes a child waits until that has executed its program, so one alone leaves a
 * second processor idle time and again; the second thread makes children only while the first one
 * does.
 *
 * <p>To a child that asks to be told of its parent's end (prctl(2), PR_SET_PDEATHSIG), such a
 * thread is the parent. Any thread may call. Source: close_range(2), CLOSE_RANGE_UNSHARE.
 */
final class Spawner {
    private static final int STDIN = 0;
    private static final int FIRST_OTHER = 3;
    private static final long LAST = 0xffff_ffffL;
    private static final int UNSHARE = 2;

    private static final MemorySegment POSIX_SPAWNP = Native.function("posix_spawnp");
    private static final MemorySegment CLOSE_RANGE = Native.function("close_range");

    /** A child that was asked for. */
    static final class Job {
        private final Thread caller = Thread.currentThread();
        private final Spawn.Arguments arguments;
        private int errno;
        private volatile boolean done;

        private Job(Spawn.Arguments arguments) {
            this.arguments = arguments;
        }

        /** What posix_spawnp(3) has returned. For the thread that has asked for it; blocks. */
        int await() {
            boolean interrupted = false;
            while (!done) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return errno;
        }

        private void make() {
            errno = callUnderGivenLimit(arguments);
            done = true;
            LockSupport.unpark(caller);
        }
    }

    private final Queue<Job> jobs = new ConcurrentLinkedQueue<>();
    private final Maker second = new Maker(Optional.empty());
    private final Maker first = new Maker(Optional.of(second));
    private boolean started;

    /**
     * As posix_spawnp(3); those that were asked for before are begun before. The arguments' memory
     * is used until the job is done.
     */
    Job begin(Spawn.Arguments arguments) {
        Job job = new Job(arguments);
        jobs.add(job);
        startThem();
        (first.busy ? second : first).wake();
        return job;
    }

    /** By a thread that can load what it takes to start one. */
    private synchronized void startThem() {
        if (!started) {
            started = true;
            boolean _ = Umask.isUncertain();
            first.thread.start();
            second.thread.start();
        }
    }

    /** One of the threads. */
    private final class Maker {
        private final Optional<Maker> helper;
        private final Thread thread =
                Thread.ofPlatform().daemon().name("spawner").unstarted(this::serve);

        /** Set before it looks whether there is more to do than it does itself. */
        private volatile boolean busy;

        /**
         * @param helper whom it wakes while there is more to do than it does itself
         */
        Maker(Optional<Maker> helper) {
            this.helper = helper;
        }

        void wake() {
            LockSupport.unpark(thread);
        }

        private void serve() {
            // An older kernel refuses; then all goes on with the descriptors of the process.
            if (Native.call(CLOSE_RANGE, FIRST_OTHER, LAST, UNSHARE) == 0) {
                Native.call(CLOSE_RANGE, STDIN, STDIN, 0);
            }
            while (true) {
                Job job = jobs.poll();
                if (job == null) {
                    LockSupport.park(this);
                } else {
                    make(job);
                }
            }
        }

        private void make(Job job) {
            busy = true;
            if (helper.isPresent() && !jobs.isEmpty()) {
                helper.get().wake();
            }
            job.make();
            busy = false;
        }
    }

    /**
     * On the calling thread; the child gets the limit of descriptors that this process was given.
     */
    static int callUnderGivenLimit(Spawn.Arguments arguments) {
        if (!DescriptorLimit.isRaised()) {
            return call(arguments);
        }
        DescriptorLimit.lower();
        try {
            return call(arguments);
        } finally {
            DescriptorLimit.restore();
        }
    }

    /**
     * On the calling thread, for a child that gets many descriptors: not while another thread has
     * gone back to the limit that does not allow them.
     */
    static int callUnderOwnLimit(Spawn.Arguments arguments) {
        return DescriptorLimit.whileRaised(() -> call(arguments));
    }

    private static int call(Spawn.Arguments a) {
        Umask.giveBack();
        try {
            return (int)
                    Native.call(
                            POSIX_SPAWNP,
                            a.pid(),
                            a.program(),
                            a.actions(),
                            a.attributes(),
                            a.argv(),
                            a.envp());
        } finally {
            Umask.restore();
        }
    }
}
