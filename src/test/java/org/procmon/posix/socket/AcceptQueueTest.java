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
import org.procmon.posix.socket.AcceptQueue.Clients;
import org.procmon.posix.socket.AcceptQueue.Length;

@Timeout(120)
class AcceptQueueTest {
    @TempDir Path folder = Path.of("");

    private final AcceptQueue queue = open();
    private final List<Descriptor> clients = new ArrayList<>();

    private static AcceptQueue open() {
        if (AcceptQueue.open() instanceof AcceptQueue.Opening.Opened(AcceptQueue queue)) {
            return queue;
        }
        throw new AssertionError("cannot ask the kernel");
    }

    @AfterEach
    void close() {
        queue.close();
        clients.forEach(Descriptor::close);
    }

    @Test
    void countsTheClientsOfAUnixListener() {
        Path path = folder.resolve("s");
        try (Descriptor listener = TestListeners.at(path, 7);
                Descriptor other = TestListeners.at(folder.resolve("t"), 9)) {
            clients.addAll(TestListeners.clients(path, 5));

            assertThat(queue.ofUnix(TestListeners.inode(listener)))
                    .isEqualTo(new Length.Waiting(5, 7));
            assertThat(queue.ofUnix(TestListeners.inode(other)))
                    .isEqualTo(new Length.Waiting(0, 9));
        }
    }

    @Test
    void knowsTheClientsInTheirOrderAndThoseThatHaveHungUp() {
        Path path = folder.resolve("s");
        try (Descriptor listener = TestListeners.at(path)) {
            clients.addAll(TestListeners.clients(path, 4));
            List<Long> inodes =
                    new ArrayList<>(clients.stream().map(TestListeners::inode).toList());
            clients.remove(2).close();
            inodes.set(2, 0L);

            long inode = TestListeners.inode(listener);
            assertThat(queue.clientsOfUnix(inode)).isEqualTo(new Clients.Waiting(inodes));
            assertThat(queue.ofUnix(inode)).isEqualTo(new Length.Waiting(4, 100));
        }
    }

    /** More than the kernel's answer about one socket has room for. */
    @Test
    void knowsTheClientsOfALongQueue() {
        Path path = folder.resolve("s");
        try (Descriptor listener = TestListeners.at(path, 2000)) {
            clients.addAll(TestListeners.clients(path, 1500));
            long inode = TestListeners.inode(listener);
            assertThat(queue.ofUnix(inode)).isEqualTo(new Length.Waiting(1500, 2000));
            assertThat(queue.clientsOfUnix(inode))
                    .isEqualTo(
                            new Clients.Waiting(
                                    clients.stream().map(TestListeners::inode).toList()));
        }
    }

    @Test
    void whatIsNoListenerHasNoQueue() {
        Path path = folder.resolve("s");
        long inode;
        try (Descriptor listener = TestListeners.at(path)) {
            inode = TestListeners.inode(listener);
            clients.add(TestListeners.client(path));
            long client = TestListeners.inode(clients.getFirst());
            assertThat(queue.ofUnix(client)).isEqualTo(new Length.NoListener());
            assertThat(queue.clientsOfUnix(client)).isEqualTo(new Clients.NoListener());
        }
        assertThat(queue.ofUnix(inode)).isEqualTo(new Length.NoListener());
        assertThat(queue.clientsOfUnix(inode)).isEqualTo(new Clients.NoListener());
    }

    @Test
    void countsTheClientsOfATcpListener() {
        try (Descriptor listener = TestListeners.tcp()) {
            int port = TestListeners.port(listener);
            for (int i = 0; i < 5; i++) {
                clients.add(TestListeners.client(port));
            }
            await().until(
                            () -> AcceptQueue.ofTcp(listener),
                            length -> length.equals(new Length.Waiting(5, 100)));
            assertThat(AcceptQueue.ofTcp(clients.getFirst())).isEqualTo(new Length.NoListener());
        }
        try (Descriptor unix = TestListeners.at(folder.resolve("s"))) {
            assertThat(AcceptQueue.ofTcp(unix)).isInstanceOf(Length.Failed.class);
        }
    }
}
