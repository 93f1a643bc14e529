package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The most that this process may have of something, with {@link Long#MAX_VALUE} for no limit. Any
 * thread. Source: getrlimit(2), whose numbers for resources these are.
 */
public final class ResourceLimit {
    private static final MemorySegment GETRLIMIT = Native.function("getrlimit");

    private static final int LONGEST_NUMBER = 32;

    private ResourceLimit() {}

    /** What is enforced. */
    public static long soft(int resource) {
        return read(resource, 0);
    }

    /** Up to where it may be raised, by anyone. */
    public static long hard(int resource) {
        return read(resource, 1);
    }

    /**
     * The highest hard limit of descriptors that even root may set; no limit if the kernel does not
     * tell. Source: proc(5), nr_open.
     */
    public static long mostDescriptors() {
        // Not by Files, which asks for a byte first: such a file gives no more after that.
        String most = ProcFile.text("/proc/sys/fs/nr_open", LONGEST_NUMBER).orElse("").strip();
        return most.isEmpty() ? Long.MAX_VALUE : Long.parseLong(most);
    }

    private static long read(int resource, int which) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocate(JAVA_LONG, 2);
            Native.call(GETRLIMIT, resource, limits.address());
            long limit = limits.getAtIndex(JAVA_LONG, which);
            // RLIM_INFINITY has all bits set.
            return limit < 0 ? Long.MAX_VALUE : limit;
        }
    }
}
