package org.procmon.control.server.replies;

import java.time.LocalDate;

/** Dates and times of RFC 3339 in UTC to the millisecond: {@code 2026-01-31T09:05:00.250Z}. */
final class Rfc3339 {
    private static final long DAY_MS = 86_400_000;

    private Rfc3339() {}

    /**
     * Formats a time.
     *
     * @param epochMs milliseconds since 1970
     */
    static String text(long epochMs) {
        // Every row of every list has one: no formatter, which would take ten times as long.
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(epochMs, DAY_MS));
        int ms = (int) Math.floorMod(epochMs, DAY_MS);
        char[] text = new char[24];
        digits(text, 0, 4, date.getYear());
        text[4] = '-';
        digits(text, 5, 2, date.getMonthValue());
        text[7] = '-';
        digits(text, 8, 2, date.getDayOfMonth());
        text[10] = 'T';
        digits(text, 11, 2, ms / 3_600_000);
        text[13] = ':';
        digits(text, 14, 2, ms / 60_000 % 60);
        text[16] = ':';
        digits(text, 17, 2, ms / 1000 % 60);
        text[19] = '.';
        digits(text, 20, 3, ms % 1000);
        text[23] = 'Z';
        return new String(text);
    }

    private static void digits(char[] text, int from, int count, int number) {
        int rest = number;
        for (int i = from + count - 1; i >= from; i--) {
            text[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
