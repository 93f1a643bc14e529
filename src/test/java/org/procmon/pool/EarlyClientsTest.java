package org.procmon.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.procmon.pool.ListenerWatch.Clients;

class EarlyClientsTest {
    private final EarlyClients early = EarlyClients.of(1, new Clients(Set.of(1L, 2L, 3L), 0), 10);

    @Test
    void aClientThatWaitsNoMoreWasServed() {
        assertThat(early.wereServed(new Clients(Set.of(2L, 3L, 4L), 0), 10)).isTrue();
        assertThat(early.wereServed(new Clients(Set.of(1L, 2L, 3L, 4L), 0), 10)).isFalse();
    }

    @Test
    void aClientThatWasRefusedOrHasHungUpWasNotServed() {
        assertThat(early.wereServed(new Clients(Set.of(2L, 3L), 0), 11)).isFalse();
        assertThat(early.wereServed(new Clients(Set.of(2L, 3L), 1), 10)).isFalse();
        assertThat(early.wereServed(new Clients(Set.of(), 1), 11)).isTrue();
    }

    @Test
    void whereNoneWaitedNothingIsKnown() {
        assertThat(EarlyClients.of(1, Clients.NONE, 0).wereServed(Clients.NONE, 0)).isFalse();
    }
}
