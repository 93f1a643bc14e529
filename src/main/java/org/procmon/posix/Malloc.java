package org.procmon.posix;

import java.lang.foreign.MemorySegment;

/**
 * What the C library has of the kernel's memory to hand out. Any thread. Source: malloc_trim(3).
 */
public final class Malloc {
    private static final MemorySegment TRIM = Native.function("malloc_trim");

    private Malloc() {}

    /** Gives back what nobody has; takes some milliseconds. */
    public static void trim() {
        Native.call(TRIM, 0);
    }
}
