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
 * The latest ten thousand events, or as many as fit into 1.5 MiB. An event takes about 100 bytes,
 * and never more than a few KiB; an empty log has only its table, 80 KB.
 *
 * <p>Safe from any thread. Writers never wait for readers: readers take no lock of the writers, and
 * a thread of its own wakes them. It is started when a reader first waits; until then, an event
 * costs only the write. In a burst it wakes readers ten times a second, and they find all events
 * since: a wake-up costs a reader more than reading.
 *
 * <p>Numbers start at the microsecond of the wall clock at which the log was created. No monitor
 * makes a million events a second, so the numbers of the next monitor start above all of this
 * one's. A reader that resumes there, even after a reboot, learns that it may have missed some
 * events.
 */
public final class EventLog {
    /** The limit on the number of events. */
    static final int KEPT = 10_000;

    /** The limit on their total size in bytes. */
    static final int MAX_BYTES = 1536 << 10;

    /** The pause after readers were woken. */
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
    private volatile @Nullable Thread notifier;
    private volatile boolean pausing;

    /** The latest number when readers were last woken. */
    private volatile long announced;

    /** Creates a log that leaves bugs to the default handler. */
    public EventLog(Ticker ticker, InstantSource wallClock) {
        this(
                ticker,
                wallClock,
                (thread, bug) -> thread.getThreadGroup().uncaughtException(thread, bug));
    }

    /**
     * Creates an empty log.
     *
     * @param bugs handles an exception that ends the thread waking readers
     */
    public EventLog(Ticker ticker, InstantSource wallClock, Thread.UncaughtExceptionHandler bugs) {
        this.ticker = ticker;
        this.wallClock = wallClock;
        this.bugs = bugs;
        Instant now = wallClock.instant();
        long first = now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
        ring = new EventRing(first, KEPT, MAX_BYTES);
        last = first - 1;
        announced = last;
    }

    /**
     * Consecutive events of a log.
     *
     * @param events in order, without a gap
     * @param last the number after which the next part starts
     * @param missed whether events before these, and after the requested number, are no longer in
     *     this log or never were
     */
    public record Part(List<NumberedEvent> events, long last, boolean missed) {
        public Part {
            events = List.copyOf(events);
        }
    }

    /** Records an event. */
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
        if (!pausing) {
            LockSupport.unpark(notifier);
        }
    }

    /** The number of the latest event; one less than the first while there is none. */
    public long last() {
        return last;
    }

    /**
     * The events after a number, up to a limit.
     *
     * @param since any number, perhaps of another log
     */
    public Part after(long since, int most) {
        return after(since, most, Integer.MAX_VALUE);
    }

    /**
     * The same, with a limit on the stored size in bytes too; but at least one event.
     *
     * @param mostBytes the decoded events need about three times as much memory
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
                // A writer has overwritten events: the next part reports them as missed.
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
     * Waits for an event after a number, or the timeout; in a burst, until readers are next woken.
     * An interrupt ends the wait.
     *
     * @param seen the last number that the reader knows
     * @return false on timeout
     */
    public boolean await(long seen, Duration atMost) throws InterruptedException {
        waiting.lock();
        try {
            if (notifier == null) {
                notifier =
                        Thread.ofVirtual()
                                .name("event-notifier")
                                .uncaughtExceptionHandler(bugs)
                                .start(this::wakeReaders);
            }
            long left = atMost.toNanos();
            while (announced <= seen && (last == seen || pausing) && left > 0) {
                left = more.awaitNanos(left);
            }
            return last != seen;
        } finally {
            waiting.unlock();
        }
    }

    /**
     * Up to which number a woken reader that has read up to {@code seen} reads now: in a burst it
     * is the same for nearly all readers.
     */
    public long end(long seen) {
        long common = announced;
        return common > seen ? common : last;
    }

    private void wakeReaders() {
        while (true) {
            while (last == announced) {
                LockSupport.park(this);
            }
            announced = last;
            waiting.lock();
            try {
                more.signalAll();
            } finally {
                waiting.unlock();
            }
            pause();
        }
    }

    /** A writer need not wake this thread meanwhile: it checks for events afterwards. */
    private void pause() {
        pausing = true;
        long begin = System.nanoTime();
        long left = REST.toNanos();
        while (left > 0) {
            LockSupport.parkNanos(this, left);
            left = REST.toNanos() - (System.nanoTime() - begin);
        }
        pausing = false;
    }
}
