package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The limit of a resource for this process, with {@link Long#MAX_VALUE} for no limit. Any thread.
 * Source: getrlimit(2), whose numbers for resources these are.
 */
public final class ResourceLimit {
    private static final MemorySegment GETRLIMIT = Native.function("getrlimit");

    private static final int LONGEST_NUMBER = 32;
    private static final int LONGEST_LIST = 4096;

    private ResourceLimit() {}

    /** The limit in force. */
    public static long soft(int resource) {
        return read(resource, 0);
    }

    /** How far any user may raise it. */
    public static long hard(int resource) {
        return read(resource, 1);
    }

    /**
     * The highest hard limit of descriptors that even root may set; no limit if the kernel does not
     * report it. Source: proc(5), nr_open.
     */
    public static long mostDescriptors() {
        // Not by Files, which asks for a byte first: such a file gives no more after that.
        String most = ProcFile.text("/proc/sys/fs/nr_open", LONGEST_NUMBER).orElse("").strip();
        return most.isEmpty() ? Long.MAX_VALUE : Long.parseLong(most);
    }

    /**
     * The processors that the kernel runs processes on, such as {@code 0-3,8}; empty if it does not
     * report them. Source: sysfs, /sys/devices/system/cpu.
     */
    public static Optional<String> onlineCpus() {
        return ProcFile.text("/sys/devices/system/cpu/online", LONGEST_LIST).map(String::strip);
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
