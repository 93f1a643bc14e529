package org.procmon.status;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.List;
import org.procmon.config.Schedule;

/**
 * What a schedule does next.
 *
 * @param at when, by the wall clock, in the time zone of the schedule
 * @param delay how much later this is than its cron time, by its jitter
 * @param leftOut the first days before that which it leaves out by its key {@code except}
 */
public record ScheduledAction(
        Schedule.Action action, ZonedDateTime at, Duration delay, List<LocalDate> leftOut) {
    public ScheduledAction {
        leftOut = List.copyOf(leftOut);
    }

    /** On time, with nothing left out before. */
    public ScheduledAction(Schedule.Action action, ZonedDateTime at) {
        this(action, at, Duration.ZERO, List.of());
    }
}
