package org.procmon.config;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Calendar times, as cron writes them. Each field is a bit set: bit {@code n} stands for the value
 * {@code n}. Source: crontab(5), and Quartz for days by their place in the month.
 *
 * @param text as the user wrote it
 * @param seconds 0 to 59
 * @param minutes 0 to 59
 * @param hours 0 to 23
 * @param days of the month, 1 to 31; all of them if the field does not restrict the days
 * @param months 1 to 12
 * @param weekdays 0, Sunday, to 6; all of them if the field does not restrict the days
 * @param relativeDays further days of both fields
 */
public record Cron(
        String text,
        long seconds,
        long minutes,
        long hours,
        long days,
        long months,
        long weekdays,
        List<RelativeDay> relativeDays) {
    public static final long EVERY_SECOND = (1L << 60) - 1;
    private static final long EVERY_HOUR = (1L << 24) - 1;
    private static final long EVERY_DAY = ((1L << 31) - 1) << 1;
    private static final long EVERY_WEEKDAY = (1L << 7) - 1;

    private static final int[] LONGEST_MONTHS = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    /** After this many years the calendar's weekdays repeat. */
    private static final int CYCLE = 28;

    public Cron {
        relativeDays = List.copyOf(relativeDays);
    }

    /** Without relative days. */
    public Cron(
            String text,
            long seconds,
            long minutes,
            long hours,
            long days,
            long months,
            long weekdays) {
        this(text, seconds, minutes, hours, days, months, weekdays, List.of());
    }

    /** Whether it matches every hour, so that it follows elapsed time when clocks are set. */
    public boolean isEveryHour() {
        return hours == EVERY_HOUR;
    }

    /** Whether it matches every minute of each hour that it matches. */
    public boolean isEveryMinute() {
        return minutes == EVERY_SECOND && isEverySecond();
    }

    /** Whether it matches every second of each minute that it matches. */
    public boolean isEverySecond() {
        return seconds == EVERY_SECOND;
    }

    /** Whether the day of the month is restricted. */
    public boolean hasDays() {
        return days != EVERY_DAY;
    }

    /**
     * Whether the day of the week is restricted. If both are, a day matches if either field does,
     * as in cron.
     */
    public boolean hasWeekdays() {
        return weekdays != EVERY_WEEKDAY;
    }

    /** Whether it matches at some time of a day. */
    public boolean fits(LocalDate date) {
        if (!contains(months, date.getMonthValue())) {
            return false;
        }
        boolean day = contains(days, date.getDayOfMonth()) || fitsRelative(date, false);
        boolean weekday = contains(weekdays, weekday(date)) || fitsRelative(date, true);
        boolean isEither = hasDays() && hasWeekdays();
        return isEither ? day || weekday : day && weekday;
    }

    private boolean fitsRelative(LocalDate date, boolean weekday) {
        for (RelativeDay relative : relativeDays) {
            if (relative.isWeekday() == weekday && relative.fits(date)) {
                return true;
            }
        }
        return false;
    }

    /** Whether no such day exists: none of the months ever has it. */
    public boolean isNever() {
        // Every month has each weekday; even February sometimes has a fifth one. Checking each day
        // would load classes that are seldom needed.
        return !hasWeekdays() && !hasPlainDay() && cycle().noneMatch(this::fits);
    }

    /** Whether some month has one of the days of the month that are not relative. */
    private boolean hasPlainDay() {
        for (int month = 1; month <= LONGEST_MONTHS.length; month++) {
            long all = (1L << (LONGEST_MONTHS[month - 1] + 1)) - 1;
            if (contains(months, month) && (days & all) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Days that include every combination of month, length of the month, day and weekday. */
    public static Stream<LocalDate> cycle() {
        LocalDate start = LocalDate.of(2001, 1, 1);
        return start.datesUntil(start.plusYears(CYCLE));
    }

    /** The values in a field, the smallest first. */
    public static IntStream values(long field) {
        return LongStream.range(0, Long.SIZE)
                .filter(bit -> contains(field, (int) bit))
                .mapToInt(bit -> (int) bit);
    }

    public static boolean contains(long field, int value) {
        return (field >>> value & 1) != 0;
    }

    /** The number of a day's weekday: 0 is Sunday. */
    static int weekday(LocalDate date) {
        return date.getDayOfWeek().getValue() % DayOfWeek.values().length;
    }
}
