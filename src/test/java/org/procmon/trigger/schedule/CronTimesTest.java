package org.procmon.trigger.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.config.Cron;
import org.procmon.config.Exclusion;

/** Known times; the first of January 2026 is a Thursday. */
class CronTimesTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final List<String> DAYS =
            List.of(
                    "*", "?", "L", "LW", "L-1", "L-30", "L-7W", "1W", "15W", "30W", "31W,7", "1-5",
                    "29-2", "31", "30/2", "13", "L,1,15W");
    private static final List<String> MONTHS =
            List.of("*", "2", "feb", "Nov-Feb", "*/5", "4,6,9,11", "2-12/10");
    private static final List<String> WEEKDAYS =
            List.of(
                    "*",
                    "?",
                    "FRI",
                    "fri-mon",
                    "0L",
                    "monL",
                    "wed#2",
                    "sun#5",
                    "6#1,7#3",
                    "1-5",
                    "tue#5,satL");

    private static CronTimes times(String cron, ZoneId zone) {
        return new CronTimes(Schedulings.cron(cron), zone, List.of());
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    @yearly            | 2026-01-01T00:00:00Z | 2027-01-01T00:00:00Z
                    @Annually          | 2026-06-01T00:00:00Z | 2027-01-01T00:00:00Z
                    @monthly           | 2026-01-01T00:00:00Z | 2026-02-01T00:00:00Z
                    @weekly            | 2026-01-01T00:00:00Z | 2026-01-04T00:00:00Z
                    @daily             | 2026-01-01T00:00:00Z | 2026-01-02T00:00:00Z
                    @MIDNIGHT          | 2026-01-01T12:00:00Z | 2026-01-02T00:00:00Z
                    @hourly            | 2026-01-01T00:00:00Z | 2026-01-01T01:00:00Z
                    0 0 ? * *          | 2026-01-01T00:00:00Z | 2026-01-02T00:00:00Z
                    0 0 13 * ?         | 2026-01-01T00:00:00Z | 2026-01-13T00:00:00Z
                    0 0 ? * FRI        | 2026-01-01T00:00:00Z | 2026-01-02T00:00:00Z
                    0 0 0 ? JAN,Jul ?  | 2026-01-31T00:00:00Z | 2026-07-01T00:00:00Z
                    0 0 * * fri-mon    | 2026-01-01T00:00:00Z | 2026-01-02T00:00:00Z
                    0 0 * * fri-mon    | 2026-01-05T00:00:00Z | 2026-01-09T00:00:00Z
                    0 0 * * 5-1        | 2026-01-05T00:00:00Z | 2026-01-09T00:00:00Z
                    0 0 * * sat-sun    | 2026-01-04T00:00:00Z | 2026-01-10T00:00:00Z
                    0 22-3 * * *       | 2026-01-01T03:00:00Z | 2026-01-01T22:00:00Z
                    0 22-3 * * *       | 2026-01-01T23:00:00Z | 2026-01-02T00:00:00Z
                    0 22-3/2 * * *     | 2026-01-01T22:00:00Z | 2026-01-02T00:00:00Z
                    0 22-3/2 * * *     | 2026-01-02T00:00:00Z | 2026-01-02T02:00:00Z
                    55-5 0 * * *       | 2026-01-01T00:05:00Z | 2026-01-01T00:55:00Z
                    0 0 30-2 * *       | 2026-01-02T00:00:00Z | 2026-01-30T00:00:00Z
                    0 0 30-2 * *       | 2026-01-31T00:00:00Z | 2026-02-01T00:00:00Z
                    0 0 1 nov-feb *    | 2026-02-01T00:00:00Z | 2026-11-01T00:00:00Z
                    0 0 L * *          | 2026-01-31T00:00:00Z | 2026-02-28T00:00:00Z
                    0 0 l * ?          | 2028-02-01T00:00:00Z | 2028-02-29T00:00:00Z
                    0 0 L-3 * *        | 2026-02-01T00:00:00Z | 2026-02-25T00:00:00Z
                    0 0 L-30 * *       | 2026-02-01T00:00:00Z | 2026-03-01T00:00:00Z
                    0 0 LW * *         | 2026-05-01T00:00:00Z | 2026-05-29T00:00:00Z
                    0 0 L-3W * *       | 2026-03-01T00:00:00Z | 2026-03-27T00:00:00Z
                    0 0 15W * *        | 2026-02-01T00:00:00Z | 2026-02-16T00:00:00Z
                    0 0 1w * *         | 2026-07-15T00:00:00Z | 2026-08-03T00:00:00Z
                    0 0 31W * *        | 2026-02-01T00:00:00Z | 2026-03-31T00:00:00Z
                    0 0 31W * *        | 2026-04-01T00:00:00Z | 2026-05-29T00:00:00Z
                    0 0 1,15,L * *     | 2026-01-15T00:00:00Z | 2026-01-31T00:00:00Z
                    0 0 * * friL       | 2026-01-01T00:00:00Z | 2026-01-30T00:00:00Z
                    0 0 * * 5L         | 2026-01-30T00:00:00Z | 2026-02-27T00:00:00Z
                    0 0 * * 7L         | 2026-01-01T00:00:00Z | 2026-01-25T00:00:00Z
                    0 0 ? * FRI#3      | 2026-01-01T00:00:00Z | 2026-01-16T00:00:00Z
                    0 0 ? * 5#5        | 2026-01-30T00:00:00Z | 2026-05-29T00:00:00Z
                    0 0 * * mon#1,wed  | 2026-01-01T00:00:00Z | 2026-01-05T00:00:00Z
                    0 0 * * mon#1,wed  | 2026-01-05T00:00:00Z | 2026-01-07T00:00:00Z
                    0 0 * * 1#1,1#3    | 2026-01-05T00:00:00Z | 2026-01-19T00:00:00Z
                    0 0 L * friL       | 2026-01-01T00:00:00Z | 2026-01-30T00:00:00Z
                    0 0 L * friL       | 2026-01-30T00:00:00Z | 2026-01-31T00:00:00Z
                    0 0 29 2 mon#5     | 2026-03-31T00:00:00Z | 2028-02-29T00:00:00Z
                    """)
    void namesAndTheFieldsOfQuartzMeanWhatTheyMeanElsewhere(
            String cron, Instant after, Instant next) {
        assertThat(times(cron, ZoneId.of("UTC")).after(after).at()).contains(next);
    }

    /** The plain reading of the fields against that of Quartz, over many years. */
    @Test
    void quartzFindsThoseTimesThatAnExpressionFits() {
        long seed = 42;
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            String text =
                    String.join(
                            " ",
                            "0 0,6,21",
                            pick(random, DAYS),
                            pick(random, MONTHS),
                            pick(random, WEEKDAYS));
            Optional<Cron> cron = Schedulings.cronIfAny(text);
            if (cron.isPresent()) {
                CronTimes cronTimes = new CronTimes(cron.get(), ZoneId.of("UTC"), List.of());
                LocalDateTime at =
                        LocalDate.of(2000 + random.nextInt(60), 1 + random.nextInt(12), 1)
                                .plusDays(random.nextInt(31))
                                .atTime(random.nextInt(24), 0);
                // Quartz looks no further than a century from now.
                for (int i = 0; i < 7 && at.getYear() < 2060; i++) {
                    LocalDateTime plain = plainly(cron.get(), at);
                    assertThat(cronTimes.after(at.toInstant(ZoneOffset.UTC)).at())
                            .as("'%s' after %s, seed %d, round %d", text, at, seed, round)
                            .contains(plain.toInstant(ZoneOffset.UTC));
                    at = plain;
                }
            }
        }
    }

    /** The reader must refuse whatever Quartz would, since a monitor would end of that. */
    @Test
    void quartzAcceptsEveryExpressionOfTheReader() {
        long seed = 4711;
        Random random = new Random(seed);
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        int read = 0;
        for (int round = 0; round < 1000; round++) {
            List<String> fields = new ArrayList<>();
            for (int field = random.nextInt(2); field < 6; field++) {
                fields.add(field(random, field));
            }
            String text = String.join(" ", fields);
            Optional<Cron> cron = Schedulings.cronIfAny(text);
            if (cron.isPresent()) {
                read++;
                try {
                    CronTimes cronTimes = new CronTimes(cron.get(), BERLIN, List.of());
                    cronTimes.after(now).at().ifPresent(at -> assertThat(at).isAfter(now));
                    new ExcludedTimes(List.of(new Exclusion.Recurring(cron.get())))
                            .until(LocalDateTime.of(2026, 3, 29, 2, 30));
                } catch (RuntimeException e) {
                    throw new AssertionError("'" + text + "', seed " + seed, e);
                }
            }
        }
        assertThat(read).isGreaterThan(200);
    }

    private static String field(Random random, int field) {
        StringBuilder text = new StringBuilder(part(random, field));
        while (random.nextInt(4) == 0) {
            text.append(',').append(part(random, field));
        }
        return text.toString();
    }

    private static String part(Random random, int field) {
        if (random.nextInt(40) == 0) {
            return pick(random, List.of("#", "L/2", "fri#6", "1-", "?", "60", "15W-3", "LWW"));
        }
        List<String> days =
                List.of("L", "LW", "L-3", "15W", "1w", "L-30W", "31W", "30-2/3", "29-1", "*/9");
        List<String> weekdays =
                List.of("6#3", "0L", "monL", "sun#5", "5-7", "fri-mon", "6-2/2", "7-7", "TUE#1");
        return switch (field) {
            case 3 -> pick(random, random.nextBoolean() ? days : DAYS);
            case 4 -> pick(random, MONTHS);
            case 5 -> pick(random, random.nextBoolean() ? weekdays : WEEKDAYS);
            default -> pick(random, List.of("*", "0", "7", "22-3/2", "*/5", "5/7", "20-10", "1-1"));
        };
    }

    private static LocalDateTime plainly(Cron cron, LocalDateTime after) {
        return after.toLocalDate()
                .datesUntil(after.toLocalDate().plusYears(50))
                .filter(cron::fits)
                .flatMap(day -> Stream.of(0, 6, 21).map(hour -> day.atTime(hour, 0)))
                .filter(time -> time.isAfter(after))
                .findFirst()
                .orElseThrow();
    }

    private static String pick(Random random, List<String> some) {
        return some.get(random.nextInt(some.size()));
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
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    America/New_York    | 30 2 * * *   | 2026-03-08T06:00:00Z | 2026-03-08T07:00:00Z
                    America/New_York    | 30 1 * * *   | 2026-11-01T05:30:00Z | 2026-11-02T06:30:00Z
                    America/New_York    | @daily       | 2026-07-01T12:00:00Z | 2026-07-02T04:00:00Z
                    Asia/Kolkata        | 30 9 * * 1-5 | 2026-01-02T12:00:00Z | 2026-01-05T04:00:00Z
                    Asia/Kathmandu      | @hourly      | 2026-01-01T00:00:00Z | 2026-01-01T00:15:00Z
                    Australia/Lord_Howe | 15 2 * * *   | 2026-10-03T00:00:00Z | 2026-10-03T15:30:00Z
                    Australia/Lord_Howe | 45 1 * * *   | 2026-04-04T14:45:00Z | 2026-04-05T15:15:00Z
                    Pacific/Apia        | @daily       | 2011-12-29T10:00:00Z | 2011-12-30T10:00:00Z
                    America/Sao_Paulo   | @daily       | 2018-11-03T12:00:00Z | 2018-11-04T03:00:00Z
                    +02:00              | 0 L * * *    | 2026-01-01T00:00:00Z |
                    +02:00              | 0 0 L * *    | 2026-01-01T00:00:00Z | 2026-01-30T22:00:00Z
                    Europe/Berlin       | 0 30 2 L 3 ? | 2026-03-01T00:00:00Z | 2026-03-31T00:30:00Z
                    Europe/Berlin       | 30 2 ? * 7L  | 2026-03-01T00:00:00Z | 2026-03-29T01:00:00Z
                    Europe/Berlin       | 30 2 ? 10 7L | 2026-10-01T00:00:00Z | 2026-10-25T00:30:00Z
                    """)
    void clocksOfOtherZonesAreOnTimeToo(
            ZoneId zone, String cron, Instant after, @Nullable Instant next) {
        Optional<Cron> read = Schedulings.cronIfAny(cron);
        assertThat(read.flatMap(c -> new CronTimes(c, zone, List.of()).after(after).at()))
                .isEqualTo(Optional.ofNullable(next));
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
        CronTimes cronTimes = times("*/30 * * * *", BERLIN);
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < 365 * 48; i++) {
            Instant next = cronTimes.after(at).at().orElseThrow();
            assertThat(next).isEqualTo(at.plusSeconds(1800));
            at = next;
        }
    }

    @Test
    void onceADayIsOnceADayInEveryZone() {
        for (String zone : List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")) {
            CronTimes cronTimes = times("15 2 * * *", ZoneId.of(zone));
            List<Instant> year = new ArrayList<>();
            Instant end = Instant.parse("2027-01-01T12:00:00Z");
            Instant at = cronTimes.after(Instant.parse("2026-01-01T12:00:00Z")).at().orElseThrow();
            for (; at.isBefore(end); at = cronTimes.after(at).at().orElseThrow()) {
                year.add(at);
            }
            assertThat(year).as(zone).hasSize(365);
        }
    }
}
