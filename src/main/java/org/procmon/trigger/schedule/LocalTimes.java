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
 * The local times at which a cron expression fires, without excluded ones. It uses triggers and
 * calendars of Quartz, which are queried and never run. All computation is in local time,
 * represented as UTC; {@link CronTimes} applies the time zone. One thread at a time.
 */
final class LocalTimes {
    static final TimeZone CALENDAR = TimeZone.getTimeZone("UTC");

    /** The limit on calendar queries in one search: some tens of milliseconds. */
    static final int MOST_QUESTIONS = 5000;

    /** The limit on excluded days that are reported. */
    static final int MOST_DAYS = 5;

    /**
     * The result of a search.
     *
     * @param at the first time; empty if there is none within this lifetime, or it was not reached
     * @param reached if it was not reached: there is none before this
     * @param leftOut the first days on which it would have been without exclusions
     * @param questions how many calendar queries it took
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

        /** Empty if Quartz finds none. */
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
                // At most a few days of each month do not fit.
                before = time.toLocalDate().plusDays(1).atStartOfDay().minusNanos(1);
            }
        }
    }

    /** More than one where a time of any of them counts. */
    private final List<Source> sources;

    private final Optional<ExcludedTimes> exceptions;

    LocalTimes(Cron cron, List<Exclusion> except) {
        this.sources = QuartzText.of(cron).stream().map(Source::new).toList();
        this.exceptions =
                except.isEmpty() ? Optional.empty() : Optional.of(new ExcludedTimes(except));
    }

    private static CronTrigger trigger(String text) {
        return TriggerBuilder.newTrigger()
                // The default name would be a random one.
                .withIdentity(text)
                .withSchedule(CronScheduleBuilder.cronSchedule(text).inTimeZone(CALENDAR))
                .startAt(Date.from(Instant.EPOCH))
                .build();
    }

    /**
     * The first time after another.
     *
     * @param end where the search may end
     * @param most the limit on calendar queries
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
