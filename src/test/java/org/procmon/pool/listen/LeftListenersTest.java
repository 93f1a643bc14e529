package org.procmon.pool.listen;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.PoolBuilder;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolAddress;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.ListeningSocket;
import org.procmon.posix.socket.TestListeners;
import org.procmon.posix.socket.Workers;

/** A child has a listener that the test itself has closed. */
@Timeout(120)
class LeftListenersTest {
    @TempDir Path folder = Path.of("");

    private final Workers workers = new Workers();
    private final List<Descriptor> found = new ArrayList<>();

    @AfterEach
    void end() {
        workers.end();
        found.forEach(Descriptor::close);
    }

    /** Starts a program that has a listener as descriptor 0, and nothing else of it remains. */
    private int left(Descriptor listener) {
        try (listener) {
            return workers.start(listener, folder, "sleep", "1000");
        }
    }

    private Map<String, Descriptor> find(Set<String> known, int pid, PoolSpec... pools) {
        Map<String, Descriptor> all = LeftListeners.find(List.of(pools), known, List.of(pid));
        found.addAll(all.values());
        return all;
    }

    private static PoolSpec pool(PoolAddress address) {
        return PoolBuilder.pool("php").at(address).build();
    }

    private PoolSpec atPath(Path path) {
        return pool(new PoolAddress.UnixPath(path, 0600));
    }

    @Test
    void aListenerAtAPathIsFoundInAChild() {
        Path path = folder.resolve("s");
        Descriptor listener = TestListeners.at(path);
        long inode = TestListeners.inode(listener);
        int pid = left(listener);

        Map<String, Descriptor> all = find(Set.of(), pid, atPath(path));

        assertThat(all).containsOnlyKeys(path.toString());
        assertThat(TestListeners.inode(requireNonNull(all.get(path.toString())))).isEqualTo(inode);
        TestListeners.client(path).close();
    }

    @Test
    void anAbstractListenerIsFoundInAChild() {
        String name = "procmon-test-" + UUID.randomUUID();
        int pid = left(TestListeners.listening(ListeningSocket.abstractName(name, 5)));

        assertThat(find(Set.of(), pid, pool(new PoolAddress.AbstractName(name))))
                .containsOnlyKeys("@" + name);
    }

    @Test
    void aTcpListenerIsFoundInAChild() {
        Descriptor listener = TestListeners.tcp();
        int port = TestListeners.port(listener);
        int pid = left(listener);

        assertThat(find(Set.of(), pid, pool(new PoolAddress.TcpPort("", port))))
                .as("on all addresses")
                .isEmpty();
        assertThat(find(Set.of(), pid, pool(new PoolAddress.TcpPort("127.0.0.1", port))))
                .containsOnlyKeys("127.0.0.1:" + port);
        assertThat(find(Set.of(), pid, pool(new PoolAddress.TcpPort("localhost", port))))
                .containsOnlyKeys("localhost:" + port);
    }

    @Test
    void aTcpListenerOnAllAddressesIsFoundInAChild() {
        Descriptor listener =
                TestListeners.listening(
                        ListeningSocket.tcpEverywhere(0, 5, ListeningSocket.Sharing.ALONE));
        int port = TestListeners.port(listener);
        int pid = left(listener);

        assertThat(find(Set.of(), pid, pool(new PoolAddress.TcpPort("127.0.0.1", port)))).isEmpty();
        assertThat(find(Set.of(), pid, pool(new PoolAddress.TcpPort("", port))))
                .containsOnlyKeys(":" + port);
    }

    @Test
    void aListenerWithAnotherAddressIsNotTaken() {
        int pid = left(TestListeners.at(folder.resolve("s")));

        assertThat(find(Set.of(), pid, atPath(folder.resolve("other")))).isEmpty();
    }

    @Test
    void aListenerThatIsKnownIsNotSearched() {
        Path path = folder.resolve("s");
        int pid = left(TestListeners.at(path));

        assertThat(find(Set.of(path.toString()), pid, atPath(path))).isEmpty();
    }

    @Test
    void aConnectionIsNoListener() {
        Path path = folder.resolve("s");
        int pid;
        try (Descriptor listener = TestListeners.at(path);
                Descriptor _ = TestListeners.client(path)) {
            Descriptor accepted = TestListeners.accept(listener);
            pid = left(accepted);
        }
        assertThat(find(Set.of(), pid, atPath(path))).isEmpty();
    }
}
