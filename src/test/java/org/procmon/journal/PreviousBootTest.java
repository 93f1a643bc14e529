package org.procmon.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.journal.Samples.kept;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RecentRuns;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.port.JournalEntry;

/** Records of another boot: no pid in them is believed, but decisions and counts are. */
class PreviousBootTest {
    /** The next boot is two hours later, and three minutes old. */
    private static final Instant WALL = TestJournal.WALL.plus(Duration.ofHours(2));

    private static final Ticks NOW = new Ticks(Duration.ofMinutes(3).toNanos());

    @TempDir Path state = Path.of("");
    private TestJournal test = new TestJournal(state);

    @BeforeEach
    void makeJournal() {
        test = new TestJournal(state);
    }

    static Stream<String> states() {
        return Samples.states().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("states")
    void onlyWhatAnOperatorStoppedStaysSo(String name) throws IOException {
        ProcessState state = Samples.state(name);
        for (Goal goal : List.of(Goal.UP, Goal.DOWN)) {
            test.open().keep(kept("web", goal, state));

            ProcessStatus after = readNextBoot().getFirst().process();

            boolean byOperator =
                    (state instanceof Stopped s && s.why() == StopReason.OPERATOR)
                            || (state instanceof Stopping t && t.why() == StopReason.OPERATOR);
            assertThat(after.goal()).isEqualTo(Goal.DOWN);
            assertThat(after.state().run()).isEmpty();
            assertThat(after.state())
                    .isEqualTo(
                            goal == Goal.DOWN && byOperator
                                    ? new Stopped(StopReason.OPERATOR, shifted(state.since()))
                                    : new Stopped(StopReason.NEVER_STARTED, NOW));
        }
    }

    @Test
    void countsContinueAndAgesUseTheWallClock() throws IOException {
        RunCounters runCounters =
                new RunCounters(
                        7,
                        4711,
                        Optional.of(Samples.EXIT),
                        Optional.of(new StartError(2, "no such file")),
                        5,
                        List.of(),
                        new RecentRuns(List.of(Samples.EXIT), 3));
        ProcessStatus process =
                new ProcessStatus(Goal.UP, new ProcessState.Running(Samples.RUN), runCounters);
        JournalEntry before = Samples.running("web");
        test.open()
                .keep(
                        new JournalEntry(
                                "web", before.exec(), before.stop(), process, OptionalLong.of(8)));

        JournalEntry after = readNextBoot().getFirst();

        assertThat(after.exec()).isEqualTo(before.exec());
        assertThat(after.stop()).isEqualTo(before.stop());
        assertThat(after.intended()).isEmpty();
        RunCounters counts = after.process().tally();
        assertThat(counts.runs()).isEqualTo(7);
        assertThat(counts.lastPid()).isEqualTo(4711);
        assertThat(counts.streak()).isZero();
        assertThat(counts.lastError()).isEmpty();
        RunExit exit = counts.lastExit().orElseThrow();
        assertThat(exit.status()).isEqualTo(Samples.EXIT.status());
        assertThat(exit.usage()).isEqualTo(Samples.EXIT.usage());
        assertThat(exit.ran()).isEqualTo(Samples.EXIT.ran());
        assertThat(counts.diary()).isEqualTo(new RecentRuns(List.of(exit), 3));
        // It was as long before the record was written, and that was two hours ago.
        assertThat(NOW.since(exit.at()))
                .isEqualTo(Duration.ofHours(2).plus(TestJournal.NOW.since(Samples.EXIT.at())));
    }

    @Test
    void aWallClockThatWasSetBackMakesNothingHappenInTheFuture() throws IOException {
        test.open().keep(Samples.stopped("web"));

        Instant earlier = TestJournal.WALL.minus(Duration.ofDays(365));
        JournalEntry after = test.open(TestJournal.NEXT_BOOT, earlier, NOW).read(true).getFirst();

        Ticks before = new Ticks(6_000_000_000L);
        assertThat(NOW.since(after.process().state().since()))
                .isEqualTo(TestJournal.NOW.since(before));
    }

    @Test
    void aProcessThatAConfigurationRemovedIsForgotten() throws IOException {
        ProcessState removed = new Stopped(StopReason.REMOVED, new Ticks(6_000_000_000L));
        test.open().keep(kept("web", Goal.FORGOTTEN, removed));

        assertThat(readNextBoot()).isEmpty();
        assertThat(test.files()).isEmpty();
    }

    @Test
    void aProcessThatAnOperatorDeletedStaysDeletedIfDecisionsAreKeptForGood() throws IOException {
        test.open().keep(kept("web", Goal.FORGOTTEN, new ProcessState.Running(Samples.RUN)));

        JournalEntry after = readNextBoot().getFirst();

        assertThat(after.process().goal()).isEqualTo(Goal.FORGOTTEN);
        assertThat(after.process().isHeldDown()).isTrue();
        assertThat(after.process().state().run()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"DOWN", "FORGOTTEN"})
    void theFileRulesAgainAfterABootIfDecisionsAreNotKeptForGood(Goal goal) throws IOException {
        ProcessState down = new Stopped(StopReason.OPERATOR, new Ticks(6_000_000_000L));
        test.open().keep(kept("web", goal, down));

        JournalEntry after = test.open(TestJournal.NEXT_BOOT, WALL, NOW).read(false).getFirst();

        assertThat(after.process().isHeldDown()).isFalse();
        assertThat(after.process().goal()).isEqualTo(Goal.DOWN);
        assertThat(after.process().tally().runs()).isEqualTo(7);
    }

    @Test
    void rewritesUnchangedRecordsForTheNewBoot() throws IOException {
        test.open().keep(Samples.stopped("web"));
        JournalFolder next = test.open(TestJournal.NEXT_BOOT, WALL, NOW);
        List<JournalEntry> read = next.read(true);

        next.keep(read.getFirst());

        assertThat(test.open(TestJournal.NEXT_BOOT, WALL, NOW).read(true)).isEqualTo(read);
    }

    private List<JournalEntry> readNextBoot() throws IOException {
        return test.open(TestJournal.NEXT_BOOT, WALL, NOW).read(true);
    }

    private static Ticks shifted(Ticks ticks) {
        Duration age = Duration.ofHours(2).plus(TestJournal.NOW.since(ticks));
        return new Ticks(NOW.nanos() - age.toNanos());
    }
}
