package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * How many descriptors this process may open. It can raise its own limit without its children
 * noticing: they get the one that it was given. Any thread. Source: getrlimit(2).
 *
 * <p>A limit belongs to the whole process, so it is lowered for the moment in which a child is
 * made. For that the numbers below the original limit must be left to whatever else may open a
 * descriptor in that moment: what there are many of goes {@link #aside}.
 */
public final class DescriptorLimit {
    private static final int RLIMIT_NOFILE = 7;

    private static final MemorySegment GETRLIMIT = Native.function("getrlimit");
    private static final MemorySegment SETRLIMIT = Native.function("setrlimit");

    /** Guards what follows. */
    private static final Object LOCK = new Object();

    /** How many need the original limit now. */
    private static int lowered;

    /** How many wait for the moment in which nobody does; they come first. */
    private static int wanted;

    /** The limit that this process was given, once it has raised its own; else 0. */
    private static volatile long original;

    private static volatile long raised;

    private DescriptorLimit() {}

    /** How many descriptors this process may have open now; the soft limit. */
    public static long soft() {
        return ResourceLimit.soft(RLIMIT_NOFILE);
    }

    /** Up to which number it may raise that; the hard limit. */
    public static long hard() {
        return ResourceLimit.hard(RLIMIT_NOFILE);
    }

    /** The limit that this process was given, and that its children get. */
    public static long given() {
        return original == 0 ? soft() : original;
    }

    /**
     * Raises the own limit, as far as the hard limit lets it.
     *
     * @param more for how many descriptors that go {@link #aside} there is to be room
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
     * Lets the kernel make its table large enough for descriptors that are about to be opened. It
     * doubles that table each time that it is full, and then keeps who opens one waiting for ten or
     * twenty milliseconds; so, only the caller of this is. Nothing happens where the limit is too
     * low.
     *
     * @param more for how many descriptors there is to be room, {@link #aside} if the limit was
     *     raised
     */
    public static void reserve(long more) {
        Descriptor any = new Descriptor(0);
        if (any.duplicateFrom((int) (original + more)) instanceof Descriptor.Result.Opened opened) {
            opened.descriptor().close();
        }
    }

    /**
     * Gives a descriptor a number that is not needed while a child is made: not below the original
     * limit, if that was raised and there is one left.
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

    /** Whether a number lies above the limit that this process was given. */
    public static boolean isAside(Descriptor descriptor) {
        return original != 0 && descriptor.number() >= original;
    }

    static boolean isRaised() {
        return original != 0;
    }

    /**
     * Goes back to the limit that this process was given, once it has raised that, until {@link
     * #restore}. Several threads may have it so at a time.
     */
    static void lower() {
        synchronized (LOCK) {
            awaitTurn(false);
            if (lowered++ == 0) {
                set(original);
            }
        }
    }

    /** Ends what {@link #lower} began. */
    static void restore() {
        synchronized (LOCK) {
            if (--lowered == 0) {
                set(raised);
                LOCK.notifyAll();
            }
        }
    }

    /** Does something while nobody has gone back to the limit that this process was given. */
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
