package org.procmon.readiness.probe;

import java.time.Duration;
import java.util.Optional;

/** When a run is asked, and what follows from its answers. On one thread, that of who asks. */
public interface ProbePolicy {
    /** How long from now until the first question. */
    Duration first();

    /**
     * Takes an answer; returns at once.
     *
     * @return how long from now until the next question; empty if none is needed any more
     */
    Optional<Duration> next(ProbeResult probeResult);
}
