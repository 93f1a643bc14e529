package org.procmon.posix;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * The two threads on which children are made, each with a descriptor table of its own that is
 * nearly empty. A child starts with a copy of each descriptor of the thread that makes it, and
 * closes them before it executes its program: in a process that has thousands, that takes longer
 * than all the rest. Nothing else may run on these threads: files that other threads have opened
 * are not open there, so not even a class may be loaded.
 *
 * <p>A thread that makes a child waits until the child has executed its program, so one thread
 * alone would often leave a second processor idle; the second thread makes children only while the
 * first one does.
 *
 * <p>For a child that requests a signal at its parent's exit (prctl(2), PR_SET_PDEATHSIG), such a
 * thread is the parent. Any thread may call. Source: close_range(2), CLOSE_RANGE_UNSHARE.
 */
final class Spawner {
    private static final int STDIN = 0;
    private static final int FIRST_OTHER = 3;
    private static final long LAST = 0xffff_ffffL;
    private static final int UNSHARE = 2;

    private static final MemorySegment POSIX_SPAWNP = Native.function("posix_spawnp");
    private static final MemorySegment CLOSE_RANGE = Native.function("close_range");

    /** A requested child. */
    static final class Job {
        private final Thread caller = Thread.currentThread();
        private final Spawn.Arguments arguments;
        private int errno;
        private volatile boolean done;

        private Job(Spawn.Arguments arguments) {
            this.arguments = arguments;
        }

        /** The result of posix_spawnp(3). For the thread that has requested it; blocks. */
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
     * As posix_spawnp(3); earlier requests are started first. The arguments' memory is used until
     * the job is done.
     */
    Job begin(Spawn.Arguments arguments) {
        Job job = new Job(arguments);
        jobs.add(job);
        startThem();
        (first.busy ? second : first).wake();
        return job;
    }

    /** Called by a thread that can load the classes that a start needs. */
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

        /** Set before it checks whether there is more work than it does itself. */
        private volatile boolean busy;

        /**
         * @param helper the worker that it wakes while there is more work than it does itself
         */
        Maker(Optional<Maker> helper) {
            this.helper = helper;
        }

        void wake() {
            LockSupport.unpark(thread);
        }

        private void serve() {
            // An older kernel refuses; then it works with the descriptors of the process.
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

    /** On the calling thread; the child gets the original limit of descriptors of this process. */
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
     * restored the original limit, which does not allow them.
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
