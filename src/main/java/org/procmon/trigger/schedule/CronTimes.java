package org.procmon.trigger.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Cron;
import org.procmon.config.Exclusion;

/**
 * The moments at which a cron expression fires in a time zone. Changes of the clocks are handled as
 * in cron(8): a time that is skipped fires as soon as the clock has passed it, one that occurs
 * twice counts once, and expressions by the minute or hour follow elapsed time. One thread at a
 * time.
 */
final class CronTimes {
    /**
     * The next time.
     *
     * @param at the time; empty if there is none within this lifetime, or it is not known yet
     * @param searchAgain when to search again, if it is not known: there is none before that
     * @param leftOut the first days on which it would have been without exclusions
     */
    record Upcoming(Optional<Instant> at, Optional<Instant> searchAgain, List<LocalDate> leftOut) {
        static Upcoming at(Instant time, List<LocalDate> leftOut) {
            return new Upcoming(Optional.of(time), Optional.empty(), leftOut);
        }
    }

    private final Cron cron;
    private final ZoneRules rules;
    private final LocalTimes local;

    CronTimes(Cron cron, ZoneId zone, List<Exclusion> except) {
        this.cron = cron;
        this.rules = zone.getRules();
        this.local = new LocalTimes(cron, except);
    }

    /** The first time after another. */
    Upcoming after(Instant moment) {
        return after(moment, Instant.MAX);
    }

    private Upcoming after(Instant moment, Instant end) {
        ZoneOffset offset = rules.getOffset(moment);
        LocalDateTime from = firstTime(moment, LocalDateTime.ofInstant(moment, offset));
        Instant begin = moment;
        List<LocalDate> leftOut = new ArrayList<>();
        int questions = LocalTimes.MOST_QUESTIONS;
        while (true) {
            @Nullable ZoneOffsetTransition change = rules.nextTransition(begin);
            LocalTimes.Found found = local.after(from, end(change, end, offset), questions);
            questions -= found.questions();
            add(leftOut, found.leftOut());
            Optional<LocalDateTime> reached = found.at().or(found::reached);
            if (reached.isEmpty()) {
                return new Upcoming(Optional.empty(), Optional.empty(), leftOut);
            }
            Instant at = reached.get().toInstant(offset);
            if (change == null || at.isBefore(change.getInstant())) {
                return found.at().isPresent()
                        ? Upcoming.at(at, leftOut)
                        : new Upcoming(Optional.empty(), Optional.of(at), leftOut);
            }
            if (found.at().isPresent() && isMissing(found.at().get(), change)) {
                return Upcoming.at(change.getInstant(), leftOut);
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

    /** Where a search may end: a later result would not count, or the clocks change there. */
    private static LocalDateTime end(
            @Nullable ZoneOffsetTransition change, Instant end, ZoneOffset offset) {
        LocalDateTime last = LocalDateTime.MAX;
        if (!end.equals(Instant.MAX)) {
            last = LocalDateTime.ofInstant(end, offset);
        }
        return change != null && change.getDateTimeBefore().isBefore(last)
                ? latest(change.getDateTimeBefore(), change.getDateTimeAfter())
                : last;
    }

    private static LocalDateTime latest(LocalDateTime a, LocalDateTime b) {
        return a.isAfter(b) ? a : b;
    }

    private static void add(List<LocalDate> days, List<LocalDate> more) {
        for (LocalDate day : more) {
            if (days.size() < LocalTimes.MOST_DAYS && !days.contains(day)) {
                days.add(day);
            }
        }
    }

    /** The last time after {@code from}, and not after {@code until}. */
    Optional<Instant> last(Instant from, Instant until) {
        Optional<Instant> last = Optional.empty();
        Instant low = from;
        Instant high = until;
        while (low.isBefore(high)) {
            Instant middle = low.plus(Duration.between(low, high).dividedBy(2));
            Optional<Instant> next = after(middle, until).at().filter(time -> !time.isAfter(until));
            if (next.isPresent()) {
                last = next;
                low = next.get();
            } else {
                high = middle;
            }
        }
        return last;
    }

    /** The local time, or the next one after a repeated hour. */
    private LocalDateTime firstTime(Instant moment, LocalDateTime shown) {
        @Nullable ZoneOffsetTransition change = rules.previousTransition(moment.plusNanos(1));
        boolean again =
                change != null
                        && change.isOverlap()
                        && shown.isBefore(change.getDateTimeBefore())
                        && !cron.isEveryHour();
        return again ? change.getDateTimeBefore().minusNanos(1) : shown;
    }

    private boolean isMissing(LocalDateTime time, ZoneOffsetTransition change) {
        return change.isGap() && !cron.isEveryHour() && time.isBefore(change.getDateTimeAfter());
    }
}
