package org.procmon.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.pool.PoolAddress;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.listen.OpenListener;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.TestListeners;

/** Against the kernel. */
@Timeout(120)
class ListenerWatchTest {
    private static final Ticks START = new Ticks(0);

    @TempDir Path folder = Path.of("");

    private final ListenerWatch watch = new ListenerWatch();
    private final List<Descriptor> open = new ArrayList<>();

    @AfterEach
    void close() {
        watch.close();
        open.forEach(Descriptor::close);
    }

    private static Ticks at(int millis) {
        return START.plus(Duration.ofMillis(millis));
    }

    private Descriptor kept(Descriptor socket) {
        open.add(socket);
        return socket;
    }

    private OpenListener unix(String name) {
        Path path = folder.resolve(name);
        Descriptor socket = kept(TestListeners.at(path));
        return new OpenListener(
                path.toString(),
                new PoolAddress.UnixPath(path, 0600),
                socket,
                path.toString(),
                0,
                TestListeners.inode(socket));
    }

    private OpenListener tcp() {
        Descriptor socket = kept(TestListeners.tcp());
        int port = TestListeners.port(socket);
        return new OpenListener(
                "127.0.0.1:" + port,
                new PoolAddress.TcpPort("127.0.0.1", port),
                socket,
                "",
                port,
                TestListeners.inode(socket));
    }

    private void connect(OpenListener listener) {
        kept(
                listener.isUnix()
                        ? TestListeners.client(Path.of(listener.boundName()))
                        : TestListeners.client(listener.port()));
    }

    private long accept(OpenListener listener) {
        return TestListeners.inode(kept(TestListeners.accept(listener.socket())));
    }

    private Set<Long> accepted(OpenListener listener, int millis) {
        return watch.accepted(List.of(listener), Set.of(listener.boundName()), at(millis));
    }

    @Test
    void clientsOfAUnixSocketAreCountedAndTheOldestIsTimed() {
        OpenListener listener = unix("s");
        assertThat(watch.queue(listener, false, at(0))).isEqualTo(ListenerWatch.Queue.EMPTY);
        connect(listener);
        assertThat(watch.queue(listener, false, at(10)))
                .isEqualTo(new ListenerWatch.Queue(1, Optional.of(Duration.ZERO)));
        connect(listener);
        assertThat(watch.queue(listener, false, at(30)))
                .isEqualTo(new ListenerWatch.Queue(2, Optional.of(Duration.ofMillis(20))));
        assertThat(accept(listener)).isPositive();
        assertThat(watch.queue(listener, false, at(35)))
                .as("the first is served, and the second was first seen at 30")
                .isEqualTo(new ListenerWatch.Queue(1, Optional.of(Duration.ofMillis(5))));
    }

    @Test
    void clientsOfATcpPortAreCountedAndTimedOnlyIfThatIsWanted() {
        OpenListener listener = tcp();
        connect(listener);
        connect(listener);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> watch.queue(listener, false, at(0)).clients() == 2);
        assertThat(watch.queue(listener, false, at(0)).oldest()).isEmpty();
        assertThat(watch.queue(listener, true, at(10)).oldest()).contains(Duration.ZERO);
        assertThat(watch.queue(listener, true, at(30)).oldest()).contains(Duration.ofMillis(20));
    }

    @Test
    void timesOfListenersThatAreClosedAreForgotten() {
        OpenListener listener = unix("s");
        connect(listener);
        var _ = watch.queue(listener, false, at(0));

        watch.keepOnly(Set.of());

        assertThat(watch.queue(listener, false, at(30)).oldest()).contains(Duration.ZERO);
    }

    @Test
    void onlyConnectionsThatWereAcceptedFromTheListenerCount() {
        OpenListener one = unix("one");
        OpenListener other = unix("other");
        connect(one);
        connect(one);
        connect(other);
        Set<Long> inodes = Set.of(accept(one));
        Set<Long> others = Set.of(accept(other));
        Set<String> names = Set.of(one.boundName(), other.boundName());

        assertThat(watch.accepted(List.of(one), names, at(0))).isEqualTo(inodes);
        assertThat(watch.accepted(List.of(other), names, at(0))).isEqualTo(others);
        assertThat(watch.accepted(List.of(one, other), names, at(0))).hasSize(2);
    }

    @Test
    void connectionsOfATcpPortCount() {
        OpenListener listener = tcp();
        connect(listener);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> watch.queue(listener, false, at(0)).clients() == 1);
        long inode = accept(listener);
        connect(listener);
        assertThat(watch.accepted(List.of(listener), Set.of(), at(0))).containsExactly(inode);
    }

    @Test
    void theKernelIsAskedAgainAfterTwoMillisecondsOrWhenItMatters() {
        OpenListener listener = unix("s");
        assertThat(accepted(listener, 0)).isEmpty();
        connect(listener);
        long inode = accept(listener);

        assertThat(accepted(listener, 1)).as("a moment later").isEmpty();
        assertThat(accepted(listener, 2)).containsExactly(inode);

        connect(listener);
        accept(listener);
        watch.forget();
        assertThat(accepted(listener, 2)).hasSize(2);
    }

    @Test
    void queuesOfSeveralListenersAddUp() {
        ListenerWatch.Queue one = new ListenerWatch.Queue(2, Optional.of(Duration.ofMillis(5)));
        ListenerWatch.Queue other = new ListenerWatch.Queue(1, Optional.of(Duration.ofMillis(7)));
        assertThat(one.and(other))
                .isEqualTo(other.and(one))
                .isEqualTo(new ListenerWatch.Queue(3, Optional.of(Duration.ofMillis(7))));
        assertThat(ListenerWatch.Queue.EMPTY.and(one)).isEqualTo(one);
        assertThat(one.and(ListenerWatch.Queue.EMPTY)).isEqualTo(one);
    }
}
