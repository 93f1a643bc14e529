package org.procmon.config;

import java.time.Duration;

/**
 * The key {@code health}.
 *
 * @param probe how to probe the process
 * @param interval the time from one probe to the next
 * @param timeout the timeout of a probe
 * @param failures how many failed probes in a row make it unhealthy, at least 1
 * @param then what to do when it is unhealthy
 */
public record Health(Probe probe, Duration interval, Duration timeout, int failures, Remedy then) {
    /** What to do about an unhealthy process. */
    public enum Remedy {
        /** Stop its run, which counts as failed. */
        RESTART,
        /** Report it, and do nothing else. */
        REPORT
    }
}
