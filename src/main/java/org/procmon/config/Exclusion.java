package org.procmon.config;

import java.time.LocalDate;
import java.time.MonthDay;

/** Times that a schedule leaves out: an entry of its key {@code except}. */
public sealed interface Exclusion {
    /** Whole days; the last one belongs to them. */
    record Dates(LocalDate from, LocalDate to) implements Exclusion {}

    /**
     * Whole days of every year; the last one belongs to them. They go on into the next year if it
     * comes before the first.
     */
    record EachYear(MonthDay from, MonthDay to) implements Exclusion {
        /** Whether a day is one of them. */
        public boolean contains(LocalDate date) {
            MonthDay day = MonthDay.from(date);
            boolean isFrom = !day.isBefore(from);
            boolean isTo = !day.isAfter(to);
            return from.isAfter(to) ? isFrom || isTo : isFrom && isTo;
        }
    }

    /**
     * Whenever a cron expression fits. Without a field for the second, that is throughout each of
     * the minutes.
     */
    record Recurring(Cron times) implements Exclusion {}
}
