package org.procmon.config;

/**
 * One entry of {@code depends}.
 *
 * @param on the name of the process that is depended on
 * @param when what it must have reached
 */
public record Dependency(String on, Condition when) {
    /** What a dependency must have reached before its dependent may start. */
    public enum Condition {
        /** It is up: it was started, and its {@code wait} has passed or it was {@code ready}. */
        STARTED,
        /** It is up, and does not say that it is busy with reloading or ending. */
        READY,
        /** It is up, and the latest look at its {@code health} was good. */
        HEALTHY,
        /** It ran to completion and did well. */
        COMPLETED
    }
}
