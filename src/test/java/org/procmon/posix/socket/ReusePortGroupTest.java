package org.procmon.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.socket.ListeningSocket.Sharing;

@Timeout(60)
class ReusePortGroupTest {
    @TempDir Path folder = Path.of("");

    private final List<Descriptor> clients = new ArrayList<>();

    @AfterEach
    void close() {
        clients.forEach(Descriptor::close);
    }

    private void connect(int port, int count) {
        for (int i = 0; i < count; i++) {
            clients.add(TestListeners.client(port));
        }
    }

    private static void awaitQueue(Descriptor listener, int length) {
        await().untilAsserted(() ->
                assertThat(AcceptQueue.ofTcp(listener))
                        .isEqualTo(new AcceptQueue.Length.Waiting(length, 100)));
    }

    @Test
    void theNewestListenerGetsAllConnectionsAndTheOldOneServesAfterIt() {
        try (Descriptor old = TestListeners.tcp(0, Sharing.SHARED)) {
            int port = TestListeners.port(old);
            connect(port, 1);
            awaitQueue(old, 1);
            try (Descriptor newest = TestListeners.tcp(port, Sharing.SHARED)) {
                assertThat(ReusePortGroup.choose(old, 1)).isEmpty();
                connect(port, 50);
                awaitQueue(newest, 50);
                awaitQueue(old, 1);

                assertThat(ReusePortGroup.choose(newest, 0)).isEmpty();
                connect(port, 20);
                awaitQueue(old, 21);
                awaitQueue(newest, 50);

                assertThat(ReusePortGroup.choose(old, 1)).isEmpty();
            }
            connect(port, 10);
            awaitQueue(old, 31);
        }
    }

    @Test
    void theLastListenerTakesThePlaceOfAClosedOne() {
        Descriptor first = TestListeners.tcp(0, Sharing.SHARED);
        int port = TestListeners.port(first);
        try (Descriptor second = TestListeners.tcp(port, Sharing.SHARED)) {
            assertThat(ReusePortGroup.choose(second, 1)).isEmpty();
            first.close();
            // It is the only one now, at index 0.
            connect(port, 5);
            awaitQueue(second, 5);
            try (Descriptor third = TestListeners.tcp(port, Sharing.SHARED)) {
                connect(port, 50);
                awaitQueue(third, 50);
                awaitQueue(second, 5);
            }
        }
    }

    @Test
    void aSocketOfAnotherKindHasNoGroup() {
        try (Descriptor unix = TestListeners.at(folder.resolve("s"))) {
            assertThat(ReusePortGroup.choose(unix, 0)).isPresent();
        }
        try (Descriptor alone = TestListeners.tcp()) {
            assertThat(ReusePortGroup.choose(alone, 0)).contains(Errno.INVALID);
        }
    }
}
