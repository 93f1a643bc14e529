package org.procmon.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.schedule.Schedulings.processes;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.procmon.schedule.Timetable.Due;
import org.procmon.spec.Schedule.Action;
import org.procmon.supervise.Appointment;

class TimetableTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final String HOURLY = "'schedule':{'start':'0 * * * *'}";
    private static final String OFFICE =
            "'restart':'always','schedule':{'start':'0 8 * * *','stop':'0 18 * * *'}";

    private final Timetable table = new Timetable(UTC);

    @Test
    void aTimeComesOnceAndThenTheNext() {
        assertThat(table.follow(processes(HOURLY), NOON)).isEmpty();
        assertThat(table.next()).contains(NOON.plusSeconds(3600));
        assertThat(table.due(NOON.plusSeconds(3599))).isEmpty();
        assertThat(table.due(NOON.plusSeconds(3600))).containsExactly(new Due("p0", Action.START));
        assertThat(table.due(NOON.plusSeconds(3600))).isEmpty();
        assertThat(table.next()).contains(NOON.plusSeconds(7200));
    }

    @Test
    void ofTimesThatWereSleptThroughOneCounts() {
        table.follow(processes(HOURLY), NOON);
        assertThat(table.due(NOON.plusSeconds(10 * 3600 + 5))).hasSize(1);
        assertThat(table.next()).contains(NOON.plusSeconds(11 * 3600));
    }

    @Test
    void ofAWindowThatWasSleptThroughItsPresentStandCounts() {
        Instant afternoon = NOON.plusSeconds(5 * 3600);
        Instant morning = NOON.plusSeconds(21 * 3600);
        table.follow(processes(OFFICE), afternoon);
        assertThat(table.due(morning)).containsExactly(new Due("p0", Action.START));
        table.follow(processes(), morning);
        table.follow(processes(OFFICE), NOON.minusSeconds(5 * 3600));
        assertThat(table.due(NOON.plusSeconds(8 * 3600)))
                .containsExactly(new Due("p0", Action.STOP));
    }

    @Test
    void ofManyDaysThatWereSleptThroughTheLastCounts() {
        String twice = OFFICE.replace("0 8 *", "0 8,9 *").replace("18 *", "8-18/10 *");
        table.follow(processes(twice), NOON);
        assertThat(table.due(NOON.plusSeconds(100 * 86_400)))
                .as("08:00 stop and start, 09:00 start")
                .containsExactly(new Due("p0", Action.START));
        assertThat(table.due(NOON.plusSeconds(200 * 86_400 + 7 * 3600)))
                .as("18:00 stop")
                .containsExactly(new Due("p0", Action.STOP));
    }

    @Test
    void aRestartThatWasSleptThroughComesBeforeTheStartAndNeverAfterTheStop() {
        String nightly = OFFICE.replace("'stop'", "'restart':'0 4 * * *','stop'");
        table.follow(processes(nightly), NOON.plusSeconds(5 * 3600));
        assertThat(table.due(NOON.plusSeconds(21 * 3600)))
                .containsExactly(new Due("p0", Action.RESTART), new Due("p0", Action.START));
        assertThat(table.due(NOON.plusSeconds((24 + 19) * 3600)))
                .containsExactly(new Due("p0", Action.STOP));
    }

    @Test
    void whenTheClockIsSetBackTheTimesAreReckonedAnew() {
        table.follow(processes(HOURLY), NOON);
        assertThat(table.due(NOON.minusSeconds(86_400))).isEmpty();
        assertThat(table.next()).contains(NOON.minusSeconds(86_400 - 3600));
    }

    @Test
    void aSmallStepBackRepeatsNothing() {
        table.follow(processes(HOURLY), NOON);
        Instant one = NOON.plusSeconds(3600);
        assertThat(table.due(one.plusMillis(1))).hasSize(1);
        assertThat(table.due(one.minusSeconds(2))).isEmpty();
        assertThat(table.due(one.plusSeconds(2))).isEmpty();
    }

    @Test
    void thePlansOfAProcessAreInItsOwnZoneTheEarliestFirst() {
        table.follow(
                processes(
                        "'schedule':{'start':'0 8 * * *','restart':'0 20 * * *',"
                                + "'timezone':'Asia/Tokyo'}"),
                NOON);
        ZoneId tokyo = ZoneId.of("Asia/Tokyo");
        assertThat(table.plans())
                .containsOnlyKeys("p0")
                .containsValue(
                        List.of(
                                new Appointment(
                                        Action.START,
                                        Instant.parse("2026-06-01T23:00:00Z").atZone(tokyo)),
                                new Appointment(
                                        Action.RESTART,
                                        Instant.parse("2026-06-02T11:00:00Z").atZone(tokyo))));
    }

    @Test
    void betweenItsStartAndItsStopAServiceIsUp() {
        assertThat(table.follow(processes(OFFICE), NOON))
                .containsExactly(new Due("p0", Action.START));
        assertThat(table.follow(processes(OFFICE), NOON)).as("the same again").isEmpty();
        assertThat(new Timetable(UTC).follow(processes(OFFICE), NOON.plusSeconds(8 * 3600)))
                .as("in the evening")
                .isEmpty();
        String job = OFFICE.replace("always", "never");
        assertThat(new Timetable(UTC).follow(processes(job), NOON)).as("a job").isEmpty();
    }

    @Test
    void whatIsFollowedIsAllThereIs() {
        table.follow(processes(HOURLY, OFFICE), NOON);
        assertThat(table.plans()).containsOnlyKeys("p0", "p1");
        table.follow(processes(HOURLY), NOON.plusSeconds(1800));
        assertThat(table.plans()).containsOnlyKeys("p0");
        table.follow(processes(), NOON);
        assertThat(table.next()).isEmpty();
    }
}
