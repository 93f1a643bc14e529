package org.procmon.fastcgi.wire;

import java.util.concurrent.atomic.AtomicLong;

/** A number of bytes that several holders share. Thread-safe. */
public final class ByteBudget {
    private final AtomicLong left;

    public ByteBudget(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** A lease that holds nothing yet. */
    public Lease lease() {
        return new Lease();
    }

    /** The bytes that one holder has taken. For one thread. */
    public final class Lease {
        private long held;

        /** Takes more; false if too few are left. */
        boolean take(long bytes) {
            if (left.addAndGet(-bytes) < 0) {
                left.addAndGet(bytes);
                return false;
            }
            held += bytes;
            return true;
        }

        /** Gives all of it back. */
        public void end() {
            left.addAndGet(held);
            held = 0;
        }
    }
}
