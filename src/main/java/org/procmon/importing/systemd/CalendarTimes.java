package org.procmon.importing.systemd;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.SettingValues;

/**
 * Times of a systemd timer, as fields of cron. Each field is a bit set: bit {@code n} stands for
 * the value {@code n}.
 *
 * <p>Source: systemd.time(7), "Calendar Events".
 *
 * @param fields those of {@link Field}, in their order
 * @param fromLast days of the month counted from its last one, which is 1
 * @param zone the time zone; empty for that of the machine
 */
record CalendarTimes(List<Long> fields, long fromLast, String zone) {
    /** A field of cron. */
    private enum Field {
        SECOND(0, 59),
        MINUTE(0, 59),
        HOUR(0, 23),
        DAY(1, 31),
        MONTH(1, 12),
        WEEKDAY(0, 6);

        private final int least;
        private final int most;

        Field(int least, int most) {
            this.least = least;
            this.most = most;
        }

        private long all() {
            return range(least, most, 1);
        }

        @SuppressWarnings("EnumOrdinal") // they are in cron's order
        private int index() {
            return ordinal();
        }
    }

    /** Aborts the reading of an expression that cron cannot express. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
    }

    private static final String DAYS = "sunmontuewedthufrisat";
    private static final int DAYS_OF_WEEK = 7;

    CalendarTimes {
        fields = List.copyOf(fields);
    }

    /** The times of an expression; empty if cron cannot express them. */
    static Optional<CalendarTimes> of(String expression) {
        try {
            return Optional.of(read(expression.strip()));
        } catch (Refused _) {
            return Optional.empty();
        }
    }

    /** The times of both; empty if one cron expression cannot express them. */
    Optional<CalendarTimes> and(CalendarTimes other) {
        if (equals(other)) {
            return Optional.of(this);
        }
        int differing = -1;
        List<Long> sum = new ArrayList<>(fields);
        for (int i = 0; i < fields.size(); i++) {
            if (!fields.get(i).equals(other.fields.get(i))) {
                if (differing >= 0) {
                    return Optional.empty();
                }
                differing = i;
                sum.set(i, fields.get(i) | other.fields.get(i));
            }
        }
        return fromLast == 0 && other.fromLast == 0 && zone.equals(other.zone)
                ? Optional.of(new CalendarTimes(sum, 0, zone))
                : Optional.empty();
    }

    /** Five fields, or six if the second is not 0. */
    String cron() {
        String day = fromLast == 0 ? text(Field.DAY) : lastDays();
        String weekday = needsBoth() || isLastWeekday() ? "*" : text(Field.WEEKDAY);
        String five =
                String.join(
                        " ",
                        text(Field.MINUTE),
                        text(Field.HOUR),
                        isLastWeekday() ? "*" : day,
                        text(Field.MONTH),
                        isLastWeekday() ? lastWeekdays() : weekday);
        return value(Field.SECOND) == 1 ? five : text(Field.SECOND) + " " + five;
    }

    /** The times to leave out, since cron matches days of the month or of the week, not both. */
    String except() {
        if (!needsBoth()) {
            return "";
        }
        long others = Field.WEEKDAY.all() & ~value(Field.WEEKDAY);
        return "* * * * " + text(Field.WEEKDAY, others);
    }

    private boolean needsBoth() {
        boolean days = fromLast != 0 || value(Field.DAY) != Field.DAY.all();
        return days && value(Field.WEEKDAY) != Field.WEEKDAY.all() && !isLastWeekday();
    }

    /** The last seven days of a month contain each day of the week once. */
    private boolean isLastWeekday() {
        return fromLast == range(1, DAYS_OF_WEEK, 1) && value(Field.WEEKDAY) != Field.WEEKDAY.all();
    }

    private String lastDays() {
        List<String> days = new ArrayList<>();
        for (int day = 1; day <= Field.DAY.most; day++) {
            if ((fromLast >>> day & 1) != 0) {
                days.add(day == 1 ? "L" : "L-" + (day - 1));
            }
        }
        return String.join(",", days);
    }

