package org.procmon.readiness.probe;

/** The result of a probe. */
sealed interface ProbeResult {
    ProbeResult WELL = new Well();

    /** The run is well. */
    record Well() implements ProbeResult {}

    /**
     * Something is wrong.
     *
     * @param complaint the problem, in words
     */
    record Bad(String complaint) implements ProbeResult {}

    /**
     * The monitor lacked a resource for the probe, which says nothing about the run.
     *
     * @param reason in words
     */
    record NotAsked(String reason) implements ProbeResult {}
}
