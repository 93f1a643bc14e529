package org.procmon.posix;

import java.lang.foreign.MemorySegment;

/** The memory that the C library has from the kernel. Any thread. Source: malloc_trim(3). */
public final class Malloc {
    private static final MemorySegment TRIM = Native.function("malloc_trim");

    private Malloc() {}

    /** Returns unused memory to the kernel; takes some milliseconds. */
    public static void trim() {
        Native.call(TRIM, 0);
    }
}
