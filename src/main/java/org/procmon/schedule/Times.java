package org.procmon.schedule;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.procmon.spec.Cron;
import org.quartz.CronExpression;

/**
 * The moments at which a cron expression fits in a time zone. Quartz reckons with a calendar that
 * knows no time zones; what happens when clocks are put forward or back is as in cron(8): a time
 * that is left out comes as soon as the clock has passed it, one that comes twice counts once, and
 * what goes by the minute or hour goes on with the time that elapses. One thread at a time.
 */
final class Times {
    private static final TimeZone CALENDAR = TimeZone.getTimeZone("UTC");

    private final Cron cron;
    private final ZoneRules rules;

    /** More than one where any of them will do. */
    private final List<CronExpression> expressions = new ArrayList<>();

    Times(Cron cron, ZoneId zone) {
        this.cron = cron;
        this.rules = zone.getRules();
        // To Quartz, a day of the month and a day of the week exclude each other.
        if (cron.hasDays() || !cron.hasWeekdays()) {
            expressions.add(expression(cron, list(cron.days(), 0), "?"));
        }
        if (cron.hasWeekdays()) {
            expressions.add(expression(cron, "?", list(cron.weekdays(), 1)));
        }
    }

    /**
     * @param days the field of the days of the month
     * @param weekdays the field of the days of the week, Sunday being 1
     */
    private static CronExpression expression(Cron cron, String days, String weekdays) {
        String text =
                String.join(
                        " ",
                        list(cron.seconds(), 0),
                        list(cron.minutes(), 0),
                        list(cron.hours(), 0),
                        days,
                        list(cron.months(), 0),
                        weekdays);
        try {
            CronExpression expression = new CronExpression(text);
            expression.setTimeZone(CALENDAR);
            return expression;
        } catch (ParseException e) {
            throw new IllegalStateException("cannot reckon with '" + text + "'", e);
        }
    }

    private static String list(long field, int shift) {
        return Cron.values(field)
                .mapToObj(value -> String.valueOf(value + shift))
                .collect(Collectors.joining(","));
    }

    /** The first one that comes later; empty if that is not within this lifetime. */
    Optional<Instant> after(Instant moment) {
        ZoneOffset offset = rules.getOffset(moment);
        LocalDateTime from = firstTime(moment, LocalDateTime.ofInstant(moment, offset));
        Instant begin = moment;
        while (true) {
            Optional<LocalDateTime> found = next(from);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Instant at = found.get().toInstant(offset);
            @Nullable ZoneOffsetTransition change = rules.nextTransition(begin);
            if (change == null || at.isBefore(change.getInstant())) {
                return Optional.of(at);
            }
            if (isLeftOut(found.get(), change)) {
                return Optional.of(change.getInstant());
            }
            LocalDateTime later =
                    change.isOverlap() && !cron.isEveryHour()
                            ? change.getDateTimeBefore()
                            : change.getDateTimeAfter();
            from = later.minusNanos(1);
            offset = change.getOffsetAfter();
            begin = change.getInstant();
        }
    }

    /** The last one that comes after {@code from}, and not after {@code until}. */
    Optional<Instant> last(Instant from, Instant until) {
        Optional<Instant> last = Optional.empty();
        Instant low = from;
        Instant high = until;
        while (low.isBefore(high)) {
            Instant middle = low.plus(Duration.between(low, high).dividedBy(2));
            Optional<Instant> next = after(middle).filter(time -> !time.isAfter(until));
            if (next.isPresent()) {
                last = next;
                low = next.get();
            } else {
                high = middle;
            }
        }
        return last;
    }

    /** What the clock shows, or will show when it no longer shows what it has shown before. */
    private LocalDateTime firstTime(Instant moment, LocalDateTime shown) {
        @Nullable ZoneOffsetTransition change = rules.previousTransition(moment.plusNanos(1));
        boolean again =
                change != null
                        && change.isOverlap()
                        && shown.isBefore(change.getDateTimeBefore())
                        && !cron.isEveryHour();
        return again ? change.getDateTimeBefore().minusNanos(1) : shown;
    }

    private boolean isLeftOut(LocalDateTime time, ZoneOffsetTransition change) {
        return change.isGap() && !cron.isEveryHour() && time.isBefore(change.getDateTimeAfter());
    }

    private Optional<LocalDateTime> next(LocalDateTime from) {
        Date after = Date.from(from.toInstant(ZoneOffset.UTC));
        return expressions.stream()
                .map(expression -> Optional.ofNullable(expression.getNextValidTimeAfter(after)))
                .flatMap(Optional::stream)
                .min(Date::compareTo)
                .map(date -> LocalDateTime.ofInstant(date.toInstant(), ZoneOffset.UTC));
    }
}
