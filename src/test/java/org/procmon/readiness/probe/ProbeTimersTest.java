package org.procmon.readiness.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who is woken when. */
class ProbeTimersTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** Just before the clock's numbers turn negative. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND);

    private final ProbeTimers<String> probeTimers = new ProbeTimers<>(now::get);

    @Test
    void noneIsEarlyAndNoneLateByMoreThanAShare() {
        for (int i = 0; i < 1_000; i++) {
            long delay = ThreadLocalRandom.current().nextLong(20 * SECOND);
            probeTimers.set("a", Duration.ofNanos(delay));
            assertThat(probeTimers.left().orElseThrow().toNanos())
                    .isBetween(delay, delay + delay / 64);
            now.addAndGet(delay);
        }
    }

    @Test
    void thoseThatAreNearGoOffTogetherTheEarliestFirst() {
        probeTimers.set("later", Duration.ofSeconds(20));
        probeTimers.set("b", Duration.ofMillis(10_001));
        probeTimers.set("a", Duration.ofMillis(9_999));
        probeTimers.set("now", Duration.ZERO);
        assertThat(probeTimers.due()).containsExactly("now");
        assertThat(probeTimers.due()).isEmpty();
        now.addAndGet(11 * SECOND);
        assertThat(probeTimers.due()).containsExactlyInAnyOrder("a", "b");
        now.addAndGet(11 * SECOND);
        assertThat(probeTimers.due()).containsExactly("later");
        assertThat(probeTimers.left()).isEmpty();
    }

    @Test
    void anAlarmIsReplacedAndRemoved() {
        probeTimers.set("a", Duration.ofSeconds(1));
        probeTimers.set("a", Duration.ofSeconds(5));
        probeTimers.set("b", Duration.ofSeconds(1));
        probeTimers.remove("b");
        now.addAndGet(2 * SECOND);
        assertThat(probeTimers.due()).isEmpty();
        now.addAndGet(4 * SECOND);
        assertThat(probeTimers.due()).containsExactly("a");
    }
}