    private String lastWeekdays() {
        List<String> days = new ArrayList<>();
        for (int day = 0; day < DAYS_OF_WEEK; day++) {
            if ((value(Field.WEEKDAY) >>> day & 1) != 0) {
                days.add(day + "L");
            }
        }
        return String.join(",", days);
    }

    private long value(Field field) {
        return fields.get(field.index());
    }

    private String text(Field field) {
        return text(field, value(field));
    }

    private static String text(Field field, long values) {
        if (values == field.all()) {
            return "*";
        }
        for (int step = 2; field.least == 0 && step <= field.most / 2; step++) {
            if (values == range(0, field.most, step)) {
                return "*/" + step;
            }
        }
        List<String> parts = new ArrayList<>();
        for (int at = field.least; at <= field.most; at++) {
            if ((values >>> at & 1) != 0) {
                int end = at;
                while (end < field.most && (values >>> (end + 1) & 1) != 0) {
                    end++;
                }
                parts.add(end == at ? "" + at : at + (end == at + 1 ? "," : "-") + end);
                at = end;
            }
        }
        return String.join(",", parts);
    }

    private static long range(int from, int to, int step) {
        long values = 0;
        for (int value = from; value <= to; value += step) {
            values |= 1L << value;
        }
        return values;
    }

    private static CalendarTimes read(String expression) throws Refused {
        List<String> words = new ArrayList<>(List.of(expression.split("\\s+", -1)));
        String zone = "";
        String last = words.getLast();
        boolean named = last.equalsIgnoreCase("UTC") || last.indexOf('/') > 0;
        if (last.isEmpty()) {
            throw new Refused();
        }
        if (Character.isLetter(last.charAt(0)) && named && words.size() > 1) {
            zone = zone(words.removeLast());
        }
        String first = words.getFirst().toLowerCase(Locale.ROOT);
        @Nullable String known = words.size() == 1 ? known(first) : null;
        if (known != null) {
            words = new ArrayList<>(List.of(known.split(" ", -1)));
            first = words.getFirst();
        }
        long weekdays = Field.WEEKDAY.all();
        if (!first.isEmpty() && Character.isLetter(first.charAt(0))) {
            weekdays =
                    weekdays(first.endsWith(",") ? first.substring(0, first.length() - 1) : first);
            words.removeFirst();
        }
        String date = "*-*-*";
        String time = "00:00:00";
        for (String word : words) {
            if (word.indexOf(':') >= 0) {
                time = word;
            } else {
                date = word;
            }
        }
        if (words.size() > 2 || (words.size() == 2 && words.getLast().indexOf(':') < 0)) {
            throw new Refused();
        }
        return times(weekdays, date, time, zone);
    }

    private static CalendarTimes times(long weekdays, String date, String time, String zone)
            throws Refused {
        int tilde = date.indexOf('~');
        String before = tilde < 0 ? date : date.substring(0, tilde);
        List<String> parts = new ArrayList<>(List.of(before.split("-", -1)));
        if (tilde >= 0) {
            parts.add(date.substring(tilde + 1));
        }
        List<String> clock = new ArrayList<>(List.of(time.split(":", -1)));
        if (clock.size() == 2) {
            clock.add("00");
        }
        boolean year = parts.size() == 3;
        if (clock.size() != 3 || (!year && parts.size() != 2)) {
            throw new Refused();
        }
        if (year && !parts.removeFirst().equals("*")) {
            throw new Refused();
        }
        long day = tilde < 0 ? component(parts.getLast(), Field.DAY) : Field.DAY.all();
        long fromLast = tilde < 0 ? 0 : fromLast(parts.getLast());
        return new CalendarTimes(
                List.of(
                        component(clock.get(2), Field.SECOND),
                        component(clock.get(1), Field.MINUTE),
                        component(clock.get(0), Field.HOUR),
                        day,
                        component(parts.getFirst(), Field.MONTH),
                        weekdays),
                fromLast,
                zone);
    }

