package org.procmon.supervise;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.port.Ticker;

/**
 * Detects that the loop is stuck while a message waits for it or is being handled. Runs on a
 * platform thread of its own, which sleeps for ever while no message waits. The first message wakes
 * it; then it checks once a second until none is left. A second in which this process itself did
 * not run, since it or its machine was stopped, does not count.
 */
public final class LoopWatchdog implements Runnable {
    /** Is notified, on the watchdog's thread. */
    public interface Listener {
        /**
         * The loop is stuck; called once in each second.
         *
         * @param duration whole seconds
         */
        void stalled(Duration duration);

        /** The loop moves again, or no message waits any more. */
        void moves();
    }

    private static final Duration LOOK = Duration.ofSeconds(1);

    /** A busy machine alone does not delay a check longer than this. */
    private static final Duration LATE = Duration.ofSeconds(3);

    private final BooleanSupplier messageWaits;
    private final LongSupplier progress;
    private final Ticker ticker;
    private final Duration look;
    private final Listener listener;

    private volatile @Nullable Thread thread;
    private volatile boolean armed;
    private volatile long stalled;

    /** The duration of the last sleep; for its own thread only. */
    private Duration slept = Duration.ZERO;

    LoopWatchdog(
            BooleanSupplier messageWaits,
            LongSupplier progress,
            Ticker ticker,
            Duration look,
            Listener listener) {
        this.messageWaits = messageWaits;
        this.progress = progress;
        this.ticker = ticker;
        this.look = look;
        this.listener = listener;
    }

    LoopWatchdog(
            BooleanSupplier messageWaits, LongSupplier progress, Ticker ticker, Listener listener) {
        this(messageWaits, progress, ticker, LOOK, listener);
    }

    /** A message was added to the inbox. Any thread; costs nothing if it is not the first. */
    void arm() {
        if (!armed) {
            armed = true;
            LockSupport.unpark(thread);
        }
    }

    /** For how many seconds the loop has been stuck, as far as is known; 0 nearly always. */
    long stalledSeconds() {
        return stalled;
    }

    /** Watches until the thread is interrupted. */
    @Override
    public void run() {
        thread = Thread.currentThread();
        while (!Thread.currentThread().isInterrupted()) {
            if (armed) {
                watch();
                armed = false;
                // A message may have arrived just before that.
                armed = messageWaits.getAsBoolean();
            } else {
                LockSupport.park(this);
            }
        }
    }

    private void watch() {
        long seen = progress.getAsLong();
        while (sleep() && messageWaits.getAsBoolean()) {
            long now = progress.getAsLong();
            if (now != seen) {
                seen = now;
                moves();
            } else if (slept.compareTo(LATE) < 0) {
                long seconds = stalled + 1;
                stalled = seconds;
                listener.stalled(Duration.ofSeconds(seconds));
            }
        }
        moves();
    }

    private void moves() {
        if (stalled > 0) {
            stalled = 0;
            listener.moves();
        }
    }

    private boolean sleep() {
        Ticks begun = ticker.now();
        slept = Duration.ZERO;
        while (slept.compareTo(look) < 0) {
            LockSupport.parkNanos(this, look.minus(slept).toNanos());
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            slept = ticker.now().since(begun);
        }
        return true;
    }
}
