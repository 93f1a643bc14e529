package org.procmon.hooks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The unreported failures of one process. Thread-safe. */
final class FailureQueue {
    /**
     * @param failure the latest
     * @param times how many there were
     */
    record Report(RunFailure failure, int times) {}

    private @Nullable RunFailure latest;
    private int times;
    private boolean busy;

    /** Adds a failure; returns whether the caller has to start a worker. */
    synchronized boolean add(RunFailure runFailure) {
        latest = runFailure;
        times++;
        boolean starts = !busy;
        busy = true;
        return starts;
    }

    /** Takes all of them; there must be one. */
    synchronized Report take() {
        Report report = new Report(Objects.requireNonNull(latest, "nothing has failed"), times);
        latest = null;
        times = 0;
        return report;
    }

    /** Whether the queue is empty; the worker then ends, until the next failure. */
    synchronized boolean isDone() {
        busy = times > 0;
        return !busy;
    }
}
