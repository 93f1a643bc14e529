package org.procmon.output;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.procmon.output.log.SharedBuffers;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Fifo;
import org.procmon.posix.Poller;

/**
 * The thread that moves all output. It sleeps in the kernel while nothing is written, and serves
 * the fifos in turns, so that none keeps another waiting for longer than it takes to move what a
 * fifo holds.
 *
 * <p>Who writes to a fifo that is watched wakes this thread, or tries to, with every single write.
 * So a fifo whose process writes many lines one by one is not watched while it does, but looked at
 * once a millisecond.
 */
final class Pump {
    private static final int MOST_AT_ONCE = 64;

    /**
     * When there is more so soon, but little of it, so much longer is waited for it: lines that are
     * written one by one would else be moved one by one.
     */
    private static final long BUSY_NANOS = Duration.ofMillis(1).toNanos();

    /** What is not little. */
    private static final long BATCH = 1 << 14;

    /** Who writes so much in one pause does better without being watched. */
    private static final long MANY_LINES = 1 << 12;

    /** Who writes so much in one pause is soon kept waiting by it. */
    private static final long TORRENT = Fifo.WIDE / 2;

    /** What is moved at the end: more than fits in a fifo is being written just now. */
    private static final long MOST_AT_THE_END = 1 << 22;

    /** A fifo that is read. */
    private final class FifoSource {
        private final Descriptor fifo;
        private final StreamCapture streamCapture;
        private final int key;
        private boolean wide;

        FifoSource(Descriptor fifo, StreamCapture streamCapture, int key) {
            this.fifo = fifo;
            this.streamCapture = streamCapture;
            this.key = key;
        }

        /**
         * Moves some of what it holds.
         *
         * @param staged whether its writer is to be kept waiting as little as can be
         */
        long move(boolean staged) {
            long moved = staged ? stagingFifo.move(fifo, streamCapture) : streamCapture.move(fifo);
            if (moved > Fifo.USUAL_SIZE / 2 && !wide) {
                // Its writer is soon to be kept waiting, or is already.
                Fifo.widen(fifo);
                wide = true;
            }
            return moved;
        }
    }

    private final SharedBuffers sharedBuffers;
    private final StagingFifo stagingFifo;
    private final Poller poller = Poller.open();
    private final Map<Integer, FifoSource> taps = new ConcurrentHashMap<>();

    /** Those that are not watched; this thread only. */
    private final List<FifoSource> unwatched = new ArrayList<>();

    private final AtomicInteger keys = new AtomicInteger();
    private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Guarded by this: after the end, nobody wakes a poller that is closed. */
    private boolean open = true;

    private boolean ending;

    Pump(SharedBuffers sharedBuffers, StagingFifo stagingFifo) {
        this.sharedBuffers = sharedBuffers;
        this.stagingFifo = stagingFifo;
    }

    void start(Duration pause, Thread.UncaughtExceptionHandler bugs) {
        Thread.ofPlatform()
                .daemon()
                .name("output")
                .uncaughtExceptionHandler(bugs)
                .start(() -> {
                    LockSupport.parkNanos(pause.toNanos());
                    run();
                });
    }

    /**
     * Moves what comes out of a fifo, from now on. Any thread.
     *
     * @return the key by which it is {@link #retire}d
     */
    int add(Descriptor fifo, StreamCapture streamCapture) {
        int key = keys.getAndIncrement();
        taps.put(key, new FifoSource(fifo, streamCapture, key));
        if (!poller.add(fifo, key)) {
            throw new IllegalStateException("cannot watch descriptor " + fifo.number());
        }
        return key;
    }

    /** Moves what a fifo holds, and closes it. Any thread; it is done later. */
    void retire(int key) {
        later(() -> {
            FifoSource fifoSource = taps.remove(key);
            if (fifoSource != null) {
                drain(fifoSource);
                unwatched.remove(fifoSource);
                poller.remove(fifoSource.fifo);
                fifoSource.fifo.close();
            }
        });
    }

    /**
     * Does something on this thread. Any thread.
     *
     * @return false after the end, when nothing is done any more
     */
    boolean later(Runnable errand) {
        synchronized (this) {
            if (open) {
                errands.add(errand);
                poller.wakeUp();
            }
            return open;
        }
    }

    /**
     * Ends the thread, after what it was asked to do before, and waits for that.
     *
     * @return false if it takes longer than the limit, as on a disk that does not answer
     */
    boolean end(boolean drained, Duration limit) throws InterruptedException {
        later(() -> {
            ending = true;
            if (drained) {
                taps.values().forEach(this::drain);
            }
        });
        return ended.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void run() {
        int[] ready = new int[MOST_AT_ONCE];
        try {
            // What another monitor has left comes before what has been written since.
            runErrands();
            long served = System.nanoTime();
            long moved = BATCH;
            while (!ending) {
                boolean many = !unwatched.isEmpty();
                int count = many ? 0 : poller.await(ready);
                // Who writes much, beside those or alone, is not to wait.
                boolean paused = moved < BATCH && (many || System.nanoTime() - served < BUSY_NANOS);
                if (paused) {
                    LockSupport.parkNanos(BUSY_NANOS);
                }
                if (paused || many) {
                    count = poller.look(ready);
                }
                moved = serveUnwatched();
                for (int i = 0; i < count; i++) {
                    FifoSource fifoSource = taps.get(ready[i]);
                    if (fifoSource != null) {
                        moved += serveWatched(fifoSource, paused);
                    }
                }
                runErrands();
                served = System.nanoTime();
            }
        } finally {
            close();
            ended.countDown();
        }
    }

    /**
     * Returns how much it has written, if it is watched from now on.
     *
     * @param paused whether it had time to write since it was ready
     */
    private long serveWatched(FifoSource fifoSource, boolean paused) {
        long moved = fifoSource.move(false);
        if (paused && isOfManyLines(moved)) {
            poller.remove(fifoSource.fifo);
            unwatched.add(fifoSource);
            return 0;
        }
        return moved;
    }

    /** Returns how much those have written that are watched from now on. */
    private long serveUnwatched() {
        long moved = 0;
        for (FifoSource fifoSource : List.copyOf(unwatched)) {
            long step = fifoSource.move(true);
            if (!isOfManyLines(step) && poller.add(fifoSource.fifo, fifoSource.key)) {
                unwatched.remove(fifoSource);
                moved += step;
            }
        }
        return moved;
    }

    private static boolean isOfManyLines(long moved) {
        return moved >= MANY_LINES && moved < TORRENT;
    }

    private void runErrands() {
        for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
            errand.run();
        }
    }

    private void drain(FifoSource fifoSource) {
        long moved = 0;
        long step;
        do {
            step = fifoSource.move(false);
            moved += step;
        } while (step > 0 && moved < MOST_AT_THE_END);
    }

    private synchronized void close() {
        open = false;
        runErrands();
        taps.values().forEach(fifoSource -> fifoSource.fifo.close());
        stagingFifo.close();
        sharedBuffers.close();
        poller.close();
    }
}
