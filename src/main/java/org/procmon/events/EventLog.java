package org.procmon.events;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.port.Ticker;

/**
 * The latest ten thousand happenings, or as many as fit into 1.5 MiB. One takes about 100 bytes,
 * and never more than a few KiB; an empty chronicle has only its table, 80 KB.
 *
 * <p>Safe from any thread. Who writes never waits for who reads: readers take no lock of the
 * writers, and they are woken by a thread of their own, the herald, which exists from the first
 * time that somebody waits. While nobody does, writing is all there is. In a burst readers are
 * woken ten times a second, and find all that has come since: to be woken costs each of them more
 * than to read.
 *
 * <p>Numbers begin at the microsecond of the wall clock at which the chronicle was begun. No
 * monitor makes a million events a second, so the next monitor's begin above all of this one's, and
 * a reader that goes on with it, even after a reboot, learns that it may have missed some.
 */
public final class EventLog {
    /** How many are kept at most. */
    public static final int KEPT = 10_000;

    /** How many bytes they have at most. */
    static final int ROOM = 1536 << 10;

    /** How long the herald lets readers be, once it has woken them. */
    static final Duration REST = Duration.ofMillis(100);

    private final EventRing ring;

    /** Guarded by {@link #writing}. */
    private final EventEncoder encoder = new EventEncoder();

    private final Ticker ticker;
    private final InstantSource wallClock;
    private final Thread.UncaughtExceptionHandler bugs;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile long last;

    private final ReentrantLock waiting = new ReentrantLock();
    private final Condition more = waiting.newCondition();
    private volatile @Nullable Thread herald;
    private volatile boolean resting;

    /** The latest when readers were woken last. */
    private volatile long told;

    /** Begins one whose bugs are the default handler's. */
    public EventLog(Ticker ticker, InstantSource wallClock) {
        this(
                ticker,
                wallClock,
                (thread, bug) -> thread.getThreadGroup().uncaughtException(thread, bug));
    }

    /**
     * Begins one, in which nothing has happened yet.
     *
     * @param bugs takes whatever ends the herald
     */
    public EventLog(Ticker ticker, InstantSource wallClock, Thread.UncaughtExceptionHandler bugs) {
        this.ticker = ticker;
        this.wallClock = wallClock;
        this.bugs = bugs;
        Instant now = wallClock.instant();
        long first = now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
        ring = new EventRing(first, KEPT, ROOM);
        last = first - 1;
        told = last;
    }

    /**
     * A part of a chronicle.
     *
     * @param happenings in order, without a gap
     * @param last after which number the next part begins
     * @param missed whether something before these, and after the number that was asked for, is not
     *     kept any more or was never known to this chronicle
     */
    public record Part(List<NumberedEvent> happenings, long last, boolean missed) {
        public Part {
            happenings = List.copyOf(happenings);
        }
    }

    /** Writes it down. */
    public void add(MonitorEvent what) {
        Ticks at = ticker.now();
        long wallMs = wallClock.millis();
        writing.lock();
        try {
            long number = last + 1;
            ring.add(number, encoder.bytes(), encoder.encode(at, wallMs, what));
            last = number;
        } finally {
            writing.unlock();
        }
        if (!resting) {
            LockSupport.unpark(herald);
        }
    }

    /** The number of the latest; one less than the first while there is none. */
    public long last() {
        return last;
    }

    /**
     * What has happened after the one of a number, at most so many.
     *
     * @param since any number, perhaps another chronicle's
     */
    public Part after(long since, int most) {
        return after(since, most, Integer.MAX_VALUE);
    }

    /**
     * The same, and no more than fits into so many bytes as it is kept; but at least one.
     *
     * @param mostBytes of memory they take some three times that
     */
    public Part after(long since, int most, int mostBytes) {
        long newest = last;
        long oldest = ring.oldest();
        boolean missed = since < oldest - 1 || since > newest;
        long next = missed ? oldest : since + 1;
        List<NumberedEvent> part = new ArrayList<>();
        long bytes = 0;
        while (next <= newest && part.size() < most) {
            byte @Nullable [] event = ring.read(next);
            bytes += event == null ? 0 : event.length;
            boolean isFull = bytes > mostBytes;
            if (!part.isEmpty() && (event == null || isFull)) {
                // Overtaken by a writer: what is missing comes before the next part.
                break;
            }
            if (event == null) {
                missed = true;
            } else {
                part.add(EventDecoder.decode(next, event));
            }
            next++;
        }
        return new Part(part, next - 1, missed);
    }

    /**
     * Waits until something has happened after the one of a number, or the time is over; in a
     * burst, until readers are next woken. An interrupt ends it.
     *
     * @param seen the last number that is known
     * @return false if the time is over
     */
    public boolean await(long seen, Duration atMost) throws InterruptedException {
        waiting.lock();
        try {
            if (herald == null) {
                herald =
                        Thread.ofVirtual()
                                .name("herald")
                                .uncaughtExceptionHandler(bugs)
                                .start(this::wakeReaders);
            }
            long left = atMost.toNanos();
            while (told <= seen && (last == seen || resting) && left > 0) {
                left = more.awaitNanos(left);
            }
            return last != seen;
        } finally {
            waiting.unlock();
        }
    }

    /**
     * Up to which number those read together who have been woken, of whom one has read up to {@code
     * seen} before: in a burst it is the same for nearly all of them.
     */
    public long end(long seen) {
        long common = told;
        return common > seen ? common : last;
    }

    private void wakeReaders() {
        while (true) {
            while (last == told) {
                LockSupport.park(this);
            }
            told = last;
            waiting.lock();
            try {
                more.signalAll();
            } finally {
                waiting.unlock();
            }
            rest();
        }
    }

    /** Who adds something meanwhile need not wake the herald: it looks again afterwards. */
    private void rest() {
        resting = true;
        long begin = System.nanoTime();
        long left = REST.toNanos();
        while (left > 0) {
            LockSupport.parkNanos(this, left);
            left = REST.toNanos() - (System.nanoTime() - begin);
        }
        resting = false;
    }
}
