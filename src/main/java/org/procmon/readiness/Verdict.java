package org.procmon.readiness;

/** What came of a question. */
sealed interface Verdict {
    Verdict WELL = new Well();

    /** All is as it should be. */
    record Well() implements Verdict {}

    /**
     * Something is wrong.
     *
     * @param complaint what, in words
     */
    record Bad(String complaint) implements Verdict {}

    /**
     * The monitor lacked something to ask, which says nothing of the run.
     *
     * @param reason in words
     */
    record NotAsked(String reason) implements Verdict {}
}
