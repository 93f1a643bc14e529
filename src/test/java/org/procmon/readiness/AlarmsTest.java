package org.procmon.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who is woken when. */
class AlarmsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** Just before the clock's numbers turn negative. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND);

    private final Alarms<String> alarms = new Alarms<>(now::get);

    @Test
    void noneIsEarlyAndNoneLateByMoreThanAShare() {
        for (int i = 0; i < 1_000; i++) {
            long delay = ThreadLocalRandom.current().nextLong(20 * SECOND);
            alarms.set("a", Duration.ofNanos(delay));
            assertThat(alarms.left().orElseThrow().toNanos()).isBetween(delay, delay + delay / 64);
            now.addAndGet(delay);
        }
    }

    @Test
    void thoseThatAreNearGoOffTogetherTheEarliestFirst() {
        alarms.set("later", Duration.ofSeconds(20));
        alarms.set("b", Duration.ofMillis(10_001));
        alarms.set("a", Duration.ofMillis(9_999));
        alarms.set("now", Duration.ZERO);
        assertThat(alarms.due()).containsExactly("now");
        assertThat(alarms.due()).isEmpty();
        now.addAndGet(11 * SECOND);
        assertThat(alarms.due()).containsExactlyInAnyOrder("a", "b");
        now.addAndGet(11 * SECOND);
        assertThat(alarms.due()).containsExactly("later");
        assertThat(alarms.left()).isEmpty();
    }

    @Test
    void anAlarmIsReplacedAndRemoved() {
        alarms.set("a", Duration.ofSeconds(1));
        alarms.set("a", Duration.ofSeconds(5));
        alarms.set("b", Duration.ofSeconds(1));
        alarms.remove("b");
        now.addAndGet(2 * SECOND);
        assertThat(alarms.due()).isEmpty();
        now.addAndGet(4 * SECOND);
        assertThat(alarms.due()).containsExactly("a");
    }
}
