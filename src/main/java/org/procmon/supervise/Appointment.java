package org.procmon.supervise;

import java.time.ZonedDateTime;
import org.procmon.spec.Schedule;

/**
 * What a schedule does next.
 *
 * @param at when, by the wall clock, in the time zone of the schedule
 */
public record Appointment(Schedule.Action action, ZonedDateTime at) {}
