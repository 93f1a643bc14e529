package org.procmon.trigger.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.Cron;
import org.procmon.config.Schedule;
import org.procmon.config.Schedule.Action;
import org.procmon.status.ScheduledAction;
import org.procmon.trigger.schedule.CronTimes.Upcoming;

/**
 * The times at which a schedule starts, stops and restarts a process, jitter included. A start or a
 * restart is delayed by a share of the jitter, or of the time until the next time of the schedule
 * if that is shorter. So no time passes another, and a stop is on time. One thread at a time.
 */
final class ScheduleTimes {
    /**
     * The next time.
     *
     * @param at when; empty if there is none, or it is not known yet
     * @param searchAgain when to search again, if it is not known: there is none before that
     * @param delay by how much it is later than the cron time
     * @param leftOut the first days on which it would have been without exclusions
     */
    record Next(
            Optional<Instant> at,
            Optional<Instant> searchAgain,
            Duration delay,
            List<LocalDate> leftOut) {
        /** When an action or another search is due. */
        Optional<Instant> due() {
            return at.or(() -> searchAgain);
        }
    }

    private final Map<Action, CronTimes> times = new EnumMap<>(Action.class);
    private final Schedule schedule;
    private final ZoneId zone;
    private final double share;

    /**
     * @param zone for schedules without a time zone
     * @param share the share of the jitter by which this process is delayed, from 0 to less than 1
     */
    ScheduleTimes(Schedule schedule, ZoneId zone, double share) {
        this.schedule = schedule;
        this.zone = schedule.zone().orElse(zone);
        this.share = share;
        for (Action action : Action.values()) {
            Optional<Cron> cron = schedule.of(action);
            if (cron.isPresent()) {
                boolean excepts = schedule.hasExceptions(action);
                times.put(
                        action,
                        new CronTimes(
                                cron.get(), this.zone, excepts ? schedule.except() : List.of()));
            }
        }
    }

    /** The actions that the schedule has times for. */
    Set<Action> actions() {
        return times.keySet();
    }

    /** The first time of an action after another time. */
    Next after(Action action, Instant moment) {
        if (isDelayed(action)) {
            Optional<Next> delayed =
                    nominal(action)
                            .last(moment.minus(schedule.jitter()), moment)
                            .map(time -> next(action, Upcoming.at(time, List.of())))
                            .filter(next -> next.at().orElse(moment).isAfter(moment));
            if (delayed.isPresent()) {
                return delayed.get();
            }
        }
        return next(action, nominal(action).after(moment));
    }

    private Next next(Action action, Upcoming upcoming) {
        Duration delay = upcoming.at().map(time -> delay(action, time)).orElse(Duration.ZERO);
        return new Next(
                upcoming.at().map(time -> time.plus(delay)),
                upcoming.searchAgain(),
                delay,
                upcoming.leftOut());
    }

    /** The last time of an action after {@code from}, and not after {@code until}. */
    Optional<Instant> last(Action action, Instant from, Instant until) {
        if (!isDelayed(action)) {
            return nominal(action).last(from, until);
        }
        Instant since = from.minus(schedule.jitter());
        Optional<Instant> latest = nominal(action).last(since, until);
        if (latest.isPresent() && latest.get().plus(delay(action, latest.get())).isAfter(until)) {
            latest = nominal(action).last(since, latest.get().minusNanos(1));
        }
        return latest.map(time -> time.plus(delay(action, time)))
                .filter(time -> time.isAfter(from));
    }

    /** The next time, for people. */
    Optional<ScheduledAction> appointment(Action action, Next next) {
        return next.at()
                .map(at ->
                        new ScheduledAction(action, at.atZone(zone), next.delay(), next.leftOut()));
    }

    private boolean isDelayed(Action action) {
        return action != Action.STOP && !schedule.jitter().isZero();
    }

    private Duration delay(Action action, Instant time) {
        if (!isDelayed(action)) {
            return Duration.ZERO;
        }
        Duration most =
                times.values().stream()
                        .flatMap(own -> own.after(time).at().stream())
                        .map(next -> Duration.between(time, next))
                        .reduce(schedule.jitter(), (a, b) -> a.compareTo(b) < 0 ? a : b);
        return Duration.ofMillis((long) (most.toMillis() * share));
    }

    private CronTimes nominal(Action action) {
        CronTimes own = times.get(action);
        if (own == null) {
            throw new IllegalArgumentException("no times to " + action.word());
        }
        return own;
    }
}
