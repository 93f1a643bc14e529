package org.procmon.config;

import java.time.LocalDate;
import java.time.MonthDay;

/** Times that a schedule leaves out: an entry of its key {@code except}. */
public sealed interface Exclusion {
    /** Whole days, including the last. */
    record Dates(LocalDate from, LocalDate to) implements Exclusion {}

    /**
     * Whole days of every year, including the last. If the last day comes before the first, the
     * range continues into the next year.
     */
    record EachYear(MonthDay from, MonthDay to) implements Exclusion {
        /** Whether a day is in the range. */
        public boolean contains(LocalDate date) {
            MonthDay day = MonthDay.from(date);
            boolean isFrom = !day.isBefore(from);
            boolean isTo = !day.isAfter(to);
            return from.isAfter(to) ? isFrom || isTo : isFrom && isTo;
        }
    }

    /**
     * Whenever a cron expression matches. Without a field for seconds, it covers each whole minute.
     */
    record Recurring(Cron times) implements Exclusion {}
}
