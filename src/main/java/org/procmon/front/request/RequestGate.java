package org.procmon.front.request;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Admits so many requests at a time. Further ones wait, in the order in which they came, but only
 * so many and only for so long. Any thread.
 */
public final class RequestGate {
    /** What has become of a request. */
    public enum Entry {
        ADMITTED("it is served"),
        QUEUE_FULL("too many requests wait"),
        WAITED_TOO_LONG("the request has waited too long");

        private final String words;

        Entry(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }

    private final int most;
    private final int mostWaiting;
    private final long patienceMillis;
    private final Semaphore room;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * @param most how many are served at a time
     * @param mostWaiting how many may wait
     * @param patienceMillis how long
     */
    public RequestGate(int most, int mostWaiting, long patienceMillis) {
        this.most = most;
        this.mostWaiting = mostWaiting;
        this.patienceMillis = patienceMillis;
        this.room = new Semaphore(most, true);
    }

    /** Waits for its turn. A request that is admitted has to {@link #leave}. */
    public Entry enter() {
        // Nobody overtakes those that wait.
        if (waiting.get() == 0 && room.tryAcquire()) {
            return Entry.ADMITTED;
        }
        try {
            if (waiting.incrementAndGet() > mostWaiting) {
                return Entry.QUEUE_FULL;
            }
            return room.tryAcquire(patienceMillis, TimeUnit.MILLISECONDS)
                    ? Entry.ADMITTED
                    : Entry.WAITED_TOO_LONG;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Entry.WAITED_TOO_LONG;
        } finally {
            waiting.decrementAndGet();
        }
    }

    /** It has been answered. */
    public void leave() {
        room.release();
    }

    /** How many wait. */
    public int waiting() {
        return waiting.get();
    }

    /** Waits until none is served; no further one is admitted after that. */
    public void close() {
        room.acquireUninterruptibly(most);
    }
}
