package org.procmon.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.BusyConnections.Busy;
import org.procmon.pool.BusyConnections.Holder;

class BusyConnectionsTest {
    private static final Ticks START = new Ticks(0);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final BusyConnections connections = new BusyConnections();

    private static Ticks at(int seconds) {
        return START.plus(Duration.ofSeconds(seconds));
    }

    private static Holder holder(int seconds) {
        return new Holder(1, 1, at(seconds), Optional.empty());
    }

    private Busy one() {
        return connections.of(7).orElseThrow();
    }

    @Test
    void aRequestIsAsOldAsTheFirstLookThatFoundIt() {
        connections.seen(Set.of(7L), at(1));
        connections.seen(Set.of(7L, 8L), at(6));
        assertThat(connections.toLookAt(LIMIT, at(6)).stream().map(Busy::inode))
                .containsExactly(7L);
        assertThat(one().age(at(7))).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void aConnectionThatIsClosedIsForgotten() {
        connections.seen(Set.of(7L), at(1));
        connections.seen(Set.of(), at(2));
        assertThat(connections.hasWork()).isFalse();
        connections.seen(Set.of(7L), at(9));
        assertThat(one().age(at(10))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aKeptConnectionIsNoWorkAndItsNextRequestBeginsWhenItIsSeen() {
        connections.seen(Set.of(7L), at(0));
        connections.put(one().workedOn(holder(3), at(3)).reported());
        connections.put(one().keptBy(holder(6), at(6)));
        assertThat(connections.hasWork()).isFalse();
        assertThat(one().isReported()).isFalse();

        assertThat(connections.toLookAt(LIMIT, at(7))).as("its next request").hasSize(1);
        connections.put(one().workedOn(holder(60), at(60)));
        assertThat(connections.hasWork()).isTrue();
        assertThat(connections.toLookAt(LIMIT, at(64))).isEmpty();
        assertThat(one().age(at(64))).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void theWorkerOfAConnectionStaysThatOfTheFirstLook() {
        connections.seen(Set.of(7L), at(0));
        connections.put(one().workedOn(holder(3), at(3)));
        connections.put(one().workedOn(holder(4), at(4)));
        assertThat(one().holder()).contains(holder(3));
    }

    @Test
    void noMoreConnectionsAreHeldThanTheLimit() {
        Set<Long> many =
                LongStream.range(0, 2 * BusyConnections.MOST).boxed().collect(Collectors.toSet());
        connections.seen(many, at(0));
        List<Busy> held = connections.toLookAt(Duration.ZERO, at(0));
        assertThat(held).hasSize(BusyConnections.MOST);
        connections.seen(many, at(5));
        assertThat(connections.toLookAt(LIMIT, at(5))).hasSameElementsAs(held);
    }
}
