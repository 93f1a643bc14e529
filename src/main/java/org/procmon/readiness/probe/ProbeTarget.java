package org.procmon.readiness.probe;

/** Something that can be asked of a run. */
@FunctionalInterface
interface ProbeTarget {
    /**
     * Asks. Blocks until there is an answer, for ever if there is none; an interrupt ends it. On a
     * virtual thread.
     */
    ProbeResult ask();
}
