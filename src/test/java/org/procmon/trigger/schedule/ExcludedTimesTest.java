package org.procmon.trigger.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.config.Schedule;
import org.procmon.trigger.schedule.CronTimes.Upcoming;

/** What a schedule leaves out. The first of January 2026 is a Thursday. */
@Timeout(60)
class ExcludedTimesTest {
    private static CronTimes times(String cron, String except, String zone) {
        Schedule schedule =
                Schedulings.processes(
                                "'schedule':{'start':'"
                                        + cron
                                        + "','except':["
                                        + except
                                        + "],'timezone':'"
                                        + zone
                                        + "'}")
                        .getLast()
                        .triggers()
                        .schedule()
                        .orElseThrow();
        return new CronTimes(schedule.start().orElseThrow(), ZoneId.of(zone), schedule.except());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    30 4 * * *      | '2026-01-02'                   | 2026-01-01T12:00:00Z | 2026-01-03T04:30:00Z
                    30 4 * * *      | '2026-01-02','2026-01-03'      | 2026-01-01T12:00:00Z | 2026-01-04T04:30:00Z
                    30 4 * * *      | '2026-01-02..2026-01-09'       | 2026-01-01T12:00:00Z | 2026-01-10T04:30:00Z
                    30 4 * * *      | '2026-01-02/2026-01-09'        | 2026-01-05T12:00:00Z | 2026-01-10T04:30:00Z
                    30 4 * * *      | '2025-01-02..2025-12-31'       | 2026-01-01T12:00:00Z | 2026-01-02T04:30:00Z
                    30 4 * * *      | '12-24..12-26'                 | 2026-12-23T12:00:00Z | 2026-12-27T04:30:00Z
                    30 4 * * *      | '12-24..12-26'                 | 2031-12-23T12:00:00Z | 2031-12-27T04:30:00Z
                    30 4 * * *      | '*-12-25'                      | 2026-12-24T12:00:00Z | 2026-12-26T04:30:00Z
                    30 4 * * *      | '12-30..01-02'                 | 2026-12-29T12:00:00Z | 2027-01-03T04:30:00Z
                    30 4 * * *      | '12-30..01-02'                 | 2027-01-01T12:00:00Z | 2027-01-03T04:30:00Z
                    30 4 * * *      | '02-29'                        | 2028-02-28T12:00:00Z | 2028-03-01T04:30:00Z
                    30 4 * * *      | '02-29'                        | 2026-02-27T12:00:00Z | 2026-02-28T04:30:00Z
                    30 4 * * *      | '* * * * sat,sun'              | 2026-01-02T12:00:00Z | 2026-01-05T04:30:00Z
                    30 4 * * *      | '* * L * ?'                    | 2026-01-30T12:00:00Z | 2026-02-01T04:30:00Z
                    30 4 * * *      | '* * 15W * ?'                  | 2026-02-15T12:00:00Z | 2026-02-17T04:30:00Z
                    30 4 * * *      | '* 4 * * monL'                 | 2026-01-25T12:00:00Z | 2026-01-27T04:30:00Z
                    0 * * * *       | '* 12-13 * * *'                | 2026-01-01T11:00:00Z | 2026-01-01T14:00:00Z
                    */10 * * * *    | '0-30 12 * * *'                | 2026-01-01T11:50:00Z | 2026-01-01T12:40:00Z
                    */10 * * * * *  | '0-30 0 12 * * *'              | 2026-01-01T11:59:50Z | 2026-01-01T12:00:40Z
                    * * * * * *     | '* 12 * * *'                   | 2026-01-01T11:59:59Z | 2026-01-01T13:00:00Z
                    * * * * * *     | '* 22-3 * * *'                 | 2026-01-01T21:59:59Z | 2026-01-02T04:00:00Z
                    0 9 * * mon     | '01-01..06-30','08-01..12-31'  | 2026-01-01T12:00:00Z | 2026-07-06T09:00:00Z
                    0 0 29 2 *      | '* * * * mon-sat'              | 2026-01-01T12:00:00Z | 2032-02-29T00:00:00Z
                    0 0 25 12 *     | '2026-12-25'                   | 2026-01-01T12:00:00Z | 2027-12-25T00:00:00Z
                    """)
    void theNextTimeIsTheFirstThatIsNotLeftOut(
            String cron, String except, Instant after, @Nullable Instant next) {
        assertThat(times(cron, except, "UTC").after(after).at()).contains(next);
    }

    /** In 2026 there is no hour from 2 on 29 March, and two of them on 25 October. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    30 2 * * *  | '2026-03-29'   | 2026-03-28T12:00:00Z | 2026-03-30T00:30:00Z
                    30 2 * * *  | '2026-10-25'   | 2026-10-24T12:00:00Z | 2026-10-26T01:30:00Z
                    0 * * * *   | '* 2 * * *'    | 2026-03-29T00:00:00Z | 2026-03-29T01:00:00Z
                    0 * * * *   | '* 2 * * *'    | 2026-10-24T23:00:00Z | 2026-10-25T02:00:00Z
                    30 23 * * * | '12-25'        | 2026-12-24T22:30:00Z | 2026-12-26T22:30:00Z
                    """)
    void daysAreThoseOfTheTimeZone(String cron, String except, Instant after, Instant next) {
        assertThat(times(cron, except, "Europe/Berlin").after(after).at()).contains(next);
    }

