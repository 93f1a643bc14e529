package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A time that comes while one monitor takes the other's place. */
@Timeout(120)
class SchedulePairIT extends Pairs {
    private static final Duration PREPARATION = Duration.ofSeconds(5);

    @Test
    void aTakeoverNeitherLosesNorRepeatsATime() throws Exception {
        configuration(web());
        try (TestMonitor pair = start("-F")) {
            int backup = settledBackup(pair).pid();
            Instant time = ScheduleIT.soon(PREPARATION);
            configuration(
                    Config.of(
                            Config.script(
                                    "job",
                                    "echo run >>$DIR/runs",
                                    "'schedule': {'start': '" + ScheduleIT.cron(time) + "'}")));
            assertThat(pair.cli("reload").code()).isZero();
            eventually().until(() -> pair.row("job").next().isPresent());
            assertThat(Instant.now()).as("the time is yet to come").isBefore(time);
            // The kernel ends the one in the moment in which the time comes to it.
            eventually().until(() -> Instant.now().isAfter(time.minusMillis(20)));

            kill(pair, PRIMARY);

            eventually().until(() -> pair.row(PRIMARY).pid() == backup);
            eventually().until(() -> !pair.lines("runs").isEmpty());
            pair.awaitState("job", "completed");
            pair.awaitRun(BACKUP, 2);
            assertThat(pair.lines("runs")).hasSize(1);
            assertThat(pair.row("job").runcount()).isEqualTo(1);
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }
}
