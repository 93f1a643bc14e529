package org.procmon.config;

/**
 * One entry of {@code depends}.
 *
 * @param on the name of the process that is depended on
 * @param when the state that it must reach
 */
public record Dependency(String on, Condition when) {
    /** The state that a dependency must reach before its dependent may start. */
    public enum Condition {
        /** It is up: it was started, and its {@code wait} has passed or it was {@code ready}. */
        STARTED,
        /** It is up, and does not report that it is reloading or stopping. */
        READY,
        /** It is up, and its latest {@code health} probe was good. */
        HEALTHY,
        /** It ran to completion successfully. */
        COMPLETED
    }
}
