package org.procmon.output.log;

/** Monotonic and wall-clock time. Any thread. */
public interface Clock {
    /** The kernel's clock. */
    Clock SYSTEM =
            new Clock() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public long wallMillis() {
                    return System.currentTimeMillis();
                }
            };

    /** Monotonic nanoseconds, for waiting. */
    long nanos();

    /** Milliseconds since 1970, for display. */
    long wallMillis();
}
