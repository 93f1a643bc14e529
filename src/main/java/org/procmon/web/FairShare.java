package org.procmon.web;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Something of which there is only so much, places or bytes, shared among remote addresses so that
 * none of them, and no few together, can take all of it: each may hold at most so many times what
 * is left. So one alone gets a part, two get less each, and whoever comes next finds something.
 * Thread-safe.
 */
final class FairShare {
    private final long capacity;
    private final int greed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition given = lock.newCondition();
    private final Map<String, Long> held = new HashMap<>();
    private long left;

    /**
     * @param greed how many times what is left an address may hold: with 1 it gets half of all when
     *     it is alone, with 3 it gets three quarters
     */
    FairShare(long capacity, int greed) {
        this.capacity = capacity;
        this.greed = greed;
        this.left = capacity;
    }

    /** Takes it now, or not at all; to be given back. */
    boolean take(String address, long amount) {
        lock.lock();
        try {
            long own = held.getOrDefault(address, 0L) + amount;
            long rest = left - amount;
            if (rest < 0 || own > greed * rest) {
                return false;
            }
            held.put(address, own);
            left = rest;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes it as soon as it can, within some time; to be given back. */
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

    /** How much one address can hold when it is alone. */
    long most() {
        return capacity * greed / (greed + 1);
    }
}
