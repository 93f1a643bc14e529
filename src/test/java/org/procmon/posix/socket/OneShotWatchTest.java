package org.procmon.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Poller;

@Timeout(60)
class OneShotWatchTest {
    private static final int MOST = 20;
    private static final int KEY = 7;
    private static final int OF_WATCH = 1;

    @TempDir Path folder = Path.of("");
    private final Poller poller = Poller.open();
    private final OneShotWatch watch = OneShotWatch.open(MOST).orElseThrow();
    private final int[] keys = new int[8];

    @BeforeEach
    void begin() {
        assertThat(poller.add(watch.descriptor(), OF_WATCH)).isTrue();
    }

    @AfterEach
    void close() {
        watch.close();
        poller.close();
    }

    private Descriptor listener(String name) {
        return TestListeners.at(folder.resolve(name));
    }

    private void comesAndIsServed(Descriptor listener, String name) {
        Descriptor client = TestListeners.client(folder.resolve(name));
        TestListeners.accept(listener).close();
        client.close();
    }

    private List<Integer> awaited() {
        assertThat(poller.await(keys)).isEqualTo(1);
        return watch.reported();
    }

    private void assertQuiet() {
        assertThat(poller.look(keys)).isZero();
        assertThat(watch.reported()).isEmpty();
    }

    /** A one-shot entry of epoll(7) would stay armed, and be woken by the next one too. */
    @Test
    void aClientThatIsServedAlreadyIsReportedOnce() {
        Descriptor listener = listener("s");
        assertThat(watch.arm(listener, KEY)).isTrue();
        assertQuiet();
        comesAndIsServed(listener, "s");
        comesAndIsServed(listener, "s");
        assertThat(awaited()).containsExactly(KEY);
        comesAndIsServed(listener, "s");
        assertQuiet();
        listener.close();
    }

    @Test
    void aClientThatWaitsIsReportedAtOnce() {
        Descriptor listener = listener("s");
        Descriptor client = TestListeners.client(folder.resolve("s"));
        assertThat(watch.arm(listener, KEY)).isTrue();
        assertThat(awaited()).containsExactly(KEY);
        assertThat(watch.arm(listener, KEY)).isTrue();
        assertThat(awaited()).containsExactly(KEY);
        client.close();
        listener.close();
    }

    @Test
    void clientsOverTcpAreReported() {
        Descriptor listener = TestListeners.tcp();
        assertThat(watch.arm(listener, KEY)).isTrue();
        assertQuiet();
        Descriptor client = TestListeners.client(TestListeners.port(listener));
        assertThat(awaited()).containsExactly(KEY);
        client.close();
        listener.close();
    }

    @Test
    void whatIsArmedTwiceIsReportedOnce() {
        Descriptor listener = listener("s");
        assertThat(watch.arm(listener, KEY)).isTrue();
        assertThat(watch.arm(listener, KEY)).isTrue();
        comesAndIsServed(listener, "s");
        assertThat(awaited()).containsExactly(KEY);
        comesAndIsServed(listener, "s");
        assertQuiet();
        listener.close();
    }

    @Test
    void whatIsDisarmedIsNotReportedAndCloses() {
        for (int i = 0; i < 3 * MOST; i++) {
            Descriptor listener = listener("s" + i);
            assertThat(watch.arm(listener, KEY)).isTrue();
            watch.disarm(KEY);
            listener.close();
            assertThat(awaited()).isEmpty();
            String path = folder.resolve("s" + i).toString();
            await().until(() -> SocketPath.look(path) instanceof SocketPath.Stale);
        }
    }

    @Test
    void noMoreThanThatManyAreArmed() {
        List<Descriptor> listeners =
                IntStream.rangeClosed(0, MOST).mapToObj(i -> listener("s" + i)).toList();
        for (int i = 0; i < MOST; i++) {
            assertThat(watch.arm(listeners.get(i), i)).isTrue();
        }
        assertThat(watch.arm(listeners.get(MOST), MOST)).isFalse();
        IntStream.range(0, MOST).forEach(i -> comesAndIsServed(listeners.get(i), "s" + i));
        assertThat(awaited())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, MOST).boxed().toList());
        assertThat(watch.arm(listeners.get(MOST), MOST)).isTrue();
        listeners.forEach(Descriptor::close);
    }

    @Test
    void whatIsNoSocketIsRefused() {
        assertThat(watch.arm(new Descriptor(9999), KEY)).isFalse();
        assertThat(Stream.generate(() -> watch.arm(new Descriptor(9999), KEY)).limit(MOST + 1L))
                .containsOnly(false);
    }
}
