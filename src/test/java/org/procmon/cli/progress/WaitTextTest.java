package org.procmon.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.procmon.status.fields.NextChange;
import org.procmon.status.fields.ProcessRow;
import org.procmon.status.fields.ProcessRow.Condition;
import org.procmon.status.fields.ProcessRow.History;
import org.procmon.status.fields.ProcessRow.Identity;
import org.procmon.status.fields.ProcessRow.Run;
import org.procmon.status.fields.ProcessRow.Signs;
import org.procmon.status.fields.ProcessRow.Warnings;

class WaitTextTest {
    private static final ProcessRow STUBBORN =
            row(
                    "stubborn",
                    "stopping",
                    "stops because of a command, TERM sent",
                    next("KILL", 6_001));

    @Test
    void aStopCountsDownToTheNextSignal() {
        assertThat(
                        WaitText.of(
                                List.of(row("done", "stopped", "", Optional.empty()), STUBBORN),
                                false))
                .contains("stopping stubborn: TERM sent, KILL in 7 s");
    }

    @Test
    void aStopSaysWhatItWaitsFor() {
        assertThat(
                        WaitText.of(
                                List.of(
                                        row(
                                                "db",
                                                "stopping",
                                                "stops because of a command, after web",
                                                Optional.empty())),
                                false))
                .contains("stopping db: after web");
    }

    @Test
    void othersAreCounted() {
        assertThat(WaitText.of(List.of(STUBBORN, STUBBORN, STUBBORN), false))
                .contains("stopping stubborn: TERM sent, KILL in 7 s (and 2 more)");
    }

    @Test
    void aStartSaysWhy() {
        assertThat(
                        WaitText.of(
                                List.of(
                                        row("up", "running", "started", Optional.empty()),
                                        row(
                                                "worker",
                                                "waiting",
                                                "waits for migrate to be completed",
                                                Optional.empty())),
                                true))
                .contains("starting worker: waits for migrate to be completed");
        assertThat(
                        WaitText.of(
                                List.of(
                                        row(
                                                "x",
                                                "backoff",
                                                "exited with code 1",
                                                next("restart", 1))),
                                true))
                .contains("starting x: exited with code 1, restart in 1 s");
    }

    @Test
    void whatIsNotOnItsWayIsNotWaitedFor() {
        assertThat(WaitText.of(List.of(row("w", "waiting", "x", Optional.empty())), false))
                .isEmpty();
        assertThat(WaitText.of(List.of(row("w", "running", "x", Optional.empty())), true))
                .isEmpty();
        assertThat(WaitText.of(List.of(), true)).isEmpty();
    }

    private static Optional<NextChange> next(String what, long inMs) {
        return Optional.of(new NextChange(what, "", inMs));
    }

    private static ProcessRow row(
            String name, String state, String cause, Optional<NextChange> next) {
        return new ProcessRow(
                new Identity(name, "sleep 1", List.of(), false, Optional.empty()),
                new Condition(state, "up", "", 1000, cause),
                new Run(1, 1, 0, OptionalLong.empty()),
                Optional.empty(),
                next,
                Optional.empty(),
                Warnings.NONE,
                Signs.NONE,
                History.NONE,
                Optional.empty());
    }
}
