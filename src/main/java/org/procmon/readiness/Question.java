package org.procmon.readiness;

import java.util.Optional;

/** Something that can be asked of a run. */
@FunctionalInterface
interface Question {
    /**
     * Asks. Blocks until there is an answer, for ever if there is none; an interrupt ends it. On a
     * virtual thread.
     *
     * @return what is wrong; empty if all is well
     */
    Optional<String> ask();
}
