package org.procmon.readiness.probe;

/** Something that can be probed. */
@FunctionalInterface
interface ProbeTarget {
    /**
     * Probes once. Blocks until there is an answer, without a timeout; an interrupt stops it. On a
     * virtual thread.
     */
    ProbeResult ask();
}
