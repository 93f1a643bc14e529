package org.procmon.app;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;

/**
 * Collects the heap once it has grown by some MiB. The state of a process lives until its next run,
 * which is long enough to become old, and the collector would rather grow the heap than collect old
 * objects. A collection takes some twenty milliseconds; at 250 runs a second there is one in half a
 * minute, when the loop has nothing else to do. Loop thread only.
 */
final class HeapTrimmer implements Feature {
    private static final long GROWN = 4 << 20;
    private static final Duration BETWEEN = Duration.ofSeconds(10);

    /** Asking for the size of the heap is cheap, but not needed for each change. */
    private static final int CHANGES = 256;

    private final Runnable collect;
    private final LongSupplier heap;
    private final LongSupplier clock;
    private long looked;
    private long size = -1;
    private int changes;

    HeapTrimmer() {
        this(System::gc, Runtime.getRuntime()::totalMemory, System::nanoTime);
    }

    /**
     * @param collect collects garbage, and returns its memory
     * @param heap the size of the heap, in bytes
     * @param clock a monotonic clock, in nanoseconds
     */
    HeapTrimmer(Runnable collect, LongSupplier heap, LongSupplier clock) {
        this.collect = collect;
        this.heap = heap;
        this.clock = clock;
        looked = clock.getAsLong();
    }

    @Override
    public void on(Change change) {
        if (change instanceof Change.Transition) {
            changes++;
        } else if (change instanceof Change.Idle) {
            collectIfGrown();
        }
    }

    private void collectIfGrown() {
        if (changes < CHANGES || clock.getAsLong() - looked < BETWEEN.toNanos()) {
            return;
        }
        changes = 0;
        if (size < 0) {
            // The start is over, and its garbage has been collected by now.
            looked = clock.getAsLong();
            size = heap.getAsLong();
        } else if (heap.getAsLong() - size > GROWN) {
            collect.run();
            looked = clock.getAsLong();
            size = heap.getAsLong();
        }
    }
}
