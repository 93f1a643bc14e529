package org.procmon.importing.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.config.Cron;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Schedule;
import org.procmon.importing.SourceFormat;
import org.procmon.importing.draft.ImporterFixture;
import org.procmon.importing.draft.TestImport;

/** Timers of systemd become schedules. */
class TimerUnitTest extends ImporterFixture {
    TimerUnitTest() {
        super(SourceFormat.SYSTEMD, "web.service");
    }

    private TestImport.Outcome timed(String timer) throws IOException {
        Path service = write("job.service", "[Service]\nType=oneshot\nExecStart=/bin/job");
        Path unit = write("job.timer", timer);
        return done(service, unit);
    }

    private static List<String> told(TestImport.Outcome outcome) {
        return outcome.notes().stream().map(note -> note.substring(note.indexOf(' ') + 1)).toList();
    }

    @Test
    void aTimerStartsItsService() throws IOException {
        TestImport.Outcome outcome =
                timed(
                        """
                        [Unit]
                        Description=Each night
                        [Timer]
                        OnCalendar=Mon..Fri 04:00 Europe/Berlin
                        Persistent=true
                        RandomizedDelaySec=5min
                        [Install]
                        WantedBy=timers.target
                        """);
        Schedule schedule = outcome.process("job").triggers().schedule().orElseThrow();
        assertThat(schedule.start().map(Cron::text)).contains("0 4 * * 1-5");
        assertThat(schedule.zone()).contains(ZoneId.of("Europe/Berlin"));
        assertThat(schedule.missed()).isEqualTo(Schedule.Missed.ONCE);
        assertThat(schedule.jitter()).isEqualTo(Duration.ofMinutes(5));
        assertThat(outcome.notes()).isEmpty();
    }

    @Test
    void daysOfTheMonthAndTheWeekMustBothFit() throws IOException {
        TestImport.Outcome outcome = timed("[Timer]\nOnCalendar=Sun *-*-1..7 1:00\n");
        Schedule schedule = outcome.process("job").triggers().schedule().orElseThrow();
        assertThat(schedule.start().map(Cron::text)).contains("0 1 1-7 * *");
        assertThat(schedule.except()).hasSize(1);
        assertThat(outcome.notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OnCalendar=6:00~OnCalendar=18:00 | 0 6,18 * * * |",
                "OnCalendar=6:00~OnCalendar=~OnCalendar=7:00 | 0 7 * * * |",
                "OnCalendar=6:00~OnCalendar=18:30 | 0 6 * * * | [Timer] OnCalendar: no equivalent: a"
                        + " schedule has one expression; make another process for it",
                "OnUnitActiveSec=15min | */15 * * * * | [Timer] OnUnitActiveSec: it is counted by"
                        + " the clock, not from the last run",
                "OnUnitInactiveSec=1d | 0 0 * * * | [Timer] OnUnitInactiveSec: it is counted by the"
                        + " clock, not from the last run",
                "OnCalendar=hourly~OnBootSec=5 | 0 * * * * | [Timer] OnBootSec: no equivalent: times"
                        + " are those of the clock; see 'schedule'",
                "OnCalendar=hourly~AccuracySec=1h | 0 * * * * | [Timer] AccuracySec: no equivalent:"
                        + " it starts at its time",
                "OnCalendar=hourly~WakeSystem=yes | 0 * * * * | [Timer] WakeSystem: no equivalent:"
                        + " procmon has nothing like it",
                "OnCalendar=hourly~RemainAfterElapse=yes | 0 * * * * |",
                "OnCalendar=hourly~Zebra=1 | 0 * * * * | [Timer] Zebra: no equivalent: procmon has"
                        + " nothing like it",
            })
    void importsOrReportsTimerSettings(String settings, String cron, @Nullable String note)
            throws IOException {
        TestImport.Outcome outcome = timed("[Timer]\n" + settings.replace('~', '\n'));
        ProcessSpec job = outcome.process("job");
        assertThat(job.triggers().schedule().flatMap(Schedule::start).map(Cron::text))
                .contains(cron);
        assertThat(told(outcome)).isEqualTo(note == null ? List.of() : List.of(note));
    }

    @Test
    void doesNotStartATimerWithoutTimes() throws IOException {
        for (String timer : List.of("OnBootSec=5", "OnCalendar=2012-10-15", "OnCalendar=*-2-31")) {
            TestImport.Outcome outcome = timed("[Timer]\n" + timer);
            ProcessSpec job = outcome.process("job");
            assertThat(job.triggers().schedule()).isEmpty();
            assertThat(job.skip()).isTrue();
            assertThat(told(outcome))
                    .anyMatch(note -> note.startsWith("job.timer: no equivalent: nothing starts"));
        }
    }

    @Test
    void aTimerMayStartAnotherService() throws IOException {
        Path service = write("a.service", "[Service]\nExecStart=/bin/a");
        Path other = write("b.service", "[Unit]\nAfter=a.service\n[Service]\nExecStart=/bin/b");
        Path first = write("x.timer", "[Timer]\nOnCalendar=daily\nUnit=a.service");
        Path second = write("a.timer", "[Timer]\nOnCalendar=hourly");
        TestImport.Outcome outcome = done(service, other, first, second);
        assertThat(outcome.process("a").triggers().schedule().flatMap(Schedule::start))
                .map(Cron::text)
                .contains("0 0 * * *");
        assertThat(outcome.process("b").depends()).isEmpty();
        assertThat(outcome.notes())
                .containsExactly(
                        "a.timer:1: a.timer: no equivalent: another timer has given 'a.service' its"
                                + " times",
                        "b.service:1: b.service: it does not wait for a.service, which a timer"
                                + " starts");
    }
}
