package org.procmon.events;

import org.procmon.lifecycle.Ticks;

/**
 * A happening with its place in the course of things.
 *
 * @param number larger by one than that of the one before
 * @param at when, by the monotonic clock
 * @param wallMs the same moment by the wall clock, in milliseconds since 1970
 * @param what it was
 */
public record NumberedEvent(long number, Ticks at, long wallMs, MonitorEvent what) {}
