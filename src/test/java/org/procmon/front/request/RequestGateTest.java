package org.procmon.front.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** So many requests at a time, and so many that wait. */
@Timeout(60)
class RequestGateTest {
    private static final long LONG = 60_000;

    private static CompletableFuture<RequestGate.Entry> entering(RequestGate gate) {
        int before = gate.waiting();
        var entry =
                CompletableFuture.supplyAsync(gate::enter, task -> Thread.ofVirtual().start(task));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> gate.waiting() > before || entry.isDone());
        return entry;
    }

    @Test
    void thoseThatWaitAreAdmittedInTheirOrder() {
        RequestGate gate = new RequestGate(1, 3, LONG);
        assertThat(gate.enter()).isEqualTo(RequestGate.Entry.ADMITTED);
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            all.add(
                    entering(gate)
                            .thenAccept(entry -> {
                                assertThat(entry).isEqualTo(RequestGate.Entry.ADMITTED);
                                order.add(number);
                                gate.leave();
                            }));
        }
        assertThat(gate.waiting()).isEqualTo(3);
        assertThat(gate.enter()).isEqualTo(RequestGate.Entry.QUEUE_FULL);
        gate.leave();
        all.forEach(CompletableFuture::join);
        assertThat(order).containsExactly(0, 1, 2);
        assertThat(gate.enter()).isEqualTo(RequestGate.Entry.ADMITTED);
    }

    @Test
    void oneThatHasWaitedTooLongIsNotAdmitted() {
        RequestGate gate = new RequestGate(1, 1, 20);
        assertThat(gate.enter()).isEqualTo(RequestGate.Entry.ADMITTED);
        long begun = System.nanoTime();
        assertThat(gate.enter()).isEqualTo(RequestGate.Entry.WAITED_TOO_LONG);
        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(20_000_000);
        assertThat(gate.waiting()).isZero();
        gate.leave();
        assertThat(gate.enter()).isEqualTo(RequestGate.Entry.ADMITTED);
    }

    @Test
    void withoutAQueueTheNextOneIsRefusedAtOnce() {
        RequestGate gate = new RequestGate(1, 0, LONG);
        assertThat(gate.enter()).isEqualTo(RequestGate.Entry.ADMITTED);
        assertThat(gate.enter()).isEqualTo(RequestGate.Entry.QUEUE_FULL);
    }
}
