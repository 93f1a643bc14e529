package org.procmon.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The inputs of one run, one after the other, and what they may leave behind. */
final class FuzzRun {
    private static final int USUAL_INPUTS = 10_000;
    private static final int FIRST_INPUTS = 500;
    private static final long MOST_HEAP_MORE = 8L << 20;
    private static final int MOST_DESCRIPTORS_MORE = 16;

    /** Makes one input, and sees what comes of it. */
    @FunctionalInterface
    interface Input {
        void run(Random random) throws Exception;
    }

    private FuzzRun() {}

    static void run(Input input) {
        long first = Long.getLong("procmon.seed", System.nanoTime());
        long seconds = Long.getLong("procmon.fuzz.seconds", 0);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long heap = 0;
        int descriptors = 0;
        long count = 0;
        while (seconds > 0 ? System.nanoTime() < end : count < USUAL_INPUTS) {
            if (count == FIRST_INPUTS) {
                // By now there is what stays: buffers, pools, classes.
                heap = heap();
                descriptors = descriptors();
            }
            one(input, first + count);
            count++;
        }
        if (count > FIRST_INPUTS) {
            String seed = "-Dprocmon.seed=" + first;
            assertThat(descriptors()).as(seed).isLessThan(descriptors + MOST_DESCRIPTORS_MORE);
            assertThat(heap()).as(seed).isLessThan(heap + MOST_HEAP_MORE);
        }
    }

    private static void one(Input input, long seed) {
        try {
            input.run(new Random(seed));
        } catch (Exception | AssertionError e) {
            throw new AssertionError("this input fails: -Dprocmon.seed=" + seed, e);
        }
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static int descriptors() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }
}
