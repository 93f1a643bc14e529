package org.procmon.output.log;

import org.procmon.posix.Buffer;

/**
 * Writes timestamps as {@code 2026-11-20T12:26:23.112Z} and a space, byte by byte: one for each
 * line. Source: RFC 3339, and the inverse of "days from civil".
 */
public final class TimestampFormat {
    public static final int LENGTH = 25;

    private static final int MILLIS_PER_DAY = 86_400_000;
    private static final int DAYS_PER_400_YEARS = 146_097;

    /** From 1 March of the year 0, the start of the calculation, to 1 January 1970. */
    private static final int DAYS_TO_1970 = 719_468;

    private TimestampFormat() {}

    static void write(Buffer out, int at, long wallMillis) {
        int day = (int) Math.floorDiv(wallMillis, (long) MILLIS_PER_DAY) + DAYS_TO_1970;
        int era = Math.floorDiv(day, DAYS_PER_400_YEARS);
        int dayOfEra = day - era * DAYS_PER_400_YEARS;
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        int millis = (int) Math.floorMod(wallMillis, (long) MILLIS_PER_DAY);
        digits(out, at, 4, yearOfEra + era * 400 + (month <= 2 ? 1 : 0), '-');
        digits(out, at + 5, 2, month, '-');
        digits(out, at + 8, 2, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, 'T');
        digits(out, at + 11, 2, millis / 3_600_000, ':');
        digits(out, at + 14, 2, millis / 60_000 % 60, ':');
        digits(out, at + 17, 2, millis / 1000 % 60, '.');
        digits(out, at + 20, 3, millis % 1000, 'Z');
        out.set(at + 24, (byte) ' ');
    }

    private static void digits(Buffer out, int at, int count, int number, char after) {
        int rest = number;
        for (int i = count - 1; i >= 0; i--) {
            out.set(at + i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        out.set(at + count, (byte) after);
    }
}
