package org.procmon.config;

import java.time.Duration;

/**
 * A program that is run when something has happened to a process.
 *
 * @param exec the program
 * @param timeout how long it may take before it is killed
 */
public record Hook(Exec exec, Duration timeout) {
    public static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);

    /** What there is to say of one that has taken longer than it may. */
    public static String overdue(Duration timeout) {
        return "was killed, it had not ended after " + DurationText.inWords(timeout);
    }
}
