package org.procmon.posix;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that makes children, and has next to no descriptors. A child begins with a copy of each
 * descriptor of the thread that makes it, and closes them before it executes its program: in a
 * process that has thousands, that takes longer than all the rest. Nothing else may be done on this
 * thread, which finds no file open that others have opened.
 *
 * <p>To a child that asks to be told of its parent's end (prctl(2), PR_SET_PDEATHSIG), this thread
 * is the parent. Any thread may call, one at a time. Source: close_range(2), CLOSE_RANGE_UNSHARE.
 */
final class Spawner {
    private static final int STDIN = 0;
    private static final int FIRST_OTHER = 3;
    private static final long LAST = 0xffff_ffffL;
    private static final int UNSHARE = 2;

    private static final MemorySegment POSIX_SPAWNP = Native.function("posix_spawnp");
    private static final MemorySegment CLOSE_RANGE = Native.function("close_range");

    private static final class Job {
        private final Thread caller = Thread.currentThread();
        private final Spawn.Arguments arguments;
        private int errno;
        private volatile boolean done;

        Job(Spawn.Arguments arguments) {
            this.arguments = arguments;
        }
    }

    private final Thread thread =
            Thread.ofPlatform().daemon().name("spawner").unstarted(this::serve);
    private volatile @Nullable Job next;
    private boolean started;

    /** As posix_spawnp(3); the arguments' memory is used until this returns. */
    synchronized int spawn(Spawn.Arguments arguments) {
        if (!started) {
            thread.start();
            started = true;
        }
        Job job = new Job(arguments);
        next = job;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (!job.done) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return job.errno;
    }

    private void serve() {
        // An older kernel refuses; then all goes on with the descriptors of the process.
        if (Native.call(CLOSE_RANGE, FIRST_OTHER, LAST, UNSHARE) == 0) {
            Native.call(CLOSE_RANGE, STDIN, STDIN, 0);
        }
        while (true) {
            Job job = next;
            if (job == null) {
                LockSupport.park(this);
            } else {
                next = null;
                job.errno = call(job.arguments);
                job.done = true;
                LockSupport.unpark(job.caller);
            }
        }
    }

    /** On the calling thread. */
    static int call(Spawn.Arguments a) {
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
