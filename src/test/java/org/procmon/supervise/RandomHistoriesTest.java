package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Histories of random events on the real ensemble over a kernel that fails on purpose. The
 * invariants of {@code org.procmon.lifecycle} are checked at every step.
 */
class RandomHistoriesTest {
    private static final int HISTORIES = 100_000;

    @Test
    void noHistoryBreaksAnInvariant() {
        long seed = Long.getLong("procmon.seed", System.nanoTime());
        long launches = 0;
        long deaths = 0;
        long shutdowns = 0;
        for (int i = 0; i < HISTORIES; i++) {
            RandomHistory history = new RandomHistory(seed + i);
            try {
                history.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "history with -Dprocmon.seed=%d: %s%n%s"
                                .formatted(
                                        seed + i,
                                        e.getMessage(),
                                        String.join("\n", history.kernel.trace)),
                        e);
            }
            launches += history.kernel.launches;
            deaths += history.deaths;
            shutdowns += history.ensemble.isShuttingDown() ? 1 : 0;
        }
        // That the histories are not idle is part of the test.
        assertThat(launches).isGreaterThan(HISTORIES * 4L);
        assertThat(deaths).isGreaterThan(HISTORIES);
        assertThat(shutdowns).isEqualTo(HISTORIES);
    }
}
