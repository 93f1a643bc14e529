package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * The number of descriptors that this process may open. It can raise its own limit without its
 * children noticing: they get the original one. Any thread. Source: getrlimit(2).
 *
 * <p>A limit belongs to the whole process, so it is lowered for the moment in which a child is
 * made. In that moment other code may open a descriptor, and needs a number below the original
 * limit: therefore descriptors that there are many of move {@link #aside}.
 */
public final class DescriptorLimit {
    private static final int RLIMIT_NOFILE = 7;

    private static final MemorySegment GETRLIMIT = Native.function("getrlimit");
    private static final MemorySegment SETRLIMIT = Native.function("setrlimit");

    /** Guards what follows. */
    private static final Object LOCK = new Object();

    /** The number of callers that need the original limit now. */
    private static int lowered;

    /** The number of callers that wait for the moment without any of those; they come first. */
    private static int wanted;

    /** The original limit, once this process has raised its own; else 0. */
    private static volatile long original;

    private static volatile long raised;

    private DescriptorLimit() {}

    /** How many descriptors this process may have open now; the soft limit. */
    public static long soft() {
        return ResourceLimit.soft(RLIMIT_NOFILE);
    }

    /** How far it may raise that; the hard limit. */
    static long hard() {
        return ResourceLimit.hard(RLIMIT_NOFILE);
    }

    /** The original limit of this process, which its children get. */
    public static long given() {
        return original == 0 ? soft() : original;
    }

    /**
     * Raises the own limit, as far as the hard limit allows.
     *
     * @param more the number of descriptors that go {@link #aside} to make room for
     */
    public static void raise(long more) {
        boolean _ =
                whileRaised(() -> {
                    long soft = soft();
                    long limit = Math.min(soft + more, hard());
                    boolean isRaised = limit > soft && set(limit);
                    if (isRaised) {
                        original = original == 0 ? soft : original;
                        raised = limit;
                    }
                    return isRaised;
                });
    }

    /**
     * Makes the kernel enlarge its table for descriptors that are about to be opened. The kernel
     * doubles the full table on demand, and blocks the opening thread for ten or twenty
     * milliseconds; here only the caller waits. Does nothing where the limit is too low.
     *
     * @param more the number of descriptors to make room for, {@link #aside} if the limit was
     *     raised
     */
    public static void reserve(long more) {
        Descriptor any = new Descriptor(0);
        if (any.duplicateFrom((int) (original + more)) instanceof Descriptor.Result.Opened opened) {
            opened.descriptor().close();
        }
    }

    /**
     * Gives a descriptor a number that is not needed while a child is made: at least the original
     * limit, if that was raised and such a number is free.
     */
    public static Descriptor aside(Descriptor descriptor) {
        if (original == 0) {
            return descriptor;
        }
        return whileRaised(() -> {
            if (descriptor.duplicateFrom((int) original)
                    instanceof Descriptor.Result.Opened opened) {
                descriptor.close();
                return opened.descriptor();
            }
            return descriptor;
        });
    }

    /** Whether a number is above the original limit of this process. */
    public static boolean isAside(Descriptor descriptor) {
        return original != 0 && descriptor.number() >= original;
    }

    static boolean isRaised() {
        return original != 0;
    }

    /**
     * Restores the original limit of this process, if it was raised, until {@link #restore}.
     * Several threads may do so at a time.
     */
    static void lower() {
        synchronized (LOCK) {
            awaitTurn(false);
            if (lowered++ == 0) {
                set(original);
            }
        }
    }

    /** Reverses {@link #lower}. */
    static void restore() {
        synchronized (LOCK) {
            if (--lowered == 0) {
                set(raised);
                LOCK.notifyAll();
            }
        }
    }

    /** Runs an action while no caller has lowered the limit. */
    static <T> T whileRaised(Supplier<T> action) {
        synchronized (LOCK) {
            wanted++;
            awaitTurn(true);
            try {
                return action.get();
            } finally {
                wanted--;
                LOCK.notifyAll();
            }
        }
    }

    /** With the lock held. */
    private static void awaitTurn(boolean ofRaised) {
        boolean interrupted = false;
        while ((ofRaised ? lowered : wanted) > 0) {
            try {
                LOCK.wait();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean set(long soft) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocate(JAVA_LONG, 2);
            Native.call(GETRLIMIT, RLIMIT_NOFILE, limits.address());
            limits.setAtIndex(JAVA_LONG, 0, soft);
            return Native.call(SETRLIMIT, RLIMIT_NOFILE, limits.address()) == 0;
        }
    }
}
