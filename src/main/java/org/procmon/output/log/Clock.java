package org.procmon.output.log;

/** Both kinds of time. Any thread. */
public interface Clock {
    /** The kernel's. */
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

    /** Of the clock that nobody sets, for waiting. */
    long nanos();

    /** Since 1970, for showing. */
    long wallMillis();
}
