package org.procmon.trigger.schedule;

import java.text.ParseException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.procmon.config.Cron;
import org.procmon.config.Exclusion;
import org.quartz.impl.calendar.AnnualCalendar;
import org.quartz.impl.calendar.CronCalendar;
import org.quartz.impl.calendar.HolidayCalendar;

/**
 * The excluded times of a schedule, as calendars of Quartz. These are only asked whether a time is
 * excluded: their search for the next included time would try each second or day, and never end
 * where there is none. One thread at a time.
 */
final class ExcludedTimes {
    private static final LocalDate LEAP_YEAR = Year.of(2000).atDay(1);

    /** Days with a year, followed by yearly days. */
    private final HolidayCalendar days;

    private final List<Recurring> recurring = new ArrayList<>();

    /**
     * @param text the source of the calendar
     * @param unit the unit that it excludes as a whole or not at all
     */
    private record Recurring(CronCalendar times, QuartzText text, ChronoUnit unit) {
        boolean isOut(LocalDateTime time, long millis) {
            return text.fits(time.toLocalDate()) && !times.isTimeIncluded(millis);
        }
    }

    ExcludedTimes(List<Exclusion> exclusions) {
        AnnualCalendar yearly = new AnnualCalendar(LocalTimes.CALENDAR);
        days = new HolidayCalendar(yearly, LocalTimes.CALENDAR);
        for (Exclusion exclusion : exclusions) {
            switch (exclusion) {
                case Exclusion.Dates dates ->
                        dates.from()
                                .datesUntil(dates.to().plusDays(1))
                                .forEach(day ->
                                        days.addExcludedDate(LocalTimes.date(day.atStartOfDay())));
                case Exclusion.EachYear each ->
                        days(each).forEach(day -> yearly.setDayExcluded(calendar(day), true));
                case Exclusion.Recurring times ->
                        QuartzText.of(times.times())
                                .forEach(text -> recurring.add(recurring(text, times.times())));
            }
        }
    }

    private static Stream<LocalDate> days(Exclusion.EachYear each) {
        LocalDate from = day(each.from());
        LocalDate end = day(each.to()).plusDays(1);
        LocalDate newYear = LEAP_YEAR.plusYears(1);
        return each.from().isAfter(each.to())
                ? Stream.concat(from.datesUntil(newYear), LEAP_YEAR.datesUntil(end))
                : from.datesUntil(end);
    }

    private static LocalDate day(MonthDay day) {
        return day.atYear(LEAP_YEAR.getYear());
    }

    private static Recurring recurring(QuartzText text, Cron times) {
        try {
            return new Recurring(
                    new CronCalendar(null, text.text(), LocalTimes.CALENDAR), text, unit(times));
        } catch (ParseException e) {
            throw new IllegalStateException("cannot leave out '" + text.text() + "'", e);
        }
    }

    private static ChronoUnit unit(Cron times) {
        if (!times.isEverySecond()) {
            return ChronoUnit.SECONDS;
        }
        if (!times.isEveryMinute()) {
            return ChronoUnit.MINUTES;
        }
        return times.isEveryHour() ? ChronoUnit.DAYS : ChronoUnit.HOURS;
    }

    /**
     * Until when all times from this one on are excluded, at least; empty if the time is not
     * excluded.
     */
    Optional<LocalDateTime> until(LocalDateTime time) {
        long millis = time.toInstant(ZoneOffset.UTC).toEpochMilli();
        if (!days.isTimeIncluded(millis)) {
            return Optional.of(end(time, ChronoUnit.DAYS));
        }
        return recurring.stream()
                .filter(one -> one.isOut(time, millis))
                .map(one -> end(time, one.unit()))
                .max(LocalDateTime::compareTo);
    }

    /** The number of calendar queries for that. */
    int questions() {
        return 1 + recurring.size();
    }

    private static LocalDateTime end(LocalDateTime time, ChronoUnit unit) {
        return time.truncatedTo(unit).plus(1, unit);
    }

    private static java.util.Calendar calendar(LocalDate day) {
        java.util.Calendar calendar = new GregorianCalendar(LocalTimes.CALENDAR);
        calendar.setTimeInMillis(day.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli());
        return calendar;
    }
}
