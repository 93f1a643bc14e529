package org.procmon.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.procmon.spec.Cron;
import org.procmon.spec.RelativeDay;

/**
 * Cron expressions as Quartz writes them. To Quartz a day of the month and a day of the week
 * exclude each other, and it takes only one relative day of most kinds; so one expression of cron
 * may become several, any of which will do.
 */
final class QuartzText {
    private static final String EACH = "*";
    private static final String NONE = "?";

    private QuartzText() {}

    static List<String> of(Cron cron) {
        List<String> all = new ArrayList<>();
        if (cron.hasDays() || !cron.hasWeekdays()) {
            if (cron.days() != 0) {
                all.add(text(cron, cron.hasDays() ? list(cron.days(), 0) : EACH, NONE));
            }
            cron.relativeDays().stream()
                    .filter(day -> !day.isWeekday())
                    .forEach(day -> all.add(text(cron, relative(day), NONE)));
        }
        if (cron.hasWeekdays()) {
            if (cron.weekdays() != 0) {
                all.add(text(cron, NONE, list(cron.weekdays(), 1)));
            }
            cron.relativeDays().stream()
                    .filter(RelativeDay::isWeekday)
                    .forEach(day -> all.add(text(cron, NONE, relative(day))));
        }
        return all;
    }

    /** To Quartz, Sunday is 1. */
    private static String relative(RelativeDay day) {
        return switch (day) {
            case RelativeDay.FromLast last ->
                    "L"
                            + (last.before() == 0 ? "" : "-" + last.before())
                            + (last.working() ? "W" : "");
            case RelativeDay.NearestWorkday nearest -> nearest.day() + "W";
            case RelativeDay.LastWeekday last -> last.weekday() + 1 + "L";
            case RelativeDay.NthWeekday nth -> nth.weekday() + 1 + "#" + nth.nth();
        };
    }

    private static String text(Cron cron, String days, String weekdays) {
        return String.join(
                " ",
                cron.isEverySecond() ? EACH : list(cron.seconds(), 0),
                list(cron.minutes(), 0),
                cron.isEveryHour() ? EACH : list(cron.hours(), 0),
                days,
                list(cron.months(), 0),
                weekdays);
    }

    private static String list(long field, int shift) {
        return Cron.values(field)
                .mapToObj(value -> String.valueOf(value + shift))
                .collect(Collectors.joining(","));
    }
}
