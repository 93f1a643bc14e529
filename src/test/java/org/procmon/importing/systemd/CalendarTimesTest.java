package org.procmon.importing.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions of systemd.time(7), as fields of cron. */
class CalendarTimesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "minutely                 | * * * * *",
                "hourly                   | 0 * * * *",
                "daily                    | 0 0 * * *",
                "weekly                   | 0 0 * * 1",
                "monthly                  | 0 0 1 * *",
                "quarterly                | 0 0 1 1,4,7,10 *",
                "semiannually             | 0 0 1 1,7 *",
                "yearly                   | 0 0 1 1 *",
                "*-*-* 04:00:00           | 0 4 * * *",
                "*-*-* 4:05:06            | 6 5 4 * * *",
                "05:40                    | 40 5 * * *",
                "*:0/15                   | */15 * * * *",
                "*:2/3                    | 2,5,8,11,14,17,20,23,26,29,32,35,38,41,44,47,50,53,56,59"
                        + " * * * *",
                "12..14:10,20,30          | 10,20,30 12-14 * * *",
                "Mon..Fri 8:00            | 0 8 * * 1-5",
                "mon-fri 8:00             | 0 8 * * 1-5",
                "Sat,Thu,Mon..Wed,Sat..Sun | 0 0 * * 0-4,6",
                "Sat..Mon                 | 0 0 * * 0,1,6",
                "Wed, 17:48               | 48 17 * * 3",
                "monday *-12-* 17:00      | 0 17 * 12 1",
                "*-*-7 0:0:0              | 0 0 7 * *",
                "10-15                    | 0 0 15 10 *",
                "03-05 08:05:40           | 40 5 8 5 3 *",
                "*-*~01                   | 0 0 L * *",
                "*-02~03                  | 0 0 L-2 2 *",
                "Mon *-05~07/1            | 0 0 * 5 1L",
                "*-1/2-1,3 *:30           | 30 * 1,3 1,3,5,7,9,11 *",
                "*:*:0/10                 | */10 * * * * *",
                "*-*-* 6,18:00:00         | 0 6,18 * * *",
                "*-*-* *:*:*              | * * * * * *",
            })
    void becomeFieldsOfCron(String expression, String cron) {
        CalendarTimes times = CalendarTimes.of(expression).orElseThrow();
        assertThat(times.cron()).isEqualTo(cron);
        assertThat(times.except()).isEmpty();
        assertThat(times.zone()).isEmpty();
    }

    @Test
    void daysOfTheMonthAndOfTheWeekMustBothFit() {
        CalendarTimes times = CalendarTimes.of("Mon,Fri *-*-3,1,2 *:30:45").orElseThrow();
        assertThat(times.cron()).isEqualTo("45 30 * 1-3 * *");
        assertThat(times.except()).isEqualTo("* * * * 0,2-4,6");
    }

    @Test
    void aTimeZoneIsKept() {
        assertThat(CalendarTimes.of("daily UTC").orElseThrow().zone()).isEqualTo("UTC");
        CalendarTimes times = CalendarTimes.of("weekly Pacific/Auckland").orElseThrow();
        assertThat(times.zone()).isEqualTo("Pacific/Auckland");
        assertThat(times.cron()).isEqualTo("0 0 * * 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "boo",
                "2012-10-15 1:2:3",
                "*-*-* 05:40:23.42",
                "*-*-32",
                "*-13-1",
                "25:00",
                "moo *-*-*",
                "daily Mars/Base",
                "*-*~*",
                "1:2:3:4",
                "5..3:00",
                "@1395716396",
                "*-*-*/0",
            })
    void cronHasNothingForOthers(String expression) {
        assertThat(CalendarTimes.of(expression)).isEmpty();
    }

    @Test
    void timesThatDifferInOneFieldAreOne() {
        CalendarTimes six = CalendarTimes.of("6:00").orElseThrow();
        CalendarTimes eight = CalendarTimes.of("18:00").orElseThrow();
        assertThat(six.and(eight).map(CalendarTimes::cron)).contains("0 6,18 * * *");
        assertThat(six.and(six)).contains(six);
        assertThat(six.and(CalendarTimes.of("18:30").orElseThrow())).isEqualTo(Optional.empty());
    }
}
