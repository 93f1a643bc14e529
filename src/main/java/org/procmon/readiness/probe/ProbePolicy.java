package org.procmon.readiness.probe;

import java.time.Duration;
import java.util.Optional;

/** When to probe a run, and what its answers mean. Only the probing thread calls it. */
public interface ProbePolicy {
    /** The delay until the first probe. */
    Duration first();

    /**
     * Takes an answer; returns at once.
     *
     * @return the delay until the next probe; empty to stop
     */
    Optional<Duration> next(ProbeResult probeResult);
}
