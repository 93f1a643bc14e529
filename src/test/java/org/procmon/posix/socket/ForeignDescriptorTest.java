package org.procmon.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Pidfd;
import org.procmon.posix.socket.ConnectedSocket.Direction;
import org.procmon.posix.socket.ForeignDescriptor.Taken;

@Timeout(60)
class ForeignDescriptorTest {
    private static final String SERVER =
            "accept(C, STDIN); syswrite(C, 'x'); sysread(C, $b, 1); close(C); sleep 1000";

    @TempDir Path folder = Path.of("");

    private final Workers workers = new Workers();

    @AfterEach
    void end() {
        workers.end();
    }

    @Test
    void theListenerOfAWorkerIsFoundByItsInode() {
        long inode;
        int worker;
        try (Descriptor listener = TestListeners.at(folder.resolve("s"))) {
            inode = TestListeners.inode(listener);
            worker = workers.start(listener, folder, "sleep", "1000");
        }
        assertThat(ProcessSockets.of(worker)).contains(Map.of(0, inode));
        try (Pidfd process = open(worker);
                Descriptor taken = taken(ForeignDescriptor.takeListener(process, worker, inode))) {
            assertThat(BoundSocket.isListening(taken)).isTrue();
            assertThat(TestListeners.inode(taken)).isEqualTo(inode);
            assertThat(taken.number()).isPositive();
            assertThat(ForeignDescriptor.takeListener(process, worker, inode + 1))
                    .isEqualTo(new ForeignDescriptor.NotThere());
        }
    }

    @Test
    void aKeptConnectionIsEndedForItsWorker() {
        Path path = folder.resolve("s");
        try (Descriptor listener = TestListeners.at(path);
                Descriptor client = TestListeners.client(path)) {
            int worker = workers.start(listener, folder, "perl", "-e", SERVER);
            await().until(() -> ConnectedSocket.hasUnread(client));
            long connection =
                    ProcessSockets.of(worker).orElseThrow().values().stream()
                            .filter(inode -> inode != TestListeners.inode(listener))
                            .findFirst()
                            .orElseThrow();
            try (Pidfd process = open(worker)) {
                assertThat(ForeignDescriptor.takeListener(process, worker, connection))
                        .isEqualTo(new ForeignDescriptor.NotThere());
                try (Descriptor socket =
                        taken(ForeignDescriptor.takeSocket(process, worker, connection))) {
                    assertThat(ConnectedSocket.shutdown(socket, Direction.RECEIVING)).isEmpty();
                }
            }
            await().until(() -> ConnectedSocket.hasHungUp(client));
        }
    }

    @Test
    void whatIsNotThereIsNotTaken() {
        try (Pidfd self = open(CurrentProcess.pid())) {
            assertThat(ForeignDescriptor.take(self, 1_000_000))
                    .isEqualTo(new ForeignDescriptor.NotThere());
        }
        try (Descriptor listener = TestListeners.at(folder.resolve("s"))) {
            int worker = workers.start(listener, folder, "sleep", "1000");
            try (Pidfd process = open(worker)) {
                workers.end(worker);
                assertThat(ForeignDescriptor.take(process, 0))
                        .isEqualTo(new ForeignDescriptor.Gone());
                assertThat(
                                ForeignDescriptor.takeListener(
                                        process, worker, TestListeners.inode(listener)))
                        .isEqualTo(new ForeignDescriptor.Gone());
            }
        }
    }

    private static Pidfd open(int pid) {
        if (Pidfd.open(pid) instanceof Pidfd.Result.Opened(Pidfd pidfd)) {
            return pidfd;
        }
        throw new AssertionError("cannot hold process " + pid);
    }

    private static Descriptor taken(ForeignDescriptor result) {
        if (result instanceof Taken(Descriptor descriptor)) {
            return descriptor;
        }
        throw new AssertionError(result);
    }
}
