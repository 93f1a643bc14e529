package org.procmon.trigger.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.procmon.config.Schedule;
import org.procmon.config.Schedule.Action;

/** The jitter of schedules, and what is left out of which times. */
class ScheduleTimesTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private static ScheduleTimes times(String keys, double share) {
        Schedule schedule =
                Schedulings.processes("'schedule':{" + keys + "}")
                        .getLast()
                        .triggers()
                        .schedule()
                        .orElseThrow();
        return new ScheduleTimes(schedule, ZoneId.of("UTC"), share);
    }

    private static Instant after(ScheduleTimes times, Action action, Instant moment) {
        return times.after(action, moment).at().orElseThrow();
    }

    @Test
    void aStartIsDelayedByTheShareOfTheJitter() {
        ScheduleTimes times = times("'start':'0 * * * *','jitter':'10m'", 0.5);
        Instant first = after(times, Action.START, NOON);
        assertThat(first).isEqualTo(NOON.plusSeconds(300));
        assertThat(times.after(Action.START, NOON).delay()).isEqualTo(Duration.ofMinutes(5));
        assertThat(after(times, Action.START, first)).isEqualTo(NOON.plusSeconds(3900));
        assertThat(after(times, Action.START, NOON.plusSeconds(299))).isEqualTo(first);
        assertThat(times.last(Action.START, NOON.minusSeconds(1), NOON.plusSeconds(299))).isEmpty();
        assertThat(times.last(Action.START, NOON, NOON.plusSeconds(300))).contains(first);
        assertThat(times.last(Action.START, NOON, NOON.plusSeconds(4000)))
                .contains(NOON.plusSeconds(3900));
    }

    @Test
    void aJitterThatIsLongerThanTheTimeBetweenPassesNoTime() {
        ScheduleTimes times =
                times("'start':'0,10 * * * *','restart':'15 * * * *','jitter':'5h'", 0.9);
        Instant at = NOON.minusSeconds(1);
        for (long seconds : new long[] {9 * 60, 10 * 60 + 270, 3600 + 9 * 60}) {
            at = after(times, Action.START, at);
            assertThat(at).isEqualTo(NOON.plusSeconds(seconds));
        }
        assertThat(after(times, Action.RESTART, NOON))
                .isEqualTo(NOON.plusSeconds(15 * 60 + 45 * 54));
    }

    @Test
    void aStopIsOnTime() {
        ScheduleTimes times = times("'start':'0 8 * * *','stop':'0 18 * * *','jitter':'12h'", 0.99);
        assertThat(after(times, Action.STOP, NOON)).isEqualTo(NOON.plusSeconds(6 * 3600));
        assertThat(after(times, Action.START, NOON))
                .as("within the 10 hours before the stop")
                .isEqualTo(Instant.parse("2026-06-01T17:54:00Z"));
    }

    /** Whatever moment is asked for, the times are the same ones in the same order. */
    @Test
    void allMomentsAgreeOnTheTimes() {
        Random random = new Random(17);
        String[] crons = {"*/7 * * * *", "0 3-5 * * *", "*/5 * * * * *", "0,1,30 * * * *"};
        for (int round = 0; round < 60; round++) {
            String jitter = 1 + random.nextInt(3000) + "s";
            ScheduleTimes times =
                    times(
                            "'start':'"
                                    + crons[random.nextInt(crons.length)]
                                    + "','restart':'*/20 * * * *','jitter':'"
                                    + jitter
                                    + "'",
                            random.nextDouble());
            Instant from = NOON.plusSeconds(random.nextInt(86_400));
            Instant next = after(times, Action.START, from);
            Instant between =
                    from.plusMillis(random.nextLong(Duration.between(from, next).toMillis()));
            assertThat(next).as("round %d", round).isAfter(from);
            assertThat(after(times, Action.START, between)).isEqualTo(next);
            assertThat(times.last(Action.START, from, next)).contains(next);
            assertThat(times.last(Action.START, from, next.minusMillis(1))).isEmpty();
            assertThat(after(times, Action.START, next)).isAfter(next);
        }
    }

    @Test
    void eachProcessAndEachMachineHasItsOwnShareForGood() {
        Jitter here = new Jitter("4c4c4544");
        assertThat(here.of("backup")).isEqualTo(new Jitter("4c4c4544").of("backup"));
        assertThat(new Jitter("4c4c4545").of("backup")).isNotEqualTo(here.of("backup"));
        int[] tenths = new int[10];
        IntStream.range(0, 1000).forEach(i -> tenths[(int) (here.of("job." + i) * 10)]++);
        assertThat(IntStream.of(tenths).boxed().toList())
                .allMatch(count -> count > 60 && count < 140);
    }

    @Test
    void aStopComesAlsoOnADayOnWhichNothingStarts() {
        String night = "'start':'0 22 * * *','stop':'0 6 * * *','except':'06-02'";
        ScheduleTimes times = times(night, 0);
        assertThat(after(times, Action.STOP, NOON)).isEqualTo(NOON.plusSeconds(18 * 3600));
        assertThat(after(times, Action.START, NOON.plusSeconds(11 * 3600)))
                .isEqualTo(NOON.plusSeconds(58 * 3600));
        ScheduleTimes only = times("'stop':'0 6 * * *','except':'06-02'", 0);
        assertThat(after(only, Action.STOP, NOON)).isEqualTo(NOON.plusSeconds(42 * 3600));
    }
}
