package org.procmon.control.protocol;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes the long messages of many connections may hold together. Short ones are free, so
 * that whoever has little to say is heard whatever others do. Safe from any thread.
 */
public final class MessageBudget {
    private final AtomicLong left;

    /**
     * @param bytes how many there are to be shared
     */
    public MessageBudget(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    /** The share of one connection, nothing at first. */
    Share share() {
        return new Share(left);
    }

    /** What one connection has taken, until it is closed. */
    static final class Share implements AutoCloseable {
        private final AtomicLong left;
        private long taken;
        private boolean closed;

        private Share(AtomicLong left) {
            this.left = left;
        }

        /** Whether there is as much left. */
        synchronized boolean take(long bytes) {
            if (closed || left.addAndGet(-bytes) < 0) {
                left.addAndGet(closed ? 0 : bytes);
                return false;
            }
            taken += bytes;
            return true;
        }

        /** Gives all of it back. */
        synchronized void give() {
            left.addAndGet(taken);
            taken = 0;
        }

        @Override
        public synchronized void close() {
            give();
            closed = true;
        }
    }
}
