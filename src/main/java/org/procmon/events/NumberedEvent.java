package org.procmon.events;

import org.procmon.lifecycle.Ticks;

/**
 * An event with its number and time.
 *
 * @param number one more than that of the event before
 * @param at when, by the monotonic clock
 * @param wallMs the same moment by the wall clock, in milliseconds since 1970
 * @param what the event
 */
public record NumberedEvent(long number, Ticks at, long wallMs, MonitorEvent what) {}
