package org.procmon.front.access;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Slows down those that guess: after five failures an address has to wait a second before the next
 * attempt, then twice as long each time, up to a minute. Any thread.
 */
final class FailedLogins {
    private static final int FREE = 5;
    private static final int MOST_SECONDS = 60;
    private static final int MOST_DOUBLINGS = 6;
    private static final int MOST_ADDRESSES = 4096;
    private static final long FORGOTTEN_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** The failures of an address in a row, and when the last one was. */
    private record Failures(int count, long last) {
        private long waitNanos() {
            if (count < FREE) {
                return 0;
            }
            int seconds = Math.min(MOST_SECONDS, 1 << Math.min(MOST_DOUBLINGS, count - FREE));
            return TimeUnit.SECONDS.toNanos(seconds);
        }
    }

    private final LongSupplier clock;
    private final Map<String, Failures> all = new Recent<>(MOST_ADDRESSES);

    /**
     * @param clock nanoseconds, as of {@link System#nanoTime}
     */
    FailedLogins(LongSupplier clock) {
        this.clock = clock;
    }

    /** How many seconds an address has to wait; 0 if it may try now. */
    synchronized int secondsToWait(String address) {
        Failures failures = all.get(address);
        if (failures == null) {
            return 0;
        }
        long left = failures.waitNanos() - (clock.getAsLong() - failures.last());
        return left <= 0 ? 0 : (int) TimeUnit.NANOSECONDS.toSeconds(left) + 1;
    }

    synchronized void failed(String address) {
        long now = clock.getAsLong();
        Failures before = all.get(address);
        int count = before == null || now - before.last() > FORGOTTEN_NANOS ? 0 : before.count();
        all.put(address, new Failures(count + 1, now));
    }

    synchronized void succeeded(String address) {
        all.remove(address);
    }
}
