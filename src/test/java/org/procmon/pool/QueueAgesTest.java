package org.procmon.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.procmon.lifecycle.Ticks;

class QueueAgesTest {
    private final QueueAges ages = new QueueAges();

    private static Ticks at(int seconds) {
        return new Ticks(0).plus(Duration.ofSeconds(seconds));
    }

    @Test
    void theOldestClientCountsFromTheFirstLookThatFoundIt() {
        assertThat(ages.seen(List.of(7L), at(1))).contains(Duration.ZERO);
        assertThat(ages.seen(List.of(7L, 8L), at(3))).contains(Duration.ofSeconds(2));
        assertThat(ages.seen(List.of(8L), at(9))).contains(Duration.ofSeconds(6));
    }

    @Test
    void aClientThatIsServedIsForgotten() {
        var _ = ages.seen(List.of(7L), at(1));
        assertThat(ages.seen(List.of(), at(2))).isEmpty();
        assertThat(ages.seen(List.of(7L), at(9))).contains(Duration.ZERO);
    }

    @Test
    void clientsThatHaveHungUpCountOnlyIfAllHave() {
        var _ = ages.seen(List.of(0L), at(1));
        assertThat(ages.seen(List.of(0L, 7L), at(5))).contains(Duration.ZERO);
        assertThat(ages.seen(List.of(0L, 0L), at(6))).contains(Duration.ofSeconds(5));
    }
}
