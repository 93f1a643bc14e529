package org.procmon.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.procmon.control.FakeSupervisor;
import org.procmon.status.ProcessView;
import org.procmon.supervise.feature.Change;

class HeapTrimmerTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final long SECOND = 1_000_000_000;

    private final ProcessView view = FakeSupervisor.stopped("web");
    private long heap = 8 * MEBIBYTE;
    private long now;
    private int collected;
    private final HeapTrimmer trimmer = new HeapTrimmer(this::collect, () -> heap, () -> now);

    @Test
    void aHeapThatHasGrownUnderManyRunsIsCollectedNowAndThen() {
        heap = 20 * MEBIBYTE;
        after(1, 1_000);
        assertThat(collected).as("while it begins").isZero();
        heap = 8 * MEBIBYTE;
        after(20, 1_000);
        heap = 12 * MEBIBYTE;
        after(20, 1_000);
        assertThat(collected).as("grown a little").isZero();
        heap = 13 * MEBIBYTE;
        after(20, 10);
        assertThat(collected).as("after few changes").isZero();
        after(1, 1_000);
        assertThat(collected).isEqualTo(1);
        heap = 13 * MEBIBYTE;
        after(1, 1_000);
        assertThat(collected).as("at once").isEqualTo(1);
        after(20, 1_000);
        assertThat(collected).isEqualTo(2);
    }

    private void collect() {
        collected++;
        heap = 8 * MEBIBYTE;
    }

    private void after(long seconds, int changes) {
        now += seconds * SECOND;
        for (int i = 0; i < changes; i++) {
            trimmer.on(new Change.Transition(view.process(), view));
        }
        trimmer.on(new Change.Idle());
    }
}
