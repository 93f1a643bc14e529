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
        synchronized (LOCK) {
            long soft = soft();
            long limit = Math.min(soft + more, hard());
            if (limit <= soft || !set(limit)) {
                return;
            }
            if (original == 0) {
                original = soft;
            }
            raised = limit;
        }
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
        synchronized (LOCK) {
            if (descriptor.duplicateFrom((int) original)
                    instanceof Descriptor.Result.Opened opened) {
                descriptor.close();
                return opened.descriptor();
            }
        }
        return descriptor;
    }

    /** Whether a number lies above the limit that this process was given. */
    public static boolean isAside(Descriptor descriptor) {
        return original != 0 && descriptor.number() >= original;
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

    private static boolean set(long soft) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocate(JAVA_LONG, 2);
            Native.call(GETRLIMIT, RLIMIT_NOFILE, limits.address());
            limits.setAtIndex(JAVA_LONG, 0, soft);
            return Native.call(SETRLIMIT, RLIMIT_NOFILE, limits.address()) == 0;
        }
    }
}
