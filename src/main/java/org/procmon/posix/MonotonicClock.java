package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The monotonic clock as other programs of this machine read it. Any thread. Source:
 * clock_gettime(2).
 */
public final class MonotonicClock {
    private static final int CLOCK_MONOTONIC = 1;
    private static final int TIMESPEC_SIZE = 16;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private MonotonicClock() {}

    /** Microseconds since some moment that is the same for all programs. */
    public static long micros() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(TIMESPEC_SIZE, 8);
            MemorySegment read = Native.function("clock_gettime");
            if (Native.call(read, CLOCK_MONOTONIC, time.address()) != 0) {
                throw new IllegalStateException(
                        "cannot read the monotonic clock: " + Native.describe(Native.errno()));
            }
            long seconds = time.get(JAVA_LONG, 0);
            return seconds * MICROS_PER_SECOND + time.get(JAVA_LONG, 8) / NANOS_PER_MICRO;
        }
    }
}
