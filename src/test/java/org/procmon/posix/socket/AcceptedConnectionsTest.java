package org.procmon.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.AcceptedConnections.Answer;
import org.procmon.posix.socket.AcceptedConnections.Connections;

@Timeout(120)
class AcceptedConnectionsTest {
    private static final Connections NONE = new Connections(Set.of(), OptionalInt.empty());

    @TempDir Path folder = Path.of("");

    private final AcceptedConnections connections = open();
    private final List<Descriptor> sockets = new ArrayList<>();

    private static AcceptedConnections open() {
        if (AcceptedConnections.open()
                instanceof AcceptedConnections.Opening.Opened(AcceptedConnections opened)) {
            return opened;
        }
        throw new AssertionError("cannot ask the kernel");
    }

    @AfterEach
    void close() {
        connections.close();
        sockets.forEach(Descriptor::close);
    }

    private long accept(Descriptor listener) {
        Descriptor client = TestListeners.accept(listener);
        sockets.add(client);
        return TestListeners.inode(client);
    }

    @Test
    void tellsTheConnectionsOfUnixListenersApart() {
        Path a = folder.resolve("a");
        Path b = folder.resolve("b");
        Path c = folder.resolve("c");
        try (Descriptor first = TestListeners.at(a);
                Descriptor second = TestListeners.at(b);
                Descriptor _ = TestListeners.at(c)) {
            sockets.addAll(TestListeners.clients(a, 5));
            sockets.addAll(TestListeners.clients(b, 1));
            sockets.addAll(TestListeners.clients(c, 1));
            long one = accept(first);
            Set<Long> accepted = Set.of(one, accept(first));
            long other = accept(second);

            String none = folder.resolve("none").toString();
            assertThat(connections.ofUnix(Set.of(a.toString(), b.toString(), none)))
                    .isEqualTo(
                            new Answer.Of<>(
                                    Map.of(
                                            a.toString(),
                                            unix(accepted),
                                            b.toString(),
                                            unix(Set.of(other)),
                                            none,
                                            NONE)));
        }
    }

    @Test
    void aConnectionCountsUntilTheWorkerClosesIt() {
        Path path = folder.resolve("s");
        try (Descriptor listener = TestListeners.at(path)) {
            Descriptor client = TestListeners.client(path);
            long inode = accept(listener);
            client.close();
            assertThat(connections.ofUnix(Set.of(path.toString())))
                    .isEqualTo(of(path.toString(), unix(Set.of(inode))));
            sockets.removeLast().close();
            assertThat(connections.ofUnix(Set.of(path.toString())))
                    .isEqualTo(of(path.toString(), NONE));
        }
    }

    @Test
    void aConnectionKeepsTheNameThatItsListenerHadBeforeTheFileWasRenamed() throws IOException {
        Path old = folder.resolve("s.1");
        Path path = folder.resolve("s");
        Set<Long> accepted;
        try (Descriptor listener = TestListeners.at(old)) {
            Files.move(old, path);
            sockets.add(TestListeners.client(path));
            accepted = Set.of(accept(listener));
        }
        assertThat(connections.ofUnix(Set.of(old.toString())))
                .isEqualTo(of(old.toString(), unix(accepted)));
    }

    @Test
    void anAbstractNameIsFound() {
        String name = "procmon-connections-" + CurrentProcess.pid();
        try (Descriptor listener = TestListeners.listening(ListeningSocket.abstractName(name, 5))) {
            sockets.add(TestListeners.clientOfAbstract(name));
            Set<Long> accepted = Set.of(accept(listener));
            assertThat(connections.ofUnix(Set.of("@" + name)))
                    .isEqualTo(of("@" + name, unix(accepted)));
        }
    }

    /** More than fit in one piece of the kernel's answer. */
    @Test
    void seesAllOfManyConnections() {
        String folderName = "x".repeat(Math.max(1, 90 - folder.toString().length()));
        Path path = folder.resolve(folderName);
        try (Descriptor listener = TestListeners.at(path, 1000)) {
            sockets.addAll(TestListeners.clients(path, 700));
            Set<Long> accepted = new HashSet<>();
            for (int i = 0; i < 600; i++) {
                accepted.add(accept(listener));
            }
            for (int i = 0; i < 3; i++) {
                assertThat(connections.ofUnix(Set.of(path.toString())))
                        .isEqualTo(of(path.toString(), unix(accepted)));
            }
        }
    }

