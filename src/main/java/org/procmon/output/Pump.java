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
 * The thread that moves all output. It sleeps in the kernel while nothing is written. It serves the
 * fifos in turn, so that none waits longer for another than it takes to move a fifo's content.
 *
 * <p>Each single write to a watched fifo wakes this thread, or tries to. So while a process writes
 * many lines one by one, its fifo is not watched but polled every millisecond.
 */
final class Pump {
    private static final int MOST_AT_ONCE = 64;

    /**
     * When little output arrives soon after the last, waits this long for more: otherwise, lines
     * that are written one by one would be moved one by one.
     */
    private static final long BUSY_NANOS = Duration.ofMillis(1).toNanos();

    /** In bytes; less than this counts as little. */
    private static final long BATCH = 1 << 14;

    /** A fifo that receives this many bytes in one pause is better polled than watched. */
    private static final long MANY_LINES = 1 << 12;

    /** A writer of this many bytes in one pause soon fills its fifo and blocks. */
    private static final long NEARLY_FULL = Fifo.WIDE / 2;

    /**
     * The most to drain from a fifo at shutdown: beyond a fifo's size, it is still being written
     * to.
     */
    private static final long MOST_TO_DRAIN = 1 << 22;

    /** How long the rest of a line is waited for, where several processes write to a file. */
    private static final long REST_NANOS = Duration.ofSeconds(1).toNanos();

    private static final Duration REST_GAP = Duration.ofMillis(50);

    /** A fifo that is read. */
    private final class FifoSource {
        private final Descriptor fifo;
        private final StreamCapture streamCapture;
        private final int key;
        private boolean wide;

        /** Since when it has held the beginning of a line that is not taken yet. */
        private long partSince;

        FifoSource(Descriptor fifo, StreamCapture streamCapture, int key) {
            this.fifo = fifo;
            this.streamCapture = streamCapture;
            this.key = key;
        }

        /**
         * Moves some of its content.
         *
         * @param staged whether to block its writer as little as possible
         */
        long move(boolean staged) {
            long moved =
                    staged ? stagingFifo.move(fifo, streamCapture) : streamCapture.moveLines(fifo);
            if (moved > Fifo.USUAL_SIZE / 2 && !wide) {
                // The fifo is nearly full, and its writer soon blocks or already does.
                Fifo.widen(fifo);
                wide = true;
            }
            return moved;
        }
    }

    private final SharedBuffers sharedBuffers;
    private final StagingFifo stagingFifo;
    private final Poller poller = Poller.open();
    private final Map<Integer, FifoSource> sources = new ConcurrentHashMap<>();

    /** The fifos that are polled, not watched; this thread only. */
    private final List<FifoSource> unwatched = new ArrayList<>();

    /** The fifos that hold a part of a line, whose rest is waited for; this thread only. */
    private final List<FifoSource> partial = new ArrayList<>();

    private final AtomicInteger keys = new AtomicInteger();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Guarded by this: after the end, no thread wakes the closed poller. */
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
     * Moves the output of a fifo from now on. Any thread.
     *
     * @return the key to {@link #retire} it by
     */
    int add(Descriptor fifo, StreamCapture streamCapture) {
        int key = keys.getAndIncrement();
        sources.put(key, new FifoSource(fifo, streamCapture, key));
        if (!poller.add(fifo, key)) {
            throw new IllegalStateException("cannot watch descriptor " + fifo.number());
        }
        return key;
    }

    /** Moves what a fifo holds, and closes it. Any thread; this thread does it later. */
    void retire(int key) {
        later(() -> {
            FifoSource fifoSource = sources.remove(key);
            if (fifoSource != null) {
                drain(fifoSource);
                unwatched.remove(fifoSource);
                partial.remove(fifoSource);
                poller.remove(fifoSource.fifo);
                fifoSource.fifo.close();
            }
        });
    }

    /**
     * Runs a task on this thread. Any thread.
     *
     * @return false after the end, when no tasks run any more
     */
    boolean later(Runnable task) {
        synchronized (this) {
            if (open) {
                tasks.add(task);
                poller.wakeUp();
            }
            return open;
        }
    }

    /**
     * Runs the earlier tasks, stops the thread, and waits for that.
     *
     * @return false if it takes longer than the limit, as on a disk that does not answer
     */
    boolean end(boolean drained, Duration limit) throws InterruptedException {
        later(() -> {
            ending = true;
            if (drained) {
                sources.values().forEach(this::drain);
            }
        });
        return ended.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void run() {
        int[] ready = new int[MOST_AT_ONCE];
        try {
            // What an earlier monitor left comes before what has been written since.
            runTasks();
            long served = System.nanoTime();
            long moved = BATCH;
            while (!ending) {
                boolean many = !unwatched.isEmpty();
                int count = many ? 0 : await(ready);
                // A process that writes much must not wait, whether beside those fifos or alone.
                boolean paused = moved < BATCH && (many || System.nanoTime() - served < BUSY_NANOS);
                if (paused) {
                    LockSupport.parkNanos(BUSY_NANOS);
                }
                if (paused || many) {
                    count = poller.look(ready);
                }
                moved = serveUnwatched() + servePartial();
                for (int i = 0; i < count; i++) {
                    FifoSource fifoSource = sources.get(ready[i]);
                    if (fifoSource != null) {
                        moved += serveWatched(fifoSource, paused);
                    }
                }
                runTasks();
                served = System.nanoTime();
            }
        } finally {
            close();
            ended.countDown();
        }
    }

    private int await(int[] ready) {
        return partial.isEmpty() ? poller.await(ready) : poller.await(ready, REST_GAP);
    }

    /**
     * Returns how many bytes were moved, or 0 if the fifo is no longer watched.
     *
     * @param paused whether the writer had time to write since the fifo was ready
     */
    private long serveWatched(FifoSource fifoSource, boolean paused) {
        long moved = fifoSource.move(false);
        if (paused && isOfManyLines(moved)) {
            poller.remove(fifoSource.fifo);
            unwatched.add(fifoSource);
            return 0;
        }
        if (moved == 0 && fifoSource.streamCapture.takesLines()) {
            // A watched fifo with a part of a line would wake this thread all the time.
            poller.remove(fifoSource.fifo);
            fifoSource.partSince = sharedBuffers.clock.nanos();
            partial.add(fifoSource);
        }
        return moved;
    }

    /** Takes lines that have become whole, and parts of lines that have been there for long. */
    private long servePartial() {
        long moved = 0;
        for (FifoSource fifoSource : List.copyOf(partial)) {
            boolean isOver = sharedBuffers.clock.nanos() - fifoSource.partSince > REST_NANOS;
            long step =
                    isOver
                            ? fifoSource.streamCapture.move(fifoSource.fifo)
                            : fifoSource.move(false);
            if ((isOver || step > 0) && poller.add(fifoSource.fifo, fifoSource.key)) {
                partial.remove(fifoSource);
                moved += step;
            }
        }
        return moved;
    }

    /** Returns how many bytes were moved from fifos that are watched again from now on. */
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
        return moved >= MANY_LINES && moved < NEARLY_FULL;
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void drain(FifoSource fifoSource) {
        long moved = 0;
        long step;
        do {
            step = fifoSource.streamCapture.move(fifoSource.fifo);
            moved += step;
        } while (step > 0 && moved < MOST_TO_DRAIN);
    }

    private synchronized void close() {
        open = false;
        runTasks();
        sources.values().forEach(fifoSource -> fifoSource.fifo.close());
        stagingFifo.close();
        sharedBuffers.close();
        poller.close();
    }
}
