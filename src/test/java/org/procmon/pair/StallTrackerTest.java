package org.procmon.pair;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.procmon.pair.StallTracker.Verdict;

class StallTrackerTest {
    private static final Duration SECOND = Duration.ofMillis(1001);
    private static final Optional<String> RUNS = Optional.empty();
    private static final Optional<String> STOPPED = Optional.of("stopped");

    private final StallTracker stallTracker = new StallTracker(true);

    @Test
    void isReportedAfterTenSecondsAndKilledAfterThirty() {
        List<String> verdicts = new ArrayList<>();
        for (int second = 1; second <= 30; second++) {
            Verdict verdict = stallTracker.look(SECOND, RUNS);
            if (verdict != Verdict.NOTHING) {
                verdicts.add(second + " " + verdict);
            }
        }
        assertThat(verdicts).containsExactly("10 REPORT", "30 KILL");
    }

    @Test
    void reportsAStoppedPrimaryOnceAndRestartsItsTimeout() {
        look(29, RUNS);
        List<Verdict> during = look(100, STOPPED);
        assertThat(during)
                .filteredOn(v -> v != Verdict.NOTHING)
                .containsExactly(Verdict.REPORT_STOPPED);
        assertThat(look(29, RUNS)).doesNotContain(Verdict.KILL);
        assertThat(stallTracker.look(SECOND, RUNS)).isEqualTo(Verdict.KILL);
    }

    @Test
    void secondsInWhichTheBackupDidNotRunDoNotCount() {
        look(9, RUNS);
        assertThat(stallTracker.look(Duration.ofHours(1), RUNS)).isEqualTo(Verdict.NOTHING);
        assertThat(stallTracker.look(SECOND, RUNS)).isEqualTo(Verdict.REPORT);
    }

    @Test
    void doesNotKillAPrimaryThatOnlyStopsAccepting() {
        StallTracker door = new StallTracker(false);
        for (int i = 0; i < 100; i++) {
            assertThat(door.look(SECOND, RUNS)).isNotEqualTo(Verdict.KILL);
        }
    }

    private List<Verdict> look(int times, Optional<String> stopped) {
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            verdicts.add(stallTracker.look(SECOND, stopped));
        }
        return verdicts;
    }
}
