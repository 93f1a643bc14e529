package org.procmon.output;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Readers that wait for more output of a stream. Any thread. */
final class OutputReaders {
    /** How many threads wait here; guarded by this for writing. */
    private volatile int waiting;

    /** Counts the notifications to readers; guarded by this. */
    private long notifications;

    /**
     * Waits until there is more.
     *
     * @param isMore looks into the file
     * @return false on timeout
     */
    boolean await(BooleanSupplier isMore, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (this) {
            waiting++;
        }
        try {
            while (true) {
                long seen = notifications();
                if (isMore.getAsBoolean()) {
                    return true;
                }
                if (!awaitNotification(seen, end)) {
                    return false;
                }
            }
        } finally {
            synchronized (this) {
                waiting--;
            }
        }
    }

    private synchronized long notifications() {
        return notifications;
    }

    private synchronized boolean awaitNotification(long seen, long end)
            throws InterruptedException {
        while (notifications == seen) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    /** There is more. */
    void moved() {
        if (waiting > 0) {
            notifyReaders();
        }
    }

    private synchronized void notifyReaders() {
        notifications++;
        notifyAll();
    }
}
