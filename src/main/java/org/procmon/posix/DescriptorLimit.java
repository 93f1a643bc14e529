package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

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

    /** Held while a child is made under the original limit, and while a number above it is used. */
    static final Object LOCK = new Object();

    /** The limit that this process was given, once it has raised its own; else 0. */
    private static volatile long original;

    private static volatile long raised;

    private DescriptorLimit() {}

    /** How many descriptors this process may have open now; the soft limit. */
    public static long soft() {
        return read(0);
    }

    /** Up to which number it may raise that; the hard limit. */
    public static long hard() {
        return read(1);
    }

    /** The limit that this process was given, and that its children get. */
    public static long given() {
        return original == 0 ? soft() : original;
    }

    /**
     * Raises the own limit, as far as the hard limit lets it.
     *
     * @param wanted how many descriptors are needed
     * @return the limit that holds from now on
     */
    public static long raise(long wanted) {
        synchronized (LOCK) {
            long soft = soft();
            long limit = Math.min(wanted, hard());
            if (limit <= soft || !set(limit)) {
                return soft;
            }
            if (original == 0) {
                original = soft;
            }
            raised = limit;
            return limit;
        }
    }

    /**
     * Gives a descriptor a number that is not needed while a child is made: above the original
     * limit, if that was raised. The descriptor is closed if there is none left.
     */
    public static Descriptor.Result aside(Descriptor descriptor) {
        if (original == 0) {
            return new Descriptor.Result.Opened(descriptor);
        }
        synchronized (LOCK) {
            try (descriptor) {
                return descriptor.duplicateFrom((int) original);
            }
        }
    }

    static boolean isRaised() {
        return original != 0;
    }

    /** Goes back to the original limit for a moment; with the lock held. */
    static void lower() {
        set(original);
    }

    /** Ends that moment; with the lock held. */
    static void restore() {
        set(raised);
    }

    private static long read(int which) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocate(JAVA_LONG, 2);
            Native.call(GETRLIMIT, RLIMIT_NOFILE, limits.address());
            long limit = limits.getAtIndex(JAVA_LONG, which);
            // RLIM_INFINITY has all bits set.
            return limit < 0 ? Long.MAX_VALUE : limit;
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
