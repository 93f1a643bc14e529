package org.procmon.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Known times; the first of January 2026 is a Thursday. */
class TimesTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Times times(String cron, ZoneId zone) {
        return new Times(Schedulings.cron(cron), zone, List.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    30 4 * * *        | 2026-01-01T04:30:00Z    | 2026-01-02T04:30:00Z
                    30 4 * * *        | 2026-01-01T04:29:59.9Z  | 2026-01-01T04:30:00Z
                    */15 * * * *      | 2026-01-01T00:15:00Z    | 2026-01-01T00:30:00Z
                    10-50/20 8 * * *  | 2026-01-01T08:10:00Z    | 2026-01-01T08:30:00Z
                    5/20 * * * *      | 2026-01-01T00:05:00Z    | 2026-01-01T00:25:00Z
                    1,2 0 * * *       | 2026-01-01T00:01:30Z    | 2026-01-01T00:02:00Z
                    * * * * * *       | 2026-01-01T00:00:00.5Z  | 2026-01-01T00:00:01Z
                    30 0 12 * * *     | 2026-01-01T12:00:30Z    | 2026-01-02T12:00:30Z
                    0 0 29 2 *        | 2026-03-01T00:00:00Z    | 2028-02-29T00:00:00Z
                    0 0 31 * *        | 2026-01-31T00:00:00Z    | 2026-03-31T00:00:00Z
                    0 0 * * 0         | 2026-01-01T00:00:00Z    | 2026-01-04T00:00:00Z
                    0 0 * * 7         | 2026-01-01T00:00:00Z    | 2026-01-04T00:00:00Z
                    0 0 * * 1         | 2026-01-01T00:00:00Z    | 2026-01-05T00:00:00Z
                    0 0 * * sat       | 2026-01-01T00:00:00Z    | 2026-01-03T00:00:00Z
                    0 0 * * 5-7       | 2026-01-02T00:00:00Z    | 2026-01-03T00:00:00Z
                    0 0 1 jan-mar *   | 2026-03-01T00:00:00Z    | 2027-01-01T00:00:00Z
                    0 0 13 * fri      | 2026-01-01T00:00:00Z    | 2026-01-02T00:00:00Z
                    0 0 13 * fri      | 2026-01-09T00:00:00Z    | 2026-01-13T00:00:00Z
                    0 0 31 feb fri    | 2026-01-31T00:00:00Z    | 2026-02-06T00:00:00Z
                    """)
    void cronMeansWhatItMeansElsewhere(String cron, Instant after, Instant next) {
        assertThat(times(cron, ZoneId.of("UTC")).after(after).at()).contains(next);
    }

    /** In 2026 there is no hour from 2 on 29 March, and two of them on 25 October. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    30 2 * * *   | 2026-03-28T01:30:00Z | 2026-03-29T01:00:00Z
                    30 2 * * *   | 2026-03-29T01:00:00Z | 2026-03-30T00:30:00Z
                    0 3 * * *    | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z
                    0 3 * * *    | 2026-03-29T01:00:00Z | 2026-03-30T01:00:00Z
                    30 * * * *   | 2026-03-29T00:30:00Z | 2026-03-29T01:30:00Z
                    30 2 29 3 *  | 2026-03-01T00:00:00Z | 2026-03-29T01:00:00Z
                    30 2 * * *   | 2026-10-24T12:00:00Z | 2026-10-25T00:30:00Z
                    30 2 * * *   | 2026-10-25T00:30:00Z | 2026-10-26T01:30:00Z
                    30 2 * * *   | 2026-10-25T01:10:00Z | 2026-10-26T01:30:00Z
                    0 3 * * *    | 2026-10-25T00:30:00Z | 2026-10-25T02:00:00Z
                    30 * * * *   | 2026-10-25T00:30:00Z | 2026-10-25T01:30:00Z
                    * * * * *    | 2026-10-25T00:59:00Z | 2026-10-25T01:00:00Z
                    * * * * *    | 2026-10-25T01:59:00Z | 2026-10-25T02:00:00Z
                    0 12 1 7 *   | 2026-07-01T10:00:00Z | 2027-07-01T10:00:00Z
                    """)
    void clocksThatArePutForwardOrBackNeitherLoseNorRepeatATime(
            String cron, Instant after, Instant next) {
        assertThat(times(cron, BERLIN).after(after).at()).contains(next);
    }

    @ParameterizedTest
    @CsvSource({
        "30 4 * * *, 2026-01-01T04:30:00Z, 2026-01-02T04:29:59Z, ",
        "30 4 * * *, 2026-01-01T04:30:00Z, 2026-01-02T04:30:00Z, 2026-01-02T04:30:00Z",
        "30 4 * * *, 2026-01-01T04:29:59Z, 2026-09-01T00:00:00Z, 2026-08-31T04:30:00Z",
        "* * * * * *, 2026-01-01T00:00:00Z, 2027-01-01T00:00:00.5Z, 2027-01-01T00:00:00Z",
        "0 0 29 2 *, 2025-01-01T00:00:00Z, 2040-01-01T00:00:00Z, 2036-02-29T00:00:00Z"
    })
    void theLastOfMany(String cron, Instant from, Instant until, @Nullable Instant last) {
        assertThat(times(cron, ZoneId.of("UTC")).last(from, until))
                .isEqualTo(Optional.ofNullable(last));
    }

    @Test
    void everyMinuteOfAYearComesOnce() {
        Times times = times("*/30 * * * *", BERLIN);
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < 365 * 48; i++) {
            Instant next = times.after(at).at().orElseThrow();
            assertThat(next).isEqualTo(at.plusSeconds(1800));
            at = next;
        }
    }

    @Test
    void onceADayIsOnceADayInEveryZone() {
        for (String zone : List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")) {
            Times times = times("15 2 * * *", ZoneId.of(zone));
            List<Instant> year = new ArrayList<>();
            Instant end = Instant.parse("2027-01-01T12:00:00Z");
            Instant at = times.after(Instant.parse("2026-01-01T12:00:00Z")).at().orElseThrow();
            for (; at.isBefore(end); at = times.after(at).at().orElseThrow()) {
                year.add(at);
            }
            assertThat(year).as(zone).hasSize(365);
        }
    }
}
