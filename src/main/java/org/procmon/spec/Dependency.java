package org.procmon.spec;

/**
 * One entry of {@code depends}.
 *
 * @param on the name of the process that is depended on
 * @param when what it must have reached
 */
public record Dependency(String on, Condition when) {
    /** What a dependency must have reached before its dependent may start. */
    public enum Condition {
        /** It was started, and its {@code wait} has passed. */
        STARTED,
        /** It ran to completion and did well. */
        COMPLETED
    }
}
