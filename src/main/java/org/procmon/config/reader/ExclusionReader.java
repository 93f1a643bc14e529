package org.procmon.config.reader;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Month;
import java.time.MonthDay;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.procmon.config.Cron;
import org.procmon.config.Exclusion;
import org.procmon.config.Schedule;

/** Reads the key {@code except} of a schedule: days, ranges of days, and times as in cron. */
final class ExclusionReader {
    private static final String ENTRY = "each entry of 'except'";
    private static final String FORM =
            "a day (\"2026-12-25\", or \"12-25\" for each year), a range of days"
                    + " (\"2026-12-24..2027-01-02\"), or times as in cron (\"* 12-13 * * *\")";

    private static final String A_DAY = "(?:(\\d{4}|\\*)-)?(\\d{1,2})-(\\d{1,2})";

    /** A day, with or without the year. */
    private static final Pattern DAY = Pattern.compile(A_DAY);

    /** Between the two days of a range: as in systemd.time(7), or as in ISO 8601. */
    private static final String BETWEEN = " *(?:\\.\\.|/) *";

    private static final Pattern DAYS = Pattern.compile(A_DAY + "(?:" + BETWEEN + A_DAY + ")?");

    private static final int MOST_ENTRIES = 1000;

    /** Each of these is checked for each time. */
    private static final int MOST_RECURRING = 100;

    /** Days with a year, of all entries together. */
    private static final long MOST_DAYS = 10_000;

    private static final int ALL_FIELDS = 5;
    private static final int LEAP_YEAR = 2000;

    private record Entry(JsonValue.Text text, Exclusion exclusion) {}

    private final Problems problems;
    private final List<Entry> entries = new ArrayList<>();

    /** Aborts the reading of an entry; the reason has been reported. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
    }

    ExclusionReader(Problems problems) {
        this.problems = problems;
    }

    List<Exclusion> read(ObjectReader objectReader) {
        List<JsonValue> nodes = objectReader.oneOrMore("except");
        if (nodes.size() > MOST_ENTRIES) {
            problems.add(
                    nodes.get(MOST_ENTRIES).offset(),
                    "'except' has more than " + MOST_ENTRIES + " entries");
            return List.of();
        }
        for (JsonValue jsonValue : nodes) {
            if (jsonValue instanceof JsonValue.Text text) {
                read(text).ifPresent(exclusion -> entries.add(new Entry(text, exclusion)));
            } else {
                problems.wrongKind(ENTRY, FORM, jsonValue);
            }
        }
        checkSize(nodes);
        return entries.stream().map(Entry::exclusion).toList();
    }

    private void checkSize(List<JsonValue> nodes) {
        long days = 0;
        int recurring = 0;
        for (Entry entry : entries) {
            switch (entry.exclusion()) {
                case Exclusion.Dates dates ->
                        days += ChronoUnit.DAYS.between(dates.from(), dates.to()) + 1;
                case Exclusion.EachYear _ -> {}
                case Exclusion.Recurring _ -> recurring++;
            }
        }
        if (days > MOST_DAYS) {
            problems.add(
                    nodes.getFirst().offset(),
                    "'except' leaves out more than " + MOST_DAYS + " days with a year");
        }
        if (recurring > MOST_RECURRING) {
            problems.add(
                    nodes.getFirst().offset(),
                    "'except' has more than " + MOST_RECURRING + " entries as in cron");
        }
    }

    private Optional<Exclusion> read(JsonValue.Text text) {
        String value = text.value().strip();
        if (!DAYS.matcher(value).matches() && (value.indexOf(' ') >= 0 || value.startsWith("@"))) {
            return new CronReader(problems)
                    .readStretches(ENTRY, text)
                    .map(Exclusion.Recurring::new);
        }
        try {
            return Optional.of(days(text, value));
        } catch (Refused _) {
            return Optional.empty();
        }
    }

    private Exclusion days(JsonValue.Text text, String value) throws Refused {
        List<String> ends = List.of(value.split(BETWEEN, -1));
        Matcher from = DAY.matcher(ends.getFirst());
        Matcher to = DAY.matcher(ends.getLast());
        if (ends.size() > 2 || !from.matches() || !to.matches() || isYearly(from) != isYearly(to)) {
            problems.badText(ENTRY, FORM, text);
            throw new Refused();
        }
        if (isYearly(from)) {
            return new Exclusion.EachYear(
                    MonthDay.from(date(text, from, LEAP_YEAR)),
                    MonthDay.from(date(text, to, LEAP_YEAR)));
        }
        LocalDate first = date(text, from, Integer.parseInt(from.group(1)));
        LocalDate last = date(text, to, Integer.parseInt(to.group(1)));
        if (last.isBefore(first)) {
            problems.add(
                    text.offset(),
                    ENTRY + " must not end before it starts: " + last + " is before " + first);
            throw new Refused();
        }
        return new Exclusion.Dates(first, last);
    }

    private static boolean isYearly(Matcher day) {
        return day.group(1) == null || day.group(1).equals("*");
    }

    private LocalDate date(JsonValue.Text text, Matcher day, int year) throws Refused {
        try {
            return LocalDate.of(
                    year, Integer.parseInt(day.group(2)), Integer.parseInt(day.group(3)));
        } catch (DateTimeException _) {
            problems.add(
                    text.offset(), "'except' has no such day as '" + day.group() + "'" + why(day));
            throw new Refused();
        }
    }

    private static String why(Matcher day) {
        int month = Integer.parseInt(day.group(2));
        return month < 1 || month > Month.values().length
                ? ": months are from 01 to 12"
                : ": days of this month are from 01 to "
                        + (isYearly(day)
                                ? Month.of(month).maxLength()
                                : LocalDate.of(Integer.parseInt(day.group(1)), month, 1)
                                        .lengthOfMonth());
    }

    /** Reports entries that leave no time, and those that were meant for whole days. */
    void check(Schedule schedule) {
        List<Cron> excepted = new ArrayList<>();
        for (Schedule.Action action : Schedule.Action.values()) {
            Optional<Cron> times = schedule.of(action);
            if (times.isPresent() && schedule.hasExceptions(action)) {
                excepted.add(times.get());
                if (Coverage.leavesNothing(times.get(), schedule.except())) {
                    problems.add(
                            entries.getFirst().text().offset(),
                            "'except' leaves out every time of '" + action.word() + "'");
                }
            }
        }
        for (Entry entry : entries) {
            if (entry.exclusion() instanceof Exclusion.Recurring(Cron times)
                    && isOneMinute(times)
                    && !excepted.isEmpty()
                    && excepted.stream().noneMatch(other -> Coverage.meets(times, other))) {
                problems.add(entry.text().offset(), oneMinute(entry.text().value()));
            }
        }
    }

    private static boolean isOneMinute(Cron times) {
        return Long.bitCount(times.hours()) == 1 && Long.bitCount(times.minutes()) == 1;
    }

    private static String oneMinute(String text) {
        List<String> fields = List.of(text.strip().split("[ \\t]+", -1));
        String instead =
                fields.size() < ALL_FIELDS
                        ? "name the days, as in '12-25'"
                        : "write '* * "
                                + String.join(" ", fields.subList(fields.size() - 3, fields.size()))
                                + "' for whole days";
        return "'except' leaves out a minute in which nothing is due by '"
                + Problems.shown(text)
                + "'; "
                + Problems.shown(instead);
    }
}
