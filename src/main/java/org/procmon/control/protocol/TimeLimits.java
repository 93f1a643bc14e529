package org.procmon.control.protocol;

/**
 * How long processes may take to change, by their own limits, in milliseconds.
 *
 * @param stopMs until all of them are down
 * @param startMs until all of them are up
 * @param rollingMs until all of them are restarted one after the other
 */
public record TimeLimits(long stopMs, long startMs, long rollingMs) {}
