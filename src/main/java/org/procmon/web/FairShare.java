package org.procmon.web;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A limited resource, places or bytes, shared among remote addresses so that neither one of them
 * nor a few together can take all of it: each may hold at most a fixed multiple of what is left. A
 * single address gets a large part, two get less each, and some is left for the next one.
 * Thread-safe.
 */
final class FairShare {
    private final long capacity;
    private final int factor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition given = lock.newCondition();
    private final Map<String, Long> held = new HashMap<>();
    private long left;

    /**
     * @param factor the multiple of what is left that an address may hold: with 1 a single one gets
     *     half of all, with 3 it gets three quarters
     */
    FairShare(long capacity, int factor) {
        this.capacity = capacity;
        this.factor = factor;
        this.left = capacity;
    }

    /** Takes the amount now, or not at all; the caller must give it back. */
    boolean take(String address, long amount) {
        lock.lock();
        try {
            long own = held.getOrDefault(address, 0L) + amount;
            long rest = left - amount;
            if (rest < 0 || own > factor * rest) {
                return false;
            }
            held.put(address, own);
            left = rest;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the amount as soon as possible, within a time limit; the caller must give it back. */
    boolean takeWithin(String address, long amount, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long wait = nanos;
            while (!take(address, amount)) {
                if (wait <= 0) {
                    return false;
                }
                wait = given.awaitNanos(wait);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    void give(String address, long amount) {
        lock.lock();
        try {
            held.computeIfPresent(address, (_, own) -> own <= amount ? null : own - amount);
            left += amount;
            given.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How much a single address can hold. */
    long most() {
        return capacity * factor / (factor + 1);
    }
}
