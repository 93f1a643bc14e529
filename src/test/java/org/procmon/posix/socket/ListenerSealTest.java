package org.procmon.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.Descriptor;

@Timeout(60)
class ListenerSealTest {
    private static final int BACKLOG = 5;

    private static final String CLIENT =
            "use Socket; socket(S, AF_UNIX, SOCK_STREAM, 0); "
                    + "connect(S, pack_sockaddr_un($ARGV[0])) or die $!";

    @TempDir Path folder = Path.of("");

    private final List<Descriptor> open = new ArrayList<>();
    private final List<Process> clients = new ArrayList<>();
    private Path path = Path.of("");
    private Descriptor listener = new Descriptor(Integer.MAX_VALUE);
    private Descriptor file = listener;

    @BeforeEach
    void listen() {
        path = folder.resolve("s");
        listener = TestListeners.at(path, BACKLOG);
        open.add(listener);
        file = held(path);
    }

    @AfterEach
    void end() {
        clients.forEach(Process::destroyForcibly);
        open.forEach(Descriptor::close);
    }

    private Descriptor held(Path name) {
        if (Descriptor.hold(name.toString()) instanceof Descriptor.Result.Opened(Descriptor held)) {
            open.add(held);
            return held;
        }
        throw new AssertionError("cannot hold " + name);
    }

    private ListenerSeal sealed() {
        if (ListenerSeal.attempt(listener, file, BACKLOG)
                instanceof ListenerSeal.Attempt.Sealed(ListenerSeal seal)) {
            return seal;
        }
        throw new AssertionError("it is not sealed");
    }

    /** A client that has found the listener, and is not in its queue yet. */
    private Process lateClient() throws IOException {
        Process client = new ProcessBuilder("perl", "-e", CLIENT, path.toString()).start();
        clients.add(client);
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        ThreadActivity.of((int) client.pid(), (int) client.pid())
                                .flatMap(ThreadActivity::callName)
                                .filter("connect"::equals)
                                .isPresent());
        return client;
    }

    @Test
    void aLateClientReachesTheListenerThatHasReplacedTheSealedOne() throws Exception {
        ListenerSeal seal = sealed();
        Process client = lateClient();
        Descriptor next = TestListeners.at(folder.resolve("s.2"));
        open.add(next);
        Files.move(folder.resolve("s.2"), path, StandardCopyOption.ATOMIC_MOVE);
        assertThat(seal.holds()).isTrue();
        assertThat(client.isAlive()).isTrue();

        listener.close();
        open.remove(listener);
        seal.close();

        assertThat(client.waitFor()).as("it is connected").isZero();
        open.add(TestListeners.accept(next));
    }

    @Test
    void aListenerIsSealedByItsFileWhenItHasNoNameAnyMore() throws IOException {
        Files.delete(path);
        ListenerSeal seal = sealed();
        assertThat(seal.holds()).isTrue();
        open.add(TestListeners.accept(listener));
        assertThat(seal.holds()).as("a program has accepted it").isFalse();
        seal.close();
    }

    @Test
    void aListenerWithAClientIsNotSealedAndStaysOpenToMore() {
        open.add(TestListeners.client(path));
        assertThat(ListenerSeal.attempt(listener, file, BACKLOG))
                .isEqualTo(new ListenerSeal.Attempt.HasClients());
        open.addAll(TestListeners.clients(path, BACKLOG));
    }

    @Test
    void aListenerIsLiftedAfterTheEndOfTheSeal() {
        sealed().close();
        ListenerSeal.lift(listener, BACKLOG);
        open.addAll(TestListeners.clients(path, BACKLOG));
    }

    @Test
    void aFileOfAnotherSocketSealsNothing() {
        open.add(TestListeners.at(folder.resolve("other")));
        assertThat(ListenerSeal.attempt(listener, held(folder.resolve("other")), BACKLOG))
                .isEqualTo(new ListenerSeal.Attempt.Impossible());
        open.addAll(TestListeners.clients(path, BACKLOG));
    }
}
