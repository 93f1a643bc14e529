package org.procmon.follow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.procmon.lifecycle.Ticks;

class PendingChangesTest {
    private static final Duration QUIET = Duration.ofMillis(500);
    private static final Path ONE = Path.of("/conf/one");
    private static final Path TWO = Path.of("/conf/two");

    private final Set<Path> written = new HashSet<>();
    private final PendingChanges pending = new PendingChanges(QUIET, written::contains);
    private Ticks now = new Ticks(7);

    private void pass(Duration time) {
        now = now.plus(time);
    }

    /** Waits until something is due, and returns whether the changes are to be read then. */
    private boolean isReadyWhenDue() {
        now = pending.due().orElseThrow();
        return pending.isReady(now);
    }

    @Test
    void nothingIsDueWithoutAChange() {
        assertThat(pending.due()).isEmpty();
    }

    @Test
    void changesAreReadOnceNothingHasChangedForAWhile() {
        pending.add(ONE, false, now);
        pass(QUIET.dividedBy(2));
        pending.add(TWO, false, now);
        assertThat(pending.due()).contains(now.plus(QUIET));
        assertThat(isReadyWhenDue()).isTrue();
        assertThat(pending.due()).isEmpty();
    }

    @Test
    void aStreamOfChangesPostponesItForALimitedTime() {
        Ticks first = now;
        Duration most = QUIET.multipliedBy(10);
        while (!now.hasReached(first.plus(most))) {
            pending.add(ONE, true, now);
            pass(Duration.ofMillis(10));
        }
        assertThat(pending.due()).contains(first.plus(most));
        assertThat(pending.isReady(now)).isTrue();
    }

    @Test
    void theLimitIsFiveSecondsAtLeast() {
        PendingChanges quick = new PendingChanges(Duration.ofMillis(1), written::contains);
        Ticks first = now;
        Duration most = Duration.ofSeconds(5);
        while (!now.hasReached(first.plus(most))) {
            quick.add(ONE, false, now);
            now = now.plus(Duration.ofNanos(900_000));
        }
        assertThat(quick.due()).contains(first.plus(most));
    }

    @Test
    void aFileIsNotReadWhileItIsWritten() {
        written.add(ONE);
        pending.add(ONE, true, now);
        for (int i = 0; i < 100; i++) {
            assertThat(isReadyWhenDue()).isFalse();
        }
        written.remove(ONE);
        pending.add(ONE, false, now);
        assertThat(pending.due()).contains(now.plus(QUIET));
        assertThat(isReadyWhenDue()).isTrue();
        assertThat(pending.due()).isEmpty();
    }

    /** As of one that is written by another of its names, in a folder that is not watched. */
    @Test
    void theEndOfAWriterIsNoticedWithoutAnEvent() {
        written.add(ONE);
        pending.add(ONE, false, now);
        assertThat(isReadyWhenDue()).isFalse();
        written.remove(ONE);
        assertThat(isReadyWhenDue()).isTrue();
    }

    @Test
    void whatIsWrittenForLongIsCheckedEverMoreRarely() {
        written.add(ONE);
        pending.add(ONE, false, now);
        Ticks first = now;
        int checks = 0;
        while (now.since(first).compareTo(Duration.ofHours(1)) < 0) {
            assertThat(isReadyWhenDue()).isFalse();
            checks++;
        }
        assertThat(checks).isBetween(60, 70);
    }

    @Test
    void theWritesOfAFileThatIsKnownToBeWrittenPostponeNothing() {
        written.add(ONE);
        pending.add(ONE, true, now);
        assertThat(isReadyWhenDue()).isFalse();
        pending.add(TWO, false, now);
        Ticks due = pending.due().orElseThrow();
        pass(QUIET.dividedBy(2));
        pending.add(ONE, true, now);
        assertThat(pending.due()).contains(due);
    }

    @Test
    void aFileThatIsWrittenForLongDoesNotHoldUpOthers() {
        written.add(ONE);
        pending.add(ONE, true, now);
        assertThat(isReadyWhenDue()).isFalse();
        pass(Duration.ofMinutes(10));
        Ticks changed = now;
        pending.add(TWO, false, now);
        while (!isReadyWhenDue()) {
            assertThat(changed.plus(QUIET.multipliedBy(10)).hasReached(now)).isTrue();
        }
        assertThat(now).isEqualTo(changed.plus(QUIET.multipliedBy(10)));
        assertThat(isReadyWhenDue()).isFalse();
        written.remove(ONE);
        assertThat(isReadyWhenDue()).isTrue();
    }

    @Test
    void keepsOnlySoManyFiles() {
        for (int i = 0; i < PendingChanges.MOST_FILES + 1; i++) {
            pending.add(Path.of("/conf/" + i), false, now);
        }
        assertThat(pending.has(Path.of("/conf/" + PendingChanges.MOST_FILES))).isFalse();
        assertThat(isReadyWhenDue()).isTrue();
    }
}
