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
 * What a schedule leaves out, as calendars of Quartz. Only whether a time is left out is asked of
 * these: to find the next one that is not, they would look at each second or day, and for ever
 * where there is none. One thread at a time.
 */
final class ExcludedTimes {
    private static final LocalDate LEAP_YEAR = Year.of(2000).atDay(1);

    /** Days with a year, and behind them those of each year. */
    private final HolidayCalendar days;

    private final List<Recurring> recurring = new ArrayList<>();

    /**
     * @param text what the calendar was made of
     * @param unit what it leaves out as a whole or not at all
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
     * Until when everything is left out from this time on, at least; empty if the time is not left
     * out.
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

    /** How many questions it takes to know that. */
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
