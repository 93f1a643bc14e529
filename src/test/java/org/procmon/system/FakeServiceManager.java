package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.awaitility.Awaitility;
import org.procmon.posix.DatagramInbox;
import org.procmon.posix.DatagramInbox.Message;

/** Listens as a service manager does. One thread. */
final class FakeServiceManager implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String socket;
    private final DatagramInbox inbox;

    private FakeServiceManager(String socket, DatagramInbox inbox) {
        this.socket = socket;
        this.inbox = inbox;
    }

    static FakeServiceManager listen(Path folder) {
        String socket = folder.resolve("manager").toString();
        return switch (DatagramInbox.open(socket, OptionalInt.empty())) {
            case DatagramInbox.Result.Opened opened ->
                    new FakeServiceManager(socket, opened.inbox());
            case DatagramInbox.Result.NotOpened failed ->
                    throw new AssertionError(failed.errno().words());
        };
    }

    /** A wrapper that starts a program as a service, with a watchdog of this many microseconds. */
    List<String> starting(long watchdog) {
        return List.of(
                "sh",
                "-c",
                "export NOTIFY_SOCKET=\"$1\" WATCHDOG_USEC=\"$2\" WATCHDOG_PID=$$; shift 2;"
                        + " exec \"$@\"",
                "sh",
                socket,
                Long.toString(watchdog));
    }

    /** The next message that contains this; those before it are dropped. */
    Message await(String part) {
        List<String> others = new ArrayList<>();
        return Awaitility.await(part)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> next(part, others), Optional::isPresent)
                .orElseThrow(() -> new AssertionError("only " + others));
    }

    /** Waits until each of these was contained in some message, whichever came first. */
    void awaitInAnyOrder(String... parts) {
        Set<String> missing = new HashSet<>(Set.of(parts));
        Awaitility.await(String.join(", ", parts))
                .atMost(PATIENCE)
                .until(() -> {
                    rest().forEach(message -> missing.removeIf(message.text()::contains));
                    return missing.isEmpty();
                });
    }

    private Optional<Message> next(String part, List<String> others) {
        Optional<Message> next = inbox.receive();
        while (next.isPresent() && !next.get().text().contains(part)) {
            others.add(next.get().text());
            next = inbox.receive();
        }
        return next;
    }

    /** All that waits to be read. */
    List<Message> rest() {
        List<Message> all = new ArrayList<>();
        Optional<Message> next = inbox.receive();
        while (next.isPresent()) {
            all.add(next.get());
            next = inbox.receive();
        }
        return all;
    }

    /** Expects that nothing is sent for a while; what was sent before is dropped. */
    void expectSilence(Duration duration) {
        rest();
        List<Message> heard = new ArrayList<>();
        TestMonitor.always(duration)
                .until(() -> {
                    heard.addAll(rest());
                    return heard.isEmpty();
                });
        assertThat(heard).isEmpty();
    }

    @Override
    public void close() {
        inbox.close();
    }
}
