package org.procmon.app;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Observer;

/**
 * Has the heap collected once it has grown by some MiB. What is known of a process lives until its
 * next run, which is long enough to become old, and the collector of old objects would rather grow
 * the heap than look at it. A collection takes some twenty milliseconds; at 250 runs a second there
 * is one in half a minute, when the loop has nothing else to do. Loop thread only.
 */
final class HeapTrimmer implements Observer {
    private static final long GROWN = 4 << 20;
    private static final Duration BETWEEN = Duration.ofSeconds(10);

    /** To ask how large the heap is costs little, but is not needed for each change. */
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
     * @param collect collects what is not used, and gives its room back
     * @param heap how large the heap is, in bytes
     * @param clock a monotonic clock, in nanoseconds
     */
    HeapTrimmer(Runnable collect, LongSupplier heap, LongSupplier clock) {
        this.collect = collect;
        this.heap = heap;
        this.clock = clock;
        looked = clock.getAsLong();
    }

    @Override
    public void changed(ProcessStatus before, ProcessView after) {
        changes++;
    }

    @Override
    public void settled() {
        if (changes < CHANGES || clock.getAsLong() - looked < BETWEEN.toNanos()) {
            return;
        }
        changes = 0;
        if (size < 0) {
            // The beginning is over, and has been cleared up by now.
            looked = clock.getAsLong();
            size = heap.getAsLong();
        } else if (heap.getAsLong() - size > GROWN) {
            collect.run();
            looked = clock.getAsLong();
            size = heap.getAsLong();
        }
    }
}
