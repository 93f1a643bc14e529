package org.procmon.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.procmon.spec.Cron;
import org.procmon.spec.Exclusion;
import org.quartz.CronScheduleBuilder;
import org.quartz.CronTrigger;
import org.quartz.TriggerBuilder;

/**
 * The times at which clocks show what a cron expression says, without those that are left out, by
 * triggers and calendars of Quartz, which are asked and never run. They reckon in UTC with what a
 * clock shows; {@link Times} knows the time zone. One thread at a time.
 */
final class LocalTimes {
    static final TimeZone CALENDAR = TimeZone.getTimeZone("UTC");

    /** As many that are left out are looked at in one go: some tens of milliseconds. */
    private static final int MOST_STEPS = 20_000;

    /** As many days that were left out are remembered. */
    static final int MOST_DAYS = 5;

    /**
     * What a search has come to.
     *
     * @param at the first time; empty if there is none within this lifetime, or it was not reached
     * @param reached if it was not: there is none before this
     * @param leftOut the first days on which it would have been but for what is left out
     */
    record Found(
            Optional<LocalDateTime> at, Optional<LocalDateTime> reached, List<LocalDate> leftOut) {}

    /** More than one where any of them will do. */
    private final List<CronTrigger> triggers;

    private final Optional<Exceptions> exceptions;

    LocalTimes(Cron cron, List<Exclusion> except) {
        this.triggers = QuartzText.of(cron).stream().map(LocalTimes::trigger).toList();
        this.exceptions = except.isEmpty() ? Optional.empty() : Optional.of(new Exceptions(except));
    }

    private static CronTrigger trigger(String text) {
        return TriggerBuilder.newTrigger()
                // A name of its own would be a random one.
                .withIdentity(text)
                .withSchedule(CronScheduleBuilder.cronSchedule(text).inTimeZone(CALENDAR))
                .startAt(Date.from(Instant.EPOCH))
                .build();
    }

    /**
     * The first time after another.
     *
     * @param end where the search may end
     */
    Found after(LocalDateTime from, LocalDateTime end) {
        List<LocalDate> leftOut = new ArrayList<>();
        LocalDateTime reached = from;
        for (int step = 0; step < MOST_STEPS && reached.isBefore(end); step++) {
            Optional<LocalDateTime> next = next(reached);
            if (next.isEmpty()) {
                return new Found(Optional.empty(), Optional.empty(), leftOut);
            }
            Optional<LocalDateTime> until = exceptions.flatMap(e -> e.until(next.get()));
            if (until.isEmpty()) {
                return new Found(next, Optional.empty(), leftOut);
            }
            LocalDate day = next.get().toLocalDate();
            if (leftOut.size() < MOST_DAYS && !leftOut.contains(day)) {
                leftOut.add(day);
            }
            reached = until.get().minusNanos(1);
        }
        return new Found(Optional.empty(), Optional.of(reached), leftOut);
    }

    private Optional<LocalDateTime> next(LocalDateTime from) {
        Date after = date(from);
        return triggers.stream()
                .flatMap(trigger -> Stream.ofNullable(trigger.getFireTimeAfter(after)))
                .min(Comparator.naturalOrder())
                .map(date -> LocalDateTime.ofInstant(date.toInstant(), ZoneOffset.UTC));
    }

    static Date date(LocalDateTime time) {
        return Date.from(time.toInstant(ZoneOffset.UTC));
    }
}
