package org.procmon.trigger.schedule;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.procmon.config.Cron;
import org.procmon.config.RelativeDay;

/**
 * A cron expression as Quartz writes it. In Quartz a day of the month and a day of the week exclude
 * each other, and it accepts only one relative day of most kinds. So one cron expression may become
 * several; a time of any of them counts.
 *
 * @param only accepts the days that the expression means; empty for all. Quartz does not find a
 *     workday that is moved to after a weekend when the search starts on that weekend, and finds
 *     only the first of its times; so Quartz gets all days that are possible
 */
record QuartzText(String text, Optional<RelativeDay> only) {
    private static final int LAST_DAY = 31;
    private static final int SHORTEST_MONTH = 28;

    /** The largest shift of a workday. */
    private static final int MOVED = 2;

    private static final String EACH = "*";
    private static final String NONE = "?";

    /** Whether the expression means a time that Quartz has found. */
    boolean fits(LocalDate day) {
        return only.isEmpty() || only.get().fits(day);
    }

    static List<QuartzText> of(Cron cron) {
        List<QuartzText> all = new ArrayList<>();
        if (cron.hasDays() || !cron.hasWeekdays()) {
            if (cron.days() != 0) {
                all.add(text(cron, cron.hasDays() ? list(cron.days(), 0) : EACH, NONE));
            }
            cron.relativeDays().stream()
                    .filter(day -> !day.isWeekday())
                    .forEach(day -> all.add(relative(cron, day)));
        }
        if (cron.hasWeekdays()) {
            if (cron.weekdays() != 0) {
                all.add(text(cron, NONE, list(cron.weekdays(), 1)));
            }
            cron.relativeDays().stream()
                    .filter(RelativeDay::isWeekday)
                    .forEach(day -> all.add(relative(cron, day)));
        }
        return all;
    }

    /** To Quartz, Sunday is 1. */
    private static QuartzText relative(Cron cron, RelativeDay day) {
        return switch (day) {
            case RelativeDay.FromLast last ->
                    last.working()
                            ? workday(
                                    cron,
                                    day,
                                    SHORTEST_MONTH - last.before(),
                                    LAST_DAY - last.before())
                            : text(cron, last.before() == 0 ? "L" : "L-" + last.before(), NONE);
            case RelativeDay.NearestWorkday nearest ->
                    workday(cron, day, nearest.day(), nearest.day());
            case RelativeDay.LastWeekday last -> text(cron, NONE, last.weekday() + 1 + "L");
            case RelativeDay.NthWeekday nth ->
                    text(cron, NONE, nth.weekday() + 1 + "#" + nth.nth());
        };
    }

    private static QuartzText workday(Cron cron, RelativeDay day, int earliest, int latest) {
        int from = Math.max(1, earliest - MOVED);
        int to = Math.min(LAST_DAY, latest + MOVED);
        return new QuartzText(text(cron, from + "-" + to, NONE).text(), Optional.of(day));
    }

    private static QuartzText text(Cron cron, String days, String weekdays) {
        String text =
                String.join(
                        " ",
                        cron.isEverySecond() ? EACH : list(cron.seconds(), 0),
                        list(cron.minutes(), 0),
                        cron.isEveryHour() ? EACH : list(cron.hours(), 0),
                        days,
                        list(cron.months(), 0),
                        weekdays);
        return new QuartzText(text, Optional.empty());
    }

    private static String list(long field, int shift) {
        return Cron.values(field)
                .mapToObj(value -> String.valueOf(value + shift))
                .collect(Collectors.joining(","));
    }
}