    /** Days before the end count down: {@code 07/1} is each of the last seven. */
    private static long fromLast(String text) throws Refused {
        int slash = text.indexOf('/');
        if (slash < 0) {
            long days = component(text, Field.DAY);
            if (days == Field.DAY.all()) {
                throw new Refused();
            }
            return days;
        }
        int from = number(text.substring(0, slash), Field.DAY);
        int step = number(text.substring(slash + 1), Field.DAY);
        long days = 0;
        for (int day = from; day >= 1; day -= step) {
            days |= 1L << day;
        }
        return days;
    }

    /** Values, ranges and steps, separated by commas. */
    private static long component(String text, Field field) throws Refused {
        long values = 0;
        for (String part : text.split(",", -1)) {
            int slash = part.indexOf('/');
            String range = slash < 0 ? part : part.substring(0, slash);
            int step = slash < 0 ? 1 : number(part.substring(slash + 1), 1, field.most);
            int dots = range.indexOf("..");
            int from = field.least;
            int to = field.most;
            if (dots >= 0) {
                from = number(range.substring(0, dots), field);
                to = number(range.substring(dots + 2), field);
            } else if (!range.equals("*")) {
                from = number(range, field);
                to = slash < 0 ? from : to;
            }
            if (to < from) {
                throw new Refused();
            }
            values |= range(from, to, step);
        }
        return values;
    }

    private static int number(String digits, Field field) throws Refused {
        return number(digits, field.least, field.most);
    }

    private static int number(String digits, int least, int most) throws Refused {
        boolean good = SettingValues.isDigits(digits) && digits.length() <= 3;
        int number = good ? Integer.parseInt(digits) : -1;
        if (number < least || number > most) {
            throw new Refused();
        }
        return number;
    }

    private static long weekdays(String text) throws Refused {
        long days = 0;
        for (String part : text.split(",", -1)) {
            int dots = part.indexOf("..");
            int dash = part.indexOf('-');
            int length = dots < 0 ? 1 : 2;
            int at = dots < 0 ? dash : dots;
            int from = weekday(at < 0 ? part : part.substring(0, at));
            int to = at < 0 ? from : weekday(part.substring(at + length));
            // systemd's week starts on Monday; a range may go past Sunday.
            for (int day = from; ; day = (day + 1) % DAYS_OF_WEEK) {
                days |= 1L << day;
                if (day == to) {
                    break;
                }
            }
        }
        return days;
    }

    private static int weekday(String name) throws Refused {
        String full =
                switch (name.length() < 3 ? "" : name.substring(0, 3)) {
                    case "sun" -> "sunday";
                    case "mon" -> "monday";
                    case "tue" -> "tuesday";
                    case "wed" -> "wednesday";
                    case "thu" -> "thursday";
                    case "fri" -> "friday";
                    case "sat" -> "saturday";
                    default -> throw new Refused();
                };
        if (name.length() != 3 && !name.equals(full)) {
            throw new Refused();
        }
        return DAYS.indexOf(name.substring(0, 3)) / 3;
    }

    private static String zone(String name) throws Refused {
        try {
            return ZoneId.of(name.equalsIgnoreCase("UTC") ? "UTC" : name).getId();
        } catch (DateTimeException _) {
            throw new Refused();
        }
    }

    private static @Nullable String known(String word) {
        return switch (word) {
            case "minutely" -> "*-*-* *:*:00";
            case "hourly" -> "*-*-* *:00:00";
            case "daily" -> "*-*-* 00:00:00";
            case "weekly" -> "mon *-*-* 00:00:00";
            case "monthly" -> "*-*-01 00:00:00";
            case "yearly", "annually" -> "*-01-01 00:00:00";
            case "quarterly" -> "*-01,04,07,10-01 00:00:00";
            case "semiannually", "biannually", "bi-annually" -> "*-01,07-01 00:00:00";
            default -> null;
        };
    }
}