    @Test
    void listsExcludedDays() {
        Upcoming next =
                times("30 4,5 * * *", "'12-24..12-26'", "UTC")
                        .after(Instant.parse("2026-12-23T12:00:00Z"));
        assertThat(next.leftOut())
                .containsExactly(
                        LocalDate.of(2026, 12, 24),
                        LocalDate.of(2026, 12, 25),
                        LocalDate.of(2026, 12, 26));
        assertThat(times("30 4 * * *", "'12-24..12-26'", "UTC").after(next.at().orElseThrow()))
                .extracting(Upcoming::leftOut)
                .isEqualTo(List.of());
        assertThat(
                        times("30 4 * * *", "'2026-01-01..2026-12-31'", "UTC")
                                .after(Instant.parse("2026-01-01T00:00:00Z"))
                                .leftOut())
                .hasSize(LocalTimes.MOST_DAYS);
    }

    /** Seconds that are left out one by one, for three hours. */
    @Test
    void aLongSearchContinuesLater() {
        CronTimes cronTimes = times("* * * * * *", "'0-29 * 1-3 * * *','30-59 * 1-3 * * *'", "UTC");
        Instant one = Instant.parse("2026-01-01T01:00:00Z");
        assertThat(cronTimes.after(one.minusSeconds(2)).at()).contains(one.minusSeconds(1));
        Upcoming next = cronTimes.after(one.minusSeconds(1));
        assertThat(next.at()).isEmpty();
        assertThat(next.searchAgain().orElseThrow())
                .isBetween(one.plusSeconds(600), one.plusSeconds(3 * 3600));
        int searches = 1;
        while (next.at().isEmpty()) {
            next = cronTimes.after(next.searchAgain().orElseThrow());
            searches++;
        }
        assertThat(next.at()).contains(one.plusSeconds(3 * 3600));
        assertThat(searches).isLessThan(20);
        Timetable table = new Timetable(ZoneId.of("UTC"), new Jitter(""));
        table.follow(
                Schedulings.processes(
                        "'schedule':{'start':'* * * * * *',"
                                + "'except':['0-29 * 1-3 * * *','30-59 * 1-3 * * *']}"),
                InstantSource.fixed(one.minusSeconds(1)));
        int starts = 0;
        for (int i = 0; i < searches; i++) {
            starts += table.due(table.next().orElseThrow()).size();
        }
        assertThat(starts).as("only the one at four").isEqualTo(1);
    }

    /** Which no configuration may say; so a search is held to it without the reader. */
    @Test
    void whatLeavesNothingOverIsNotSearchedForEver() {
        Schedule all =
                Schedulings.processes("'schedule':{'start':'0 0 * * *','except':'01-01..06-30'}")
                        .getLast()
                        .triggers()
                        .schedule()
                        .orElseThrow();
        Schedule rest =
                Schedulings.processes("'schedule':{'start':'0 0 * * *','except':'07-01..12-31'}")
                        .getLast()
                        .triggers()
                        .schedule()
                        .orElseThrow();
        CronTimes never =
                new CronTimes(
                        all.start().orElseThrow(),
                        ZoneId.of("Europe/Berlin"),
                        List.of(all.except().getFirst(), rest.except().getFirst()));
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(never.after(now).at()).isEmpty();
        assertThat(never.last(now, now.plusSeconds(86_400 * 300L))).isEmpty();
    }
}
