package org.procmon.spec;

import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Times of the calendar, as cron has them. Each field is a set of bits: bit {@code n} stands for
 * the value {@code n}. Source: crontab(5).
 *
 * @param text as the user wrote it
 * @param seconds 0 to 59
 * @param minutes 0 to 59
 * @param hours 0 to 23
 * @param days of the month, 1 to 31; all of them if the field does not restrict the days
 * @param months 1 to 12
 * @param weekdays 0, Sunday, to 6; all of them if the field does not restrict the days
 */
public record Cron(
        String text,
        long seconds,
        long minutes,
        long hours,
        long days,
        long months,
        long weekdays) {
    private static final long EVERY_HOUR = (1L << 24) - 1;
    private static final long EVERY_DAY = ((1L << 31) - 1) << 1;
    private static final long EVERY_WEEKDAY = (1L << 7) - 1;
    private static final int[] LONGEST_MONTHS = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    /** Whether the hour does not matter, so that it goes by elapsed time when clocks are set. */
    public boolean isEveryHour() {
        return hours == EVERY_HOUR;
    }

    /** Whether the day of the month is restricted. */
    public boolean hasDays() {
        return days != EVERY_DAY;
    }

    /**
     * Whether the day of the week is restricted. If both are, it is enough that one of the two
     * fits, as in cron.
     */
    public boolean hasWeekdays() {
        return weekdays != EVERY_WEEKDAY;
    }

    /** Whether there is no such day: none of the months is ever that long. */
    boolean isNever() {
        return !hasWeekdays()
                && values(months)
                        .noneMatch(month ->
                                values(days).anyMatch(day -> day <= LONGEST_MONTHS[month - 1]));
    }

    /** The values in a field, the smallest first. */
    public static IntStream values(long field) {
        return LongStream.range(0, Long.SIZE)
                .filter(bit -> (field >>> bit & 1) != 0)
                .mapToInt(bit -> (int) bit);
    }
}
