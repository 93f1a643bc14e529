package org.procmon.config;

import java.time.Duration;

/**
 * The key {@code health}.
 *
 * @param probe how it is asked
 * @param interval the time from one question to the next
 * @param timeout how long an answer may take
 * @param failures how many bad answers in a row make it unhealthy, at least 1
 * @param then what follows from that
 */
public record Health(Probe probe, Duration interval, Duration timeout, int failures, Remedy then) {
    /** What is done about a process that is unhealthy. */
    public enum Remedy {
        /** Its run is ended, and counts as one that ended badly. */
        RESTART,
        /** It is shown, and nothing else. */
        REPORT
    }
}
