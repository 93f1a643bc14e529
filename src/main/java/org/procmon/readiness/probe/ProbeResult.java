package org.procmon.readiness.probe;

/** What came of a question. */
public sealed interface ProbeResult {
    ProbeResult WELL = new Well();

    /** All is as it should be. */
    record Well() implements ProbeResult {}

    /**
     * Something is wrong.
     *
     * @param complaint what, in words
     */
    record Bad(String complaint) implements ProbeResult {}

    /**
     * The monitor lacked something to ask, which says nothing of the run.
     *
     * @param reason in words
     */
    record NotAsked(String reason) implements ProbeResult {}
}
