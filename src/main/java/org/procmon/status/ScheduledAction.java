package org.procmon.status;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.List;
import org.procmon.config.Schedule;

/**
 * The next time of a scheduled action.
 *
 * @param at when, by the wall clock, in the time zone of the schedule
 * @param delay how much later this is than its cron time, due to its jitter
 * @param leftOut the first days on which its key {@code except} leaves out earlier times, all of
 *     that day or some
 */
public record ScheduledAction(
        Schedule.Action action, ZonedDateTime at, Duration delay, List<LocalDate> leftOut) {
    public ScheduledAction {
        leftOut = List.copyOf(leftOut);
    }

    /** Without a delay or excluded times. */
    public ScheduledAction(Schedule.Action action, ZonedDateTime at) {
        this(action, at, Duration.ZERO, List.of());
    }
}
