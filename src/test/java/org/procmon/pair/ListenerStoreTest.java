package org.procmon.pair;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.BoundSocket;
import org.procmon.posix.socket.DescriptorPassing;
import org.procmon.posix.socket.TestListeners;

/** Two stores in one process, each with descriptors of its own. */
@Timeout(120)
class ListenerStoreTest {
    private static final int MANY = 600;

    @TempDir Path folder = Path.of("");

    private final ListenerStore first = new ListenerStore();
    private final List<ListenerStore> followers = new ArrayList<>();
    private final List<Descriptor> open = new ArrayList<>();
    private final List<Descriptor> sockets = new ArrayList<>();

    @BeforeEach
    void listen() {
        for (String name : List.of("a", "b", "c")) {
            sockets.add(TestListeners.at(folder.resolve(name)));
        }
        open.addAll(sockets);
    }

    @AfterEach
    void close() {
        first.handOver().ifPresent(_ -> first.handedOver());
        followers.forEach(ListenerStore::awaitEnd);
        followers.forEach(store -> open.addAll(store.held().values()));
        open.forEach(Descriptor::close);
    }

    private Descriptor socket(int number) {
        return sockets.get(number);
    }

    /** The end that another monitor would have inherited. */
    private Descriptor passed() {
        Descriptor end = first.handOver().orElseThrow();
        if (!(end.duplicate() instanceof Descriptor.Result.Opened(Descriptor copy))) {
            throw new AssertionError("cannot duplicate a descriptor");
        }
        first.handedOver();
        return copy;
    }

    private ListenerStore second() {
        ListenerStore store = ListenerStore.inherited(passed().number());
        followers.add(store);
        return store;
    }

    private static Map<String, Long> inodes(ListenerStore store) {
        Map<String, Long> inodes = new HashMap<>();
        store.held().forEach((name, socket) -> inodes.put(name, TestListeners.inode(socket)));
        return inodes;
    }

    private static void awaitSame(ListenerStore one, ListenerStore other) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(inodes(other)).isEqualTo(inodes(one)));
    }

    @Test
    void theNextMonitorHasAllListenersOfTheOneBefore() {
        first.add("/run/größe\n.sock", socket(0));
        first.add("@name", socket(1));

        ListenerStore second = second();

        assertThat(second.held()).hasSize(2);
        assertThat(inodes(second)).isEqualTo(inodes(first));
        assertThat(second.held().get("@name")).isNotEqualTo(socket(1));
        assertThat(second.hasPeer()).isTrue();
    }

    @Test
    void aStoreWithoutListenersIsPassedOnToo() {
        ListenerStore second = second();

        assertThat(second.isEmpty()).isTrue();
        assertThat(second.hasPeer()).isTrue();
    }

    @Test
    void manyListenersArePassedOn() {
        for (int i = 0; i < MANY; i++) {
            first.add("/run/procmon/some/longer/path/for/the/pool/number/" + i, socket(i % 3));
        }

        ListenerStore second = second();

        assertThat(second.held()).hasSize(MANY);
        assertThat(inodes(second)).isEqualTo(inodes(first));
        assertThat(Set.copyOf(second.held().values())).as("one each").hasSize(MANY);
    }

    @Test
    void whatIsOpenedAndClosedLaterIsFollowed() {
        first.add("a", socket(0));
        first.add("b", socket(1));
        ListenerStore second = second();
        second.follow();
        Descriptor copy = second.held().get("a");

        first.add("c", socket(2));
        first.remove("a");
        first.remove("no-such-listener");

        awaitSame(first, second);
        assertThat(second.held()).containsOnlyKeys("b", "c");
        assertThat(BoundSocket.name(requireNonNull(copy))).as("it is closed").isEmpty();
    }

    @Test
    void aListenerThatIsOpenedAgainReplacesTheOneBefore() {
        first.add("a", socket(0));
        ListenerStore second = second();
        second.follow();

        first.add("a", socket(1));

        awaitSame(first, second);
    }

    @Test
    void manyListenersAreFollowedOneByOne() {
        ListenerStore second = second();
        second.follow();
        for (int i = 0; i < MANY; i++) {
            first.add("listener " + i, socket(i % 3));
            if (i % 2 == 1) {
                first.remove("listener " + (i - 1));
            }
            if (i % 50 == 0) {
                awaitSame(first, second);
            }
        }
        awaitSame(first, second);
        assertThat(second.held()).hasSize(MANY / 2);
    }

    @Test
    void whatWasSentBeforeAMonitorDiedIsStillReceived() {
        ListenerStore second = second();
        first.add("a", socket(0));
        first.add("b", socket(1));
        first.remove("a");
        // As if it had died: its end closes.
        first.handOver().ifPresent(_ -> first.handedOver());

        second.follow();
        second.awaitEnd();

        assertThat(second.held()).containsOnlyKeys("b");
    }

    @Test
    void aMonitorWithoutAPeerKeepsItsListeners() {
        passed().close();
        assertThat(first.hasPeer()).isTrue();

        first.add("a", socket(0));

        assertThat(first.hasPeer()).as("it is gone").isFalse();
        assertThat(first.held()).containsOnlyKeys("a");
        first.remove("a");
        assertThat(first.isEmpty()).isTrue();
    }

    @Test
    void theNextBackupIsConnectedInPlaceOfTheOneBefore() {
        first.add("a", socket(0));
        ListenerStore second = second();
        second.follow();
        ListenerStore third = second();
        third.follow();

        first.add("b", socket(1));

        awaitSame(first, third);
        second.awaitEnd();
        assertThat(second.held()).containsOnlyKeys("a");
    }

    @Test
    void aDescriptorOfAnotherFileIsLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        if (!(Descriptor.read(file.toString()) instanceof Descriptor.Result.Opened(var other))) {
            throw new AssertionError("cannot open " + file);
        }
        open.add(other);

        ListenerStore store = ListenerStore.inherited(other.number());

        assertThat(store.isEmpty()).isTrue();
        assertThat(store.hasPeer()).isFalse();
        assertThat(Descriptor.isOpen(other.number())).isTrue();
    }

    @Test
    void aNumberThatIsNotOpenMeansThatNothingWasPassedOn() {
        ListenerStore store = ListenerStore.inherited(Integer.MAX_VALUE);
        assertThat(store.isEmpty()).isTrue();
        assertThat(store.hasPeer()).isFalse();
        store.follow();
        store.awaitEnd();
    }

    @Test
    void aMonitorThatDiedBeforeItSentAllIsNoPeer() {
        if (!(DescriptorPassing.pair()
                instanceof DescriptorPassing.Pair.Opened(Descriptor one, Descriptor other))) {
            throw new AssertionError("no pair");
        }
        byte[] message = {'+', 'a', 0};
        assertThat(DescriptorPassing.send(one, message, List.of(socket(0))))
                .isEqualTo(new DescriptorPassing.Sending.Sent());
        one.close();

        ListenerStore store = ListenerStore.inherited(other.number());
        followers.add(store);

        assertThat(store.held()).as("what has come").containsOnlyKeys("a");
        assertThat(store.hasPeer()).isFalse();
    }
}
