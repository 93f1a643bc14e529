package org.procmon.config;

import java.time.Duration;

/**
 * A program to run after an event of a process.
 *
 * @param exec the program
 * @param timeout how long it may take before it is killed
 */
public record Hook(Exec exec, Duration timeout) {
    public static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);

    /** The message about a hook that exceeded its timeout. */
    public static String overdue(Duration timeout) {
        return "was killed, it had not ended after " + DurationText.inWords(timeout);
    }
}
