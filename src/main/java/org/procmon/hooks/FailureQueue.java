package org.procmon.hooks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The failures of one process that are yet to be told. Thread-safe. */
final class FailureQueue {
    /**
     * @param failure the latest
     * @param times how many there were
     */
    record Report(RunFailure failure, int times) {}

    private @Nullable RunFailure latest;
    private int times;
    private boolean worked;

    /** Puts one in; whether somebody has to begin to work it off. */
    synchronized boolean add(RunFailure runFailure) {
        latest = runFailure;
        times++;
        boolean begins = !worked;
        worked = true;
        return begins;
    }

    /** Takes all of them; there must be one. */
    synchronized Report take() {
        Report report = new Report(Objects.requireNonNull(latest, "nothing has failed"), times);
        latest = null;
        times = 0;
        return report;
    }

    /** Whether there is nothing more to be worked off; then nobody works until the next one. */
    synchronized boolean isDone() {
        worked = times > 0;
        return !worked;
    }
}
