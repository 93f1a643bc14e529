package org.procmon.trigger.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.trigger.schedule.Schedulings.processes;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Schedule.Action;
import org.procmon.status.ScheduledAction;
import org.procmon.supervise.port.SeenTimes;
import org.procmon.trigger.schedule.Timetable.Due;

class TimetableTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final String HOURLY = "'schedule':{'start':'0 * * * *'}";
    private static final String OFFICE =
            "'restart':'always','schedule':{'start':'0 8 * * *','stop':'0 18 * * *'}";

    private final Timetable table = new Timetable(UTC, new Jitter("here"));

    private static InstantSource at(Instant now) {
        return InstantSource.fixed(now);
    }

    private List<String> follow(List<ProcessSpec> processes, Instant now) {
        return words(table.follow(processes, at(now)));
    }

    private List<String> due(Instant now) {
        return words(table.due(now));
    }

    private static List<String> words(List<Due> all) {
        return all.stream()
                .map(due -> (due.isLost() ? "no " : "") + due.action().word() + " " + due.name())
                .toList();
    }

    @Test
    void aTimeComesOnceAndThenTheNext() {
        assertThat(follow(processes(HOURLY), NOON)).isEmpty();
        assertThat(table.next()).contains(NOON.plusSeconds(3600));
        assertThat(due(NOON.plusSeconds(3599))).isEmpty();
        assertThat(due(NOON.plusSeconds(3600))).containsExactly("start p0");
        assertThat(due(NOON.plusSeconds(3600))).isEmpty();
        assertThat(table.next()).contains(NOON.plusSeconds(7200));
    }

    @Test
    void ofTimesThatWereSleptThroughOneCounts() {
        follow(processes(HOURLY), NOON);
        assertThat(due(NOON.plusSeconds(10 * 3600 + 5))).hasSize(1);
        assertThat(table.next()).contains(NOON.plusSeconds(11 * 3600));
    }

    @Test
    void ofAWindowThatWasSleptThroughItsPresentStandCounts() {
        Instant afternoon = NOON.plusSeconds(5 * 3600);
        Instant morning = NOON.plusSeconds(21 * 3600);
        follow(processes(OFFICE), afternoon);
        assertThat(due(morning)).containsExactly("start p0");
        follow(processes(), morning);
        follow(processes(OFFICE), NOON.minusSeconds(5 * 3600));
        assertThat(due(NOON.plusSeconds(8 * 3600))).containsExactly("stop p0");
    }

    @Test
    void ofManyDaysThatWereSleptThroughTheLastCounts() {
        String twice = OFFICE.replace("0 8 *", "0 8,9 *").replace("18 *", "8-18/10 *");
        follow(processes(twice), NOON);
        assertThat(due(NOON.plusSeconds(100 * 86_400)))
                .as("08:00 stop and start, 09:00 start")
                .containsExactly("start p0");
        assertThat(due(NOON.plusSeconds(200 * 86_400 + 7 * 3600)))
                .as("18:00 stop")
                .containsExactly("stop p0");
    }

    @Test
    void aRestartThatWasSleptThroughComesBeforeTheStartAndNeverAfterTheStop() {
        String nightly = OFFICE.replace("'stop'", "'restart':'0 4 * * *','stop'");
        follow(processes(nightly), NOON.plusSeconds(5 * 3600));
        assertThat(due(NOON.plusSeconds(21 * 3600))).containsExactly("restart p0", "start p0");
        assertThat(due(NOON.plusSeconds((24 + 19) * 3600))).containsExactly("stop p0");
    }

    @Test
    void recomputesTimesWhenTheClockIsSetBack() {
        follow(processes(HOURLY), NOON);
        assertThat(due(NOON.minusSeconds(86_400))).isEmpty();
        assertThat(table.next()).contains(NOON.minusSeconds(86_400 - 3600));
    }

    @Test
    void aSmallStepBackRepeatsNothing() {
        follow(processes(HOURLY), NOON);
        Instant one = NOON.plusSeconds(3600);
        assertThat(due(one.plusMillis(1))).hasSize(1);
        assertThat(due(one.minusSeconds(2))).isEmpty();
        assertThat(due(one.plusSeconds(2))).isEmpty();
    }

    @Test
    void thePlansOfAProcessAreInItsOwnZoneTheEarliestFirst() {
        follow(
                processes(
                        "'schedule':{'start':'0 8 * * *','restart':'0 20 * * *',"
                                + "'timezone':'Asia/Tokyo'}"),
                NOON);
        ZoneId tokyo = ZoneId.of("Asia/Tokyo");
        assertThat(table.plans())
                .containsOnlyKeys("p0")
                .containsValue(
                        List.of(
                                new ScheduledAction(
                                        Action.START,
                                        Instant.parse("2026-06-01T23:00:00Z").atZone(tokyo)),
                                new ScheduledAction(
                                        Action.RESTART,
                                        Instant.parse("2026-06-02T11:00:00Z").atZone(tokyo))));
    }

    @Test
    void betweenItsStartAndItsStopAServiceIsUp() {
        assertThat(follow(processes(OFFICE), NOON)).containsExactly("start p0");
        assertThat(follow(processes(OFFICE), NOON)).as("the same again").isEmpty();
        assertThat(
                        words(
                                new Timetable(UTC, new Jitter("here"))
                                        .follow(processes(OFFICE), at(NOON.plusSeconds(8 * 3600)))))
                .as("in the evening")
                .containsExactly("stop p0");
        String job = OFFICE.replace("always", "never");
        assertThat(words(new Timetable(UTC, new Jitter("here")).follow(processes(job), at(NOON))))
                .as("a job")
                .isEmpty();
    }

    @Test
    void holdsOnlyFollowedSchedules() {
        follow(processes(HOURLY, OFFICE), NOON);
        assertThat(table.plans()).containsOnlyKeys("p0", "p1");
        follow(processes(HOURLY), NOON.plusSeconds(1800));
        assertThat(table.plans()).containsOnlyKeys("p0");
        follow(processes(), NOON);
        assertThat(table.next()).isEmpty();
    }

    private static String hourly(String more) {
        return HOURLY.replace("}", "," + more + "}");
    }

    @Test
    void aTimeThatWasMissedIsLostWhereThatIsWanted() {
        follow(processes(hourly("'missed':'skip'")), NOON);
        assertThat(due(NOON.plusSeconds(3 * 3600 + 61))).containsExactly("no start p0");
        assertThat(due(NOON.plusSeconds(3 * 3600 + 62))).isEmpty();
        assertThat(table.next()).contains(NOON.plusSeconds(4 * 3600));
    }

    @Test
    void aTimeOfTheLastMinuteIsOnlyLate() {
        for (String missed : List.of("'missed':'skip'", "'missed':'once'", "'jitter':0")) {
            follow(processes(hourly(missed)), NOON);
            assertThat(due(NOON.plusSeconds(3 * 3600 + 59))).containsExactly("start p0");
        }
    }

    @Test
    void aServiceIsUpBetweenStartAndStopDespiteMissedTimes() {
        String skipping = OFFICE.replace("'stop'", "'missed':'skip','stop'");
        follow(processes(skipping), NOON);
        assertThat(due(NOON.plusSeconds(8 * 3600))).containsExactly("stop p0");
        assertThat(due(NOON.plusSeconds(22 * 3600))).containsExactly("start p0");
        String job = skipping.replace("always", "never");
        follow(processes(), NOON);
        follow(processes(job), NOON);
        assertThat(due(NOON.plusSeconds(8 * 3600))).containsExactly("no stop p0");
    }

    @Test
    void aServiceIsNotUpOnADayOnWhichNothingStarts() {
        String noon = OFFICE.replace("'stop'", "'except':'2026-06-01','stop'");
        assertThat(follow(processes(noon), NOON)).containsExactly("stop p0");
        follow(processes(), NOON);
        assertThat(follow(processes(noon), NOON.plusSeconds(24 * 3600)))
                .containsExactly("start p0");
    }

    @Test
    void aServiceIsUpIfItsLastStartCameAfterItsLastStop() {
        String monday = "'restart':'always','schedule':{'start':'0 8 * * mon','stop':'0 18 * * *'}";
        assertThat(follow(processes(monday), NOON)).as("on Monday").containsExactly("start p0");
        follow(processes(), NOON);
        assertThat(follow(processes(monday), NOON.plusSeconds(86_400)))
                .as("on Tuesday")
                .containsExactly("stop p0");
    }

    @Test
    void whatCameSinceAnotherMonitorLookedIsDue() {
        table.follow(processes(HOURLY, OFFICE), at(NOON));
        List<Due> due = table.resume(Map.of("p0", NOON.minusSeconds(7200)), NOON.plusSeconds(5));
        assertThat(due).containsExactly(new Due("p0", Action.START, NOON, false));
        assertThat(due(NOON.plusSeconds(6))).isEmpty();
        assertThat(table.resume(Map.of("p0", NOON.plusSeconds(6)), NOON.plusSeconds(7))).isEmpty();
        assertThat(table.next()).contains(NOON.plusSeconds(3600));
    }

    @Test
    void recordsTheLastProcessedTime() {
        table.follow(processes(HOURLY, hourly("'missed':'once'")), at(NOON));
        assertThat(table.seen()).containsOnlyKeys("p1");
        assertThat(table.seen().get("p1")).isEqualTo(new SeenTimes("start 0 * * * *; ", NOON));
        Instant late = NOON.plusSeconds(3605);
        assertThat(due(late)).hasSize(2);
        assertThat(table.seen().get("p1")).extracting("until").isEqualTo(late);
    }

    @Test
    void showsExcludedDaysOfATime() {
        table.follow(processes(hourly("'except':'2026-06-02'")), at(NOON.plusSeconds(11 * 3600)));
        assertThat(table.plans().get("p0"))
                .containsExactly(
                        new ScheduledAction(
                                Action.START,
                                Instant.parse("2026-06-03T00:00:00Z").atZone(UTC),
                                Duration.ZERO,
                                List.of(LocalDate.of(2026, 6, 2))));
    }
}
