package org.procmon.posix;

import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread on which children are made, with a table of descriptors of its own, in which there are
 * next to no descriptors. A child begins with a copy of each descriptor of the thread that makes
 * it, and closes them before it executes its program: in a process that has thousands, that takes
 * longer than all the rest. Nothing else may be done on this thread, which finds no file open that
 * others have opened.
 *
 * <p>To a child that asks to be told of its parent's end (prctl(2), PR_SET_PDEATHSIG), this thread
 * is the parent. Any thread may call. Source: close_range(2), CLOSE_RANGE_UNSHARE.
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

    private final Thread thread =
            Thread.ofPlatform().daemon().name("spawner").unstarted(this::serve);
    private final Queue<Job> jobs = new ConcurrentLinkedQueue<>();
    private boolean started;

    /**
     * As posix_spawnp(3), after those that were asked for before. The arguments' memory is used
     * until the job is done.
     */
    Job begin(Spawn.Arguments arguments) {
        Job job = new Job(arguments);
        jobs.add(job);
        synchronized (this) {
            if (!started) {
                thread.start();
                started = true;
            }
        }
        LockSupport.unpark(thread);
        return job;
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
                job.make();
            }
        }
    }

    /**
     * On the calling thread; the child gets the limit of descriptors that this process was given.
     */
    static int callUnderGivenLimit(Spawn.Arguments arguments) {
        if (!DescriptorLimit.isRaised()) {
            return call(arguments);
        }
        synchronized (DescriptorLimit.LOCK) {
            DescriptorLimit.lower();
            int errno = call(arguments);
            DescriptorLimit.restore();
            return errno;
        }
    }

    /**
     * On the calling thread, for a child that gets many descriptors: not while another thread has
     * gone back to the limit that does not allow them.
     */
    static int callUnderOwnLimit(Spawn.Arguments arguments) {
        synchronized (DescriptorLimit.LOCK) {
            return call(arguments);
        }
    }

    private static int call(Spawn.Arguments a) {
        return (int)
                Native.call(
                        POSIX_SPAWNP,
                        a.pid(),
                        a.program(),
                        a.actions(),
                        a.attributes(),
                        a.argv(),
                        a.envp());
    }
}
