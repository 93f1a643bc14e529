package org.procmon.config;

import java.time.DayOfWeek;
import java.time.LocalDate;

/**
 * A day that a cron field gives by its place in the month, so that its date differs between months.
 * Weekdays are numbers as in {@link Cron}: 0 is Sunday.
 */
public sealed interface RelativeDay {
    /** Whether this is the day. */
    boolean fits(LocalDate day);

    /** Whether it belongs in the field of the day of the week. */
    boolean isWeekday();

    /**
     * {@code L}, {@code L-3}, {@code LW} or {@code L-3W}. A month that is too short has no such
     * day.
     *
     * @param before how many days before the last one of the month
     * @param working whether the nearest of Monday to Friday is meant, see {@link NearestWorkday}
     */
    record FromLast(int before, boolean working) implements RelativeDay {
        @Override
        public boolean fits(LocalDate day) {
            int wanted = day.lengthOfMonth() - before;
            return working ? isNearest(day, wanted) : day.getDayOfMonth() == wanted;
        }

        @Override
        public boolean isWeekday() {
            return false;
        }
    }

    /**
     * {@code 15W}: the day itself if it is one of Monday to Friday, else the nearest of these in
     * the same month. A month that is too short has no such day.
     *
     * @param day of the month, 1 to 31
     */
    record NearestWorkday(int day) implements RelativeDay {
        @Override
        public boolean fits(LocalDate other) {
            return isNearest(other, day);
        }

        @Override
        public boolean isWeekday() {
            return false;
        }
    }

    /** {@code friL}: the last one in the month. */
    record LastWeekday(int weekday) implements RelativeDay {
        @Override
        public boolean fits(LocalDate day) {
            return Cron.weekday(day) == weekday
                    && day.getDayOfMonth() + DayOfWeek.values().length > day.lengthOfMonth();
        }

        @Override
        public boolean isWeekday() {
            return true;
        }
    }

    /**
     * {@code fri#3}: the third one in the month.
     *
     * @param nth from 1 to 5; not every month has a fifth
     */
    record NthWeekday(int weekday, int nth) implements RelativeDay {
        @Override
        public boolean fits(LocalDate day) {
            int week = (day.getDayOfMonth() - 1) / DayOfWeek.values().length + 1;
            return Cron.weekday(day) == weekday && week == nth;
        }

        @Override
        public boolean isWeekday() {
            return true;
        }
    }

    private static boolean isNearest(LocalDate day, int wanted) {
        if (wanted < 1 || wanted > day.lengthOfMonth()) {
            return false;
        }
        LocalDate exact = day.withDayOfMonth(wanted);
        LocalDate nearest =
                switch (exact.getDayOfWeek()) {
                    case SATURDAY -> exact.plusDays(wanted == 1 ? 2 : -1);
                    case SUNDAY -> exact.plusDays(wanted == day.lengthOfMonth() ? -2 : 1);
                    case MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY -> exact;
                };
        return day.equals(nearest);
    }
}
