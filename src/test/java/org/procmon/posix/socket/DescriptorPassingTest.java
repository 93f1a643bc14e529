package org.procmon.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.Children;
import org.procmon.posix.Descriptor;
import org.procmon.posix.FileStatus;
import org.procmon.posix.socket.DescriptorPassing.Receipt;
import org.procmon.posix.socket.DescriptorPassing.Sending;

@Timeout(120)
class DescriptorPassingTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    @TempDir Path folder = Path.of("");

    private final Descriptor one;
    private final Descriptor other;
    private boolean otherIsClosed;

    DescriptorPassingTest() {
        if (!(DescriptorPassing.pair()
                instanceof DescriptorPassing.Pair.Opened(Descriptor a, Descriptor b))) {
            throw new AssertionError("there is no pair");
        }
        one = a;
        other = b;
    }

    @AfterEach
    void close() {
        one.close();
        closeOther();
    }

    private void closeOther() {
        if (!otherIsClosed) {
            other.close();
        }
        otherIsClosed = true;
    }

    @Test
    void aMessageArrivesWithItsDescriptorsInOrder() throws IOException {
        List<Descriptor> files = new ArrayList<>();
        for (int i = 0; i < DescriptorPassing.MOST_DESCRIPTORS; i++) {
            files.add(file("f" + i));
        }
        assertThat(DescriptorPassing.send(other, HELLO, files)).isEqualTo(new Sending.Sent());
        Receipt.Message message = message(DescriptorPassing.await(one));
        try {
            assertThat(message.bytes()).isEqualTo(HELLO);
            assertThat(inodes(message.descriptors())).isEqualTo(inodes(files));
            assertThat(message.descriptors()).doesNotContainAnyElementsOf(files);
            assertThat(message.descriptors()).allMatch(DescriptorPassingTest::isClosedOnExec);
        } finally {
            files.forEach(Descriptor::close);
            message.descriptors().forEach(Descriptor::close);
        }
    }

    @Test
    void aMessageSurvivesTheExitOfItsSender() {
        long inode;
        int sender;
        try (Descriptor listener = TestListeners.at(folder.resolve("s"))) {
            inode = TestListeners.inode(listener);
            sender = TestListeners.sender(other, listener);
        }
        closeOther();
        Children.Exit exit =
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> Children.reap(sender), Optional::isPresent)
                        .orElseThrow();
        assertThat(exit.code()).isZero();

        // Nobody else has the listener now: it is in the message alone.
        assertThat(SocketPath.look(folder.resolve("s").toString()))
                .isEqualTo(new SocketPath.Live());
        Receipt.Message message = message(DescriptorPassing.receive(one));
        try (Descriptor received = message.descriptors().getFirst()) {
            assertThat(message.bytes()).isEqualTo(HELLO);
            assertThat(BoundSocket.isListening(received)).isTrue();
            assertThat(TestListeners.inode(received)).isEqualTo(inode);
        }
        assertThat(DescriptorPassing.receive(one)).isEqualTo(new Receipt.Ended());
    }

    @Test
    void messagesStayApart() {
        assertThat(DescriptorPassing.send(other, HELLO, List.of())).isEqualTo(new Sending.Sent());
        assertThat(DescriptorPassing.send(other, new byte[65536], List.of()))
                .isEqualTo(new Sending.Sent());
        assertThat(message(DescriptorPassing.receive(one)).bytes()).isEqualTo(HELLO);
        assertThat(message(DescriptorPassing.receive(one)).bytes()).hasSize(65536);
        assertThat(DescriptorPassing.receive(one)).isEqualTo(new Receipt.Nothing());
    }

    @Test
    void waitsNoLongerThanAllowed() {
        assertThat(DescriptorPassing.await(one, Duration.ofMillis(1)))
                .isEqualTo(new Receipt.Nothing());
        assertThat(DescriptorPassing.send(other, HELLO, List.of())).isEqualTo(new Sending.Sent());
        assertThat(message(DescriptorPassing.await(one, Duration.ofSeconds(60))).bytes())
                .isEqualTo(HELLO);
    }

    @Test
    void theEndComesAfterTheLastMessage() {
        assertThat(DescriptorPassing.send(other, HELLO, List.of())).isEqualTo(new Sending.Sent());
        closeOther();
        assertThat(DescriptorPassing.send(one, HELLO, List.of())).isEqualTo(new Sending.Closed());
        assertThat(message(DescriptorPassing.await(one)).bytes()).isEqualTo(HELLO);
        assertThat(DescriptorPassing.await(one)).isEqualTo(new Receipt.Ended());
    }

    @Test
    void sendingNeverBlocks() {
        Sending last = new Sending.Sent();
        for (int i = 0; i < 10_000 && last instanceof Sending.Sent; i++) {
            last = DescriptorPassing.send(other, HELLO, List.of());
        }
        assertThat(last).isEqualTo(new Sending.NoRoom());
    }

    @Test
    void descriptorsForWhichThereIsNoRoomAreReportedAndLeakNothing() throws IOException {
        try (Descriptor file = file("f")) {
            List<Descriptor> files = List.of(file, file, file, file);
            assertThat(DescriptorPassing.send(other, HELLO, files)).isEqualTo(new Sending.Sent());
            assertThat(DescriptorPassing.receive(one, 2)).isEqualTo(new Receipt.Incomplete());
            assertThat(openDescriptorsOf("f")).isEqualTo(1);
        }
    }

    private long openDescriptorsOf(String name) throws IOException {
        Path real = folder.toRealPath().resolve(name);
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(link -> leadsTo(link, real)).count();
        }
    }

    private static boolean leadsTo(Path link, Path file) {
        try {
            return Files.readSymbolicLink(link).equals(file);
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean isClosedOnExec(Descriptor descriptor) {
        try {
            String text = Files.readString(Path.of("/proc/self/fdinfo/" + descriptor.number()));
            String flags = text.lines().filter(l -> l.startsWith("flags:")).findFirst().orElse("");
            return (Long.parseLong(flags.substring(6).strip(), 8) & SocketCalls.CLOEXEC) != 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Long> inodes(List<Descriptor> descriptors) {
        FileStatus status = new FileStatus();
        return descriptors.stream()
                .map(descriptor -> status.read(descriptor) ? status.inode() : -1)
                .toList();
    }

    private static Receipt.Message message(Receipt receipt) {
        assertThat(receipt).isInstanceOf(Receipt.Message.class);
        return (Receipt.Message) receipt;
    }

    private Descriptor file(String name) throws IOException {
        Path path = Files.createFile(folder.resolve(name));
        if (Descriptor.read(path.toString()) instanceof Descriptor.Result.Opened(Descriptor d)) {
            return d;
        }
        throw new AssertionError("cannot open " + path);
    }

    /** Sends its descriptor 1 over its descriptor 0, and exits. */
    static final class Sender {
        private Sender() {}

        public static void main(String[] args) {
            Sending sent =
                    DescriptorPassing.send(new Descriptor(0), HELLO, List.of(new Descriptor(1)));
            System.exit(sent instanceof Sending.Sent ? 0 : 1);
        }
    }
}
