package org.procmon.trigger.schedule;

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
import org.jspecify.annotations.Nullable;
import org.procmon.config.Cron;
import org.procmon.config.Exclusion;
import org.quartz.CronScheduleBuilder;
import org.quartz.CronTrigger;
import org.quartz.TriggerBuilder;

/**
 * The times at which clocks show what a cron expression says, without those that are left out, by
 * triggers and calendars of Quartz, which are asked and never run. They reckon in UTC with what a
 * clock shows; {@link CronTimes} knows the time zone. One thread at a time.
 */
final class LocalTimes {
    static final TimeZone CALENDAR = TimeZone.getTimeZone("UTC");

    /** As many questions may one search ask of calendars: some tens of milliseconds. */
    static final int MOST_QUESTIONS = 5000;

    /** As many days that were left out are remembered. */
    static final int MOST_DAYS = 5;

    /**
     * What a search has come to.
     *
     * @param at the first time; empty if there is none within this lifetime, or it was not reached
     * @param reached if it was not: there is none before this
     * @param leftOut the first days on which it would have been but for what is left out
     * @param questions how many were asked of calendars
     */
    record Found(
            Optional<LocalDateTime> at,
            Optional<LocalDateTime> reached,
            List<LocalDate> leftOut,
            int questions) {}

    private record Source(QuartzText text, CronTrigger trigger) {
        Source(QuartzText text) {
            this(text, LocalTimes.trigger(text.text()));
        }

        /** Empty if Quartz knows none. */
        Optional<LocalDateTime> after(LocalDateTime from) {
            LocalDateTime before = from;
            while (true) {
                @Nullable Date found = trigger.getFireTimeAfter(date(before));
                if (found == null) {
                    return Optional.empty();
                }
                LocalDateTime time = LocalDateTime.ofInstant(found.toInstant(), ZoneOffset.UTC);
                if (text.fits(time.toLocalDate())) {
                    return Optional.of(time);
                }
                // No more than some days of each month are not meant.
                before = time.toLocalDate().plusDays(1).atStartOfDay().minusNanos(1);
            }
        }
    }

    /** More than one where any of them will do. */
    private final List<Source> sources;

    private final Optional<ExcludedTimes> exceptions;

    LocalTimes(Cron cron, List<Exclusion> except) {
        this.sources = QuartzText.of(cron).stream().map(Source::new).toList();
        this.exceptions =
                except.isEmpty() ? Optional.empty() : Optional.of(new ExcludedTimes(except));
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
     * @param most how many questions it may ask of calendars
     */
    Found after(LocalDateTime from, LocalDateTime end, int most) {
        List<LocalDate> leftOut = new ArrayList<>();
        LocalDateTime reached = from;
        int questions = 0;
        while (questions < most && reached.isBefore(end)) {
            Optional<LocalDateTime> next = next(reached);
            if (next.isEmpty()) {
                return new Found(Optional.empty(), Optional.empty(), leftOut, questions);
            }
            Optional<LocalDateTime> until = exceptions.flatMap(e -> e.until(next.get()));
            if (until.isEmpty()) {
                return new Found(next, Optional.empty(), leftOut, questions);
            }
            questions += exceptions.map(ExcludedTimes::questions).orElse(0);
            LocalDate day = next.get().toLocalDate();
            if (leftOut.size() < MOST_DAYS && !leftOut.contains(day)) {
                leftOut.add(day);
            }
            reached = until.get().minusNanos(1);
        }
        return new Found(Optional.empty(), Optional.of(reached), leftOut, questions);
    }

    private Optional<LocalDateTime> next(LocalDateTime from) {
        return sources.stream()
                .flatMap(source -> source.after(from).stream())
                .min(Comparator.naturalOrder());
    }

    static Date date(LocalDateTime time) {
        return Date.from(time.toInstant(ZoneOffset.UTC));
    }
}
