package org.procmon.control.server.connections;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import org.junit.jupiter.api.Test;

class QuotaTest {
    private final Quota quota = Quota.of(64);
    private final Quota.Taker root = taker("root", true);
    private final Quota.Taker daemon = taker("daemon", false);
    private final Quota.Taker bin = taker("bin", false);

    @Test
    void aPartIsKeptForRootAndOneForOtherUsers() {
        assertThat(quota.take(daemon, 49)).isFalse();
        assertThat(quota.take(daemon, 48)).isTrue();
        assertThat(quota.take(daemon, 1)).isFalse();
        assertThat(quota.take(bin, 8)).isTrue();
        assertThat(quota.take(bin, 1)).isFalse();
        assertThat(quota.take(root, 9)).isFalse();
        assertThat(quota.take(root, 8)).isTrue();
        assertThat(quota.taken()).isEqualTo(64);
    }

    @Test
    void returnedSharesCanBeTakenAgain() {
        assertThat(quota.take(root, 60)).isTrue();
        assertThat(quota.take(daemon, 5)).isFalse();
        quota.give(root, 30);
        assertThat(quota.take(daemon, 5)).isTrue();
        quota.give(root, 30);
        quota.give(daemon, 5);
        assertThat(quota.taken()).isZero();
        assertThat(quota.take(daemon, 48)).isTrue();
    }

    private static Quota.Taker taker(String name, boolean isOwn) {
        try {
            return new Quota.Taker(
                    FileSystems.getDefault()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName(name),
                    isOwn);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