    @Test
    void countsTheConnectionsOfTcpPorts() {
        try (Descriptor listener = TestListeners.tcp();
                Descriptor other = TestListeners.tcp()) {
            int port = TestListeners.port(listener);
            for (int i = 0; i < 4; i++) {
                sockets.add(TestListeners.client(port));
            }
            await().until(() -> AcceptQueue.ofTcp(listener), waiting(4)::equals);
            long one = accept(listener);
            Set<Long> accepted = Set.of(one, accept(listener));

            Connections all = tcp(accepted, 2);
            assertThat(connections.ofTcp(Set.of(port))).isEqualTo(of(port, all));
            int free = TestListeners.port(other);
            assertThat(connections.ofTcp(Set.of(port, free)))
                    .isEqualTo(new Answer.Of<>(Map.of(port, all, free, tcp(Set.of(), 0))));
        }
    }

    @Test
    void countsAConnectionThatItsTcpClientHasClosed() {
        try (Descriptor listener = TestListeners.tcp()) {
            int port = TestListeners.port(listener);
            Descriptor client = TestListeners.client(port);
            await().until(() -> AcceptQueue.ofTcp(listener), waiting(1)::equals);
            Set<Long> accepted = Set.of(accept(listener));
            client.close();
            await().until(() -> ConnectedSocket.hasHungUp(sockets.getFirst()));
            assertThat(connections.ofTcp(Set.of(port))).isEqualTo(of(port, tcp(accepted, 0)));
        }
    }

    @Test
    void tellsTheClientsApartThatWaitAtATcpPort() {
        try (Descriptor listener = TestListeners.tcp();
                Descriptor other = TestListeners.tcp()) {
            int port = TestListeners.port(listener);
            sockets.add(TestListeners.client(TestListeners.port(other)));
            sockets.add(TestListeners.client(port));
            await().until(() -> AcceptQueue.ofTcp(listener), waiting(1)::equals);
            Set<Long> first = connections.waitingAtTcp(port).orElseThrow();
            assertThat(first).hasSize(1);

            sockets.add(TestListeners.client(port));
            await().until(() -> AcceptQueue.ofTcp(listener), waiting(2)::equals);
            Set<Long> both = connections.waitingAtTcp(port).orElseThrow();
            assertThat(both).hasSize(2).containsAll(first);

            accept(listener);
            Set<Long> second = new HashSet<>(both);
            second.removeAll(first);
            assertThat(connections.waitingAtTcp(port)).contains(second);
        }
    }

    @Test
    void countsConnectionsOfBothVersions() throws IOException {
        ListeningSocket.Result result =
                ListeningSocket.tcpEverywhere(0, 5, ListeningSocket.Sharing.ALONE);
        try (Descriptor listener = TestListeners.listening(result)) {
            int port = TestListeners.port(listener);
            try (Socket _ = new Socket(TestListeners.LOCAL, port);
                    Socket _ = new Socket(InetAddress.ofLiteral("::1"), port)) {
                await().until(() -> AcceptQueue.ofTcp(listener), waiting(2, 5)::equals);
                assertThat(connections.ofTcp(Set.of(port))).isEqualTo(of(port, tcp(Set.of(), 2)));
            }
        }
    }

    private static Connections unix(Set<Long> accepted) {
        return new Connections(accepted, OptionalInt.empty());
    }

    private static Connections tcp(Set<Long> accepted, int waiting) {
        return new Connections(accepted, OptionalInt.of(waiting));
    }

    private static AcceptQueue.Length waiting(int clients) {
        return waiting(clients, 100);
    }

    private static AcceptQueue.Length waiting(int clients, int backlog) {
        return new AcceptQueue.Length.Waiting(clients, backlog);
    }

    private static <K> Answer<K> of(K listener, Connections connections) {
        return new Answer.Of<>(Map.of(listener, connections));
    }
}
