package org.procmon.output;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Poller;

/**
 * The thread that moves all output. It sleeps in the kernel while nothing is written, and serves
 * the fifos in turns, so that none keeps another waiting for longer than it takes to move what a
 * fifo holds.
 */
final class Pump {
    private static final int MOST_AT_ONCE = 64;

    /** What is moved at the end: more than fits in a fifo is being written just now. */
    private static final long MOST_AT_THE_END = 1 << 20;

    private record Tap(Descriptor fifo, Capture capture) {}

    private final Bench bench;
    private final Poller poller = Poller.open();
    private final Map<Integer, Tap> taps = new ConcurrentHashMap<>();
    private final AtomicInteger keys = new AtomicInteger();
    private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Guarded by this: after the end, nobody wakes a poller that is closed. */
    private boolean open = true;

    private boolean ending;

    Pump(Bench bench) {
        this.bench = bench;
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
    int add(Descriptor fifo, Capture capture) {
        int key = keys.getAndIncrement();
        taps.put(key, new Tap(fifo, capture));
        if (!poller.add(fifo, key)) {
            throw new IllegalStateException("cannot watch descriptor " + fifo.number());
        }
        return key;
    }

    /** Moves what a fifo holds, and closes it. Any thread; it is done later. */
    void retire(int key) {
        later(() -> {
            Tap tap = taps.remove(key);
            if (tap != null) {
                drain(tap);
                poller.remove(tap.fifo());
                tap.fifo().close();
            }
        });
    }

    /** Does something on this thread. Any thread; nothing is done after the end. */
    void later(Runnable errand) {
        synchronized (this) {
            if (open) {
                errands.add(errand);
                poller.wakeUp();
            }
        }
    }

    /** Ends the thread, after what it was asked to do before, and waits for that. */
    void end(boolean drained) throws InterruptedException {
        later(() -> {
            ending = true;
            if (drained) {
                taps.values().forEach(this::drain);
            }
        });
        ended.await();
    }

    private void run() {
        int[] ready = new int[MOST_AT_ONCE];
        try {
            while (!ending) {
                int count = poller.await(ready);
                for (int i = 0; i < count; i++) {
                    Tap tap = taps.get(ready[i]);
                    if (tap != null) {
                        tap.capture().move(tap.fifo());
                    }
                }
                runErrands();
            }
        } finally {
            close();
            ended.countDown();
        }
    }

    private void runErrands() {
        for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
            errand.run();
        }
    }

    private void drain(Tap tap) {
        long moved = 0;
        long step;
        do {
            step = tap.capture().move(tap.fifo());
            moved += step;
        } while (step > 0 && moved < MOST_AT_THE_END);
    }

    private synchronized void close() {
        open = false;
        runErrands();
        taps.values().forEach(tap -> tap.fifo().close());
        bench.close();
        poller.close();
    }
}
