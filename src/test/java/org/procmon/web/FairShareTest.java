package org.procmon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.http.RemoteAddress;

@Timeout(30)
class FairShareTest {
    private static int takeAll(FairShare share, String address) {
        int count = 0;
        while (share.take(address, 1)) {
            count++;
        }
        return count;
    }

    @Test
    void oneAddressGetsAPartAndTheNextFindsSomething() {
        FairShare share = new FairShare(64, 3);
        assertThat(takeAll(share, "a")).isEqualTo(48);
        assertThat(takeAll(share, "b")).isEqualTo(12);
        assertThat(takeAll(share, "c")).isEqualTo(3);
        assertThat(takeAll(share, "d")).isZero();
        share.give("a", 48);
        assertThat(share.take("d", 20)).isTrue();
        assertThat(takeAll(new FairShare(64, 1), "a")).isEqualTo(32);
    }

    @Test
    void aRefusedRequestTakesNothing() {
        FairShare share = new FairShare(10, 1);
        assertThat(share.take("a", 6)).isFalse();
        assertThat(share.take("a", 5)).isTrue();
        assertThat(share.take("a", Long.MAX_VALUE / 2)).isFalse();
        assertThat(share.take("b", 2)).isTrue();
    }

    @Test
    void aWaiterGetsAReleasedShare() throws Exception {
        FairShare share = new FairShare(2, 1);
        assertThat(share.takeWithin("a", 1, 0)).isTrue();
        assertThat(share.takeWithin("a", 1, TimeUnit.MILLISECONDS.toNanos(1))).isFalse();
        CompletableFuture<Boolean> waits = new CompletableFuture<>();
        Thread thread =
                Thread.startVirtualThread(() -> {
                    try {
                        waits.complete(share.takeWithin("a", 1, TimeUnit.HOURS.toNanos(1)));
                    } catch (InterruptedException e) {
                        waits.completeExceptionally(e);
                    }
                });
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        share.give("a", 1);
        assertThat(waits.get()).isTrue();
    }

    @Test
    void anIpv6NetworkIsOneAddress() {
        assertThat(RemoteAddress.key("2001:db8::1"))
                .isEqualTo(RemoteAddress.key("2001:db8:0:0:ffff:1:2:3"))
                .isNotEqualTo(RemoteAddress.key("2001:db8:0:1::1"));
        assertThat(RemoteAddress.key("::ffff:10.0.0.1")).isEqualTo(RemoteAddress.key("10.0.0.1"));
        assertThat(RemoteAddress.key("what:ever")).isEqualTo("what:ever");
        assertThat(RemoteAddress.key("")).isEmpty();
    }
}
