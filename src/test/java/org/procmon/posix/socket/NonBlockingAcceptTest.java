package org.procmon.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Poller;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Signals;
import org.procmon.posix.socket.ConnectedSocket.Moved;
import org.procmon.posix.socket.NonBlockingAccept.Result;

@Timeout(120)
class NonBlockingAcceptTest {
    private static final String GREETER =
            "while (accept(C, STDIN)) { syswrite(C, 'hello'); close(C); } print qq(failed: $!\\n)";

    @TempDir Path folder = Path.of("");

    private final Workers workers = new Workers();

    @AfterEach
    void end() {
        workers.end();
    }

    @Test
    void acceptsTheClientsInTheirOrderAndThenNobody() {
        Path path = folder.resolve("s");
        try (Descriptor listener = TestListeners.at(path);
                Descriptor first = TestListeners.client(path);
                Descriptor second = TestListeners.client(path)) {
            for (Descriptor client : new Descriptor[] {first, second}) {
                try (Descriptor accepted = TestListeners.accept(listener)) {
                    assertThat(ConnectedSocket.write(accepted, new byte[] {42}, 0, 1))
                            .isEqualTo(new Moved.Bytes(1));
                    byte[] got = new byte[9];
                    assertThat(ConnectedSocket.read(client, got)).isEqualTo(new Moved.Bytes(1));
                    assertThat(got[0]).isEqualTo((byte) 42);
                }
            }
            assertThat(NonBlockingAccept.acceptNow(listener)).isEqualTo(new Result.NobodyWaits());
        }
    }

    @Test
    void theListenerBlocksAfterwards() throws IOException {
        Path path = folder.resolve("s");
        try (Descriptor listener = TestListeners.at(path);
                Descriptor _ = TestListeners.client(path)) {
            try (Descriptor accepted = TestListeners.accept(listener)) {
                assertThat(blocks(listener)).isTrue();
                assertThat(blocks(accepted)).isFalse();
            }
        }
    }

    private static boolean blocks(Descriptor descriptor) throws IOException {
        String text = Files.readString(Path.of("/proc/self/fdinfo/" + descriptor.number()));
        String flags = text.lines().filter(l -> l.startsWith("flags:")).findFirst().orElseThrow();
        return (Long.parseLong(flags.substring(6).strip(), 8) & SocketCalls.NON_BLOCK) == 0;
    }

    @Test
    void acceptsOverTcp() {
        try (Descriptor listener = TestListeners.tcp()) {
            assertThat(NonBlockingAccept.acceptNow(listener)).isEqualTo(new Result.NobodyWaits());
            try (Descriptor _ = TestListeners.client(TestListeners.port(listener))) {
                Result result =
                        await().until(
                                        () -> NonBlockingAccept.acceptNow(listener),
                                        r -> r instanceof Result.Accepted);
                ((Result.Accepted) result).client().close();
            }
        }
    }

    @Test
    void aWorkerThatIsBlockedInAcceptStaysBlocked() {
        Path path = folder.resolve("s");
        try (Descriptor listener = TestListeners.at(path)) {
            int worker = workers.start(listener, folder, "perl", "-e", GREETER);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(hello(path)).isEqualTo(5));
            // Stopped within its next call, it cannot take the clients; it goes on with that call.
            for (int i = 0; i < 20; i++) {
                assertThat(Signals.send(worker, 19)).isTrue();
                await().until(() -> ProcessStat.of(worker).orElseThrow().state() == 'T');
                try (Descriptor _ = TestListeners.client(path)) {
                    TestListeners.accept(listener).close();
                }
                assertThat(Signals.send(worker, 18)).isTrue();
                assertThat(hello(path)).isEqualTo(5);
            }
            assertThat(workers.output(worker)).isEmpty();
        }
    }

    /** How many bytes the worker sends to a client. */
    private static int hello(Path path) {
        try (Descriptor client = TestListeners.client(path);
                Poller poller = Poller.open()) {
            assertThat(poller.add(client, 1)).isTrue();
            assertThat(poller.await(new int[1], Duration.ofSeconds(60))).isEqualTo(1);
            return ConnectedSocket.read(client, new byte[9]) instanceof Moved.Bytes(int count)
                    ? count
                    : -1;
        }
    }
}
