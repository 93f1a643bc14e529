package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.procmon.config.RelativeDay;

/** Reads one field of a cron expression: parts separated by commas. */
final class CronFieldReader {
    private static final String EACH = "*";

    /** Quartz' sign for a day that the other of the two fields gives. */
    private static final String NONE = "?";

    private static final char NTH = '#';
    private static final char LAST = 'L';
    private static final char WORKDAY = 'W';
    private static final int LAST_MOST = 30;
    private static final int NTH_MOST = 5;

    private final CronField field;
    private final List<RelativeDay> relativeDays = new ArrayList<>();
    private long values;

    /** Aborts the reading. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        /** The index in the field. */
        final int index;

        Refused(int index, String message) {
            super(message, null, false, false);
            this.index = index;
        }

        String message() {
            return String.valueOf(getMessage());
        }
    }

    CronFieldReader(CronField field) {
        this.field = field;
    }

    /** Reads the text of the field. */
    CronFieldReader read(String text) throws Refused {
        boolean isDay = field == CronField.DAY || field == CronField.WEEKDAY;
        if (isDay && text.equals(NONE)) {
            values = range(field.least(), field.most(), 1);
            return this;
        }
        int index = 0;
        for (String part : text.split(",", -1)) {
            part(part, index);
            index += part.length() + 1;
        }
        return this;
    }

    long values() {
        return values;
    }

    /** The days that the values do not include; none if all days match anyway. */
    List<RelativeDay> relativeDays() {
        boolean isAll = values == range(field.least(), field.most(), 1);
        return isAll ? List.of() : relativeDays;
    }

    private void part(String part, int index) throws Refused {
        String upper = part.toUpperCase(Locale.ROOT);
        if (field == CronField.DAY && upper.indexOf(LAST) == 0) {
            relativeDays.add(fromLast(part, upper, index));
        } else if (field == CronField.DAY && upper.endsWith("W")) {
            int day = value(part, index, part.substring(0, part.length() - 1));
            relativeDays.add(new RelativeDay.NearestWorkday(day));
        } else if (field == CronField.WEEKDAY && part.indexOf(NTH) >= 0) {
            relativeDays.add(nth(part, index));
        } else if (field == CronField.WEEKDAY && upper.endsWith("L")) {
            relativeDays.add(lastWeekday(part, index));
        } else {
            values |= plain(part, index);
        }
    }

    private RelativeDay fromLast(String part, String upper, int index) throws Refused {
        boolean working = upper.length() > 1 && upper.charAt(upper.length() - 1) == WORKDAY;
        String between = upper.substring(1, upper.length() - (working ? 1 : 0));
        if (between.isEmpty()) {
            return new RelativeDay.FromLast(0, working);
        }
        int before = between.charAt(0) == '-' ? CronField.number(between.substring(1)) : -1;
        if (before < 0 || before > LAST_MOST) {
            throw new Refused(
                    index,
                    shown(part)
                            + " is no day of the month: write 'L' for the last one, 'LW' for the"
                            + " last one of Monday to Friday, and 'L-1' to 'L-"
                            + LAST_MOST
                            + "' for days before the last");
        }
        return new RelativeDay.FromLast(before, working);
    }

    private RelativeDay nth(String part, int index) throws Refused {
        int hash = part.indexOf(NTH);
        int weekday = value(part, index, part.substring(0, hash));
        int nth = CronField.number(part.substring(hash + 1));
        if (nth < 1 || nth > NTH_MOST) {
            throw new Refused(
                    index,
                    shown(part)
                            + " is no day of the week: behind '#' there must be a number from 1 to "
                            + NTH_MOST);
        }
        return new RelativeDay.NthWeekday(weekday, nth);
    }

    private RelativeDay lastWeekday(String part, int index) throws Refused {
        if (part.length() == 1) {
            throw new Refused(
                    index,
                    "'L' is no day of the week: write 'sat', or 'satL' for the last Saturday of"
                            + " the month");
        }
        int weekday = value(part, index, part.substring(0, part.length() - 1));
        return new RelativeDay.LastWeekday(weekday);
    }

    /** {@code *}, a value or a range, perhaps with a step. */
    private long plain(String part, int index) throws Refused {
        int slash = part.indexOf('/');
        String span = slash < 0 ? part : part.substring(0, slash);
        int step = slash < 0 ? 1 : step(part, index, part.substring(slash + 1));
        if (span.equals(EACH)) {
            return range(field.least(), field.most(), step);
        }
        int dash = span.indexOf('-');
        if (dash < 0) {
            int value = value(part, index, span);
            return range(value, slash < 0 ? value : field.most(), step);
        }
        String to = span.substring(dash + 1);
        int from = value(part, index, span.substring(0, dash));
        int until = value(part, index, to);
        boolean isWholeWeek = field == CronField.WEEKDAY && from == 0 && to.equals("7");
        return range(from, isWholeWeek ? field.most() : until, step);
    }

    /**
     * The values of a range; if its last value is below its first, it wraps around to the least
     * value.
     */
    private long range(int from, int until, int step) {
        int count = field.most() - field.least() + 1;
        int end = until < from ? until + count : until;
        long range = 0;
        for (int value = from; value <= end; value += step) {
            range |= 1L << (field.least() + (value - field.least()) % count);
        }
        return range;
    }

    private int value(String part, int index, String text) throws Refused {
        int value = field.value(text);
        if (value < 0) {
            if (text.equals(NONE)) {
                throw new Refused(
                        index,
                        "'?' stands only for a day of the month or a day of the week, alone;"
                                + " write '*'");
            }
            throw new Refused(
                    index, shown(part) + " is no " + field.word() + ": " + field.complaint(text));
        }
        return value;
    }

    private int step(String part, int index, String text) throws Refused {
        int step = CronField.number(text);
        if (step < 1 || step > field.longestStep()) {
            throw new Refused(
                    index,
                    "the step of " + shown(part) + " must be from 1 to " + field.longestStep());
        }
        return step;
    }

    private static String shown(String part) {
        return "'" + Problems.shown(part) + "'";
    }
}
