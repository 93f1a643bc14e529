package org.procmon.front.application;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What has become of the requests for one application, since the front runs. Any thread. */
final class RequestCounts {
    /** The upper ends of the ranges in which durations are counted, in milliseconds. */
    private static final long[] RANGES = {
        1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000
    };

    private static final int CLASSES = 6;

    private final LongAdder[] byClass = adders(CLASSES);
    private final LongAdder[] byRange = adders(RANGES.length + 1);
    private final LongAdder nanos = new LongAdder();
    private final LongAdder abandoned = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final AtomicInteger present = new AtomicInteger();

    private static LongAdder[] adders(int count) {
        LongAdder[] all = new LongAdder[count];
        Arrays.setAll(all, _ -> new LongAdder());
        return all;
    }

    /** A request has come. */
    void begin() {
        present.incrementAndGet();
    }

    /**
     * It has been answered, or its client has left.
     *
     * @param code the status that the client got
     * @param duration from its arrival to the last byte of the answer, in nanoseconds
     */
    void end(int code, boolean isAbandoned, long duration) {
        present.decrementAndGet();
        if (isAbandoned) {
            abandoned.increment();
        } else {
            byClass[Math.clamp(code / 100, 0, CLASSES - 1)].increment();
        }
        nanos.add(duration);
        byRange[range(duration)].increment();
    }

    private static int range(long duration) {
        int range = 0;
        while (range < RANGES.length && duration > TimeUnit.MILLISECONDS.toNanos(RANGES[range])) {
            range++;
        }
        return range;
    }

    /** It was given to another worker, since the first one did not answer. */
    void repeat() {
        repeated.increment();
    }

    /** By the names that {@code docs/reference/http-front.md} describes. */
    Map<String, Object> values() {
        Map<String, Long> answered = new LinkedHashMap<>();
        for (int i = 1; i < CLASSES; i++) {
            answered.put(i + "xx", byClass[i].sum());
        }
        Map<String, Long> durations = new LinkedHashMap<>();
        long sum = 0;
        for (int i = 0; i <= RANGES.length; i++) {
            sum += byRange[i].sum();
            durations.put(i < RANGES.length ? Long.toString(RANGES[i]) : "all", sum);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("present", present.get());
        all.put("answered", answered);
        all.put("abandoned", abandoned.sum());
        all.put("repeated", repeated.sum());
        all.put("seconds", nanos.sum() / 1e9);
        all.put("up_to_ms", durations);
        return all;
    }
}
