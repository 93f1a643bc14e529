package org.procmon.readiness.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Notification;
import org.procmon.posix.DatagramInbox;
import org.procmon.supervise.port.RunReporter;

/** Messages of real processes, by a real socket. */
@Timeout(30)
class NotifySocketTest {
    private final List<Event> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger signs = new AtomicInteger();
    private final ReadinessListener readinessListener =
            new ReadinessListener((_, bug) -> {
                throw new AssertionError(bug);
            });
    private int key;

    @TempDir Path folder = Path.of("");

    @AfterEach
    void stopListening() {
        readinessListener.remove(key);
    }

    /** This process counts as the run's first one, so that its children are of the run. */
    private Path listen(long leader) throws Exception {
        NotifyChannels notifyChannels = new NotifyChannels(folder);
        DatagramInbox inbox = notifyChannels.openInbox("web", OptionalInt.empty());
        RunReporter runReporter = new RunReporter((_, event) -> told.add(event), "web", 4);
        RunMembership kin = new RunMembership((int) leader, List.of("PROCMON_ID=none-such"));
        key =
                readinessListener.add(
                        new NotifySocket(inbox, runReporter, kin, signs::incrementAndGet));
        return Path.of(notifyChannels.inboxPath("web"));
    }

    /** The one that is in the folder of the sockets. */
    private Path socket() throws IOException {
        try (Stream<Path> sockets = Files.list(folder.resolve("notify"))) {
            return sockets.toList().getFirst();
        }
    }

    @Test
    void eachRunHasASecretPathThatTheNextMonitorFinds() throws Exception {
        NotifyChannels notifyChannels = new NotifyChannels(folder);
        notifyChannels.openInbox("web", OptionalInt.empty()).close();
        Path first = Path.of(notifyChannels.inboxPath("web"));
        notifyChannels.openInbox("web", OptionalInt.empty()).close();
        Path second = Path.of(notifyChannels.inboxPath("web"));
        assertThat(second.getFileName().toString()).matches("[0-9a-f]{12}\\.web");
        assertThat(second).isNotEqualTo(first);
        assertThat(socket()).isEqualTo(second);
        NotifyChannels next = new NotifyChannels(folder);
        next.reopenInbox("web").close();
        assertThat(socket()).isEqualTo(second);
        next.remove("web");
        assertThat(second).doesNotExist();
    }

    /** It knows the socket of an earlier run, and where one was without chance. */
    @Test
    void ignoresAForeignSenderThatExitsAtOnce() throws Exception {
        NotifyChannels notifyChannels = new NotifyChannels(folder);
        notifyChannels.openInbox("web", OptionalInt.empty()).close();
        String earlier = notifyChannels.inboxPath("web");
        try (DatagramInbox inbox = notifyChannels.openInbox("web", OptionalInt.empty())) {
            sendAndEnd(earlier, 1);
            sendAndEnd(folder + "/notify/web", 1);
            assertThat(inbox.receive()).isEmpty();
            sendAndEnd(notifyChannels.inboxPath("web"), 0);
            assertThat(inbox.receive())
                    .hasValueSatisfying(
                            message -> assertThat(message.text()).isEqualTo("WATCHDOG=trigger"));
        }
    }

    private static void sendAndEnd(String socket, int code) throws Exception {
        String script =
                "import socket\nsocket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)"
                        + ".sendto(b'WATCHDOG=trigger','"
                        + socket
                        + "')";
        Process sender =
                new ProcessBuilder("python3", "-c", script)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(sender.waitFor()).isEqualTo(code);
    }

    @Test
    void everyMessageOfTheRunIsUnderstood() throws Exception {
        Path socket = listen(ProcessHandle.current().pid());
        assertThat(Files.getPosixFilePermissions(socket, LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        long self = ProcessHandle.current().pid();
        send(
                socket,
                "STATUS=a = b\\nREADY=1\\nREADY=0\\nX_OTHER=1\\nnonsense",
                "RELOADING=1",
                "STOPPING=1\\nSTATUS=a = b",
                "EXTEND_TIMEOUT_USEC=1500000",
                "EXTEND_TIMEOUT_USEC=-1\\nEXTEND_TIMEOUT_USEC=soon",
                "WATCHDOG=1",
                "WATCHDOG=trigger",
                "MAINPID=" + self,
                "MAINPID=1");
        await().untilAsserted(() ->
                assertThat(told)
                        .containsExactly(
                                say(new Notification.Status("a = b")),
                                new Event.BecameReady(4),
                                say(new Notification.Reloading()),
                                say(new Notification.Leaving()),
                                say(new Notification.MoreTime(Duration.ofMillis(1500))),
                                new Event.WatchdogExpired(4),
                                say(new Notification.MainPid((int) self)),
                                say(
                                        new Notification.Disbelieved(
                                                "MAINPID, which names none of its processes"))));
        assertThat(signs).hasValue(1);
    }

    private static Event say(Notification notification) {
        return new Event.Notified(4, notification);
    }

    /** Of a process that stays until it was heard; it is none of a run whose first is another. */
    @Test
    void ignoresAForeignSenderAndLogsItOnce() throws Exception {
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            Path socket = listen(other.pid());
            send(socket, "READY=1", "STATUS=hello");
            await().untilAsserted(() -> assertThat(told).hasSize(1));
            assertThat(told.getFirst())
                    .isInstanceOfSatisfying(
                            Event.Notified.class,
                            event ->
                                    assertThat(event.saying().toString())
                                            .contains("a message of process ")
                                            .contains("which is not one of its processes"));
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aPathThatIsTooLongIsRefusedWithItsReason() throws IOException {
        Path deep = Files.createDirectory(folder.resolve("d".repeat(100)));
        NotifyChannels notifyChannels = new NotifyChannels(deep);
        assertThat(
                        catchThrowableOfType(
                                NotifyChannels.Unavailable.class,
                                () -> notifyChannels.openInbox("web", OptionalInt.empty())))
                .satisfies(e ->
                        assertThat(e.reason())
                                .contains(".web: its path has ")
                                .endsWith("at most 107; a shorter 'id' or state folder helps"));
    }

    @Test
    void onlyTheSocketsAreOpenToOtherUsers() throws Exception {
        assertThat(ProcessHandle.current().info().user()).contains("root");
        Path lock = Files.createFile(folder.resolve("lock"));
        Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString("rw-r--r--"));
        new NotifyChannels(folder).openInbox("web", OptionalInt.of(65534)).close();
        assertThat(mode(folder)).endsWith("--x");
        assertThat(mode(folder.resolve("notify"))).isEqualTo("rwx-----x");
        assertThat(mode(lock)).isEqualTo("rw-r-----");
        assertThat(Files.getAttribute(socket(), "unix:uid")).isEqualTo(65534);
        new NotifyChannels(folder).reopenInbox("web").close();
        assertThat(Files.getAttribute(socket(), "unix:uid")).isEqualTo(65534);
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    /** One process sends them all, and lives until they were read. */
    private void send(Path socket, String... messages) throws Exception {
        StringBuilder script =
                new StringBuilder(
                        "import socket\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\n");
        for (String message : messages) {
            script.append("s.sendto(b'")
                    .append(message)
                    .append("','")
                    .append(socket)
                    .append("')\n");
        }
        script.append("s.settimeout(5)\nimport sys\nsys.stdin.read()\n");
        Process sender = new ProcessBuilder("python3", "-c", script.toString()).start();
        await().until(() -> told.size() >= (messages.length > 2 ? 8 : 1));
        sender.getOutputStream().close();
        assertThat(sender.waitFor()).isZero();
    }
}
