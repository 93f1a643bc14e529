package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PollerTest {
    private static final int KEY = 7;

    private final Poller poller = Poller.open();
    private final Pipe pipe = Pipe.open();
    private final int[] keys = new int[8];

    @AfterEach
    void close() {
        poller.close();
        pipe.close();
    }

    private void write() {
        assertThat(new Transfer().write(pipe.sink(), new Buffer(1), 0, 1)).isEqualTo(1);
    }

    @Test
    void unreadDataIsReportedAgain() {
        assertThat(poller.add(pipe.source(), KEY)).isTrue();
        assertThat(poller.look(keys)).isZero();
        write();
        assertThat(poller.await(keys)).isEqualTo(1);
        assertThat(poller.look(keys)).isEqualTo(1);
    }

    @Test
    void oneShotIsReportedOnceUntilItIsArmedAgain() {
        assertThat(poller.addOnce(pipe.source(), KEY)).isTrue();
        assertThat(poller.look(keys)).isZero();
        write();
        assertThat(poller.await(keys)).isEqualTo(1);
        assertThat(keys[0]).isEqualTo(KEY);
        write();
        assertThat(poller.look(keys)).isZero();

        assertThat(poller.rearm(pipe.source(), KEY + 1)).isTrue();
        assertThat(poller.look(keys)).isEqualTo(1);
        assertThat(keys[0]).isEqualTo(KEY + 1);
        assertThat(poller.look(keys)).isZero();
    }

    @Test
    void oneShotThatIsArmedAgainWaitsForData() {
        assertThat(poller.addOnce(pipe.source(), KEY)).isTrue();
        write();
        assertThat(poller.await(keys)).isEqualTo(1);
        assertThat(new Transfer().read(pipe.source(), new Buffer(1), 1)).isEqualTo(1);
        assertThat(poller.rearm(pipe.source(), KEY)).isTrue();
        assertThat(poller.look(keys)).isZero();
        write();
        assertThat(poller.await(keys)).isEqualTo(1);
    }

    @Test
    void onlyWhatWasAddedCanBeArmedAgain() {
        assertThat(poller.rearm(pipe.source(), KEY)).isFalse();
    }
}
