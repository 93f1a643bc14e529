package org.procmon.control.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.config.ControlSpec;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.RawConnection;
import org.procmon.control.server.calls.GroupMembership;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.supervise.port.Reply;

@Timeout(60)
class ControlServerTest {
    private static final String LIST = "{\"method\":\"org.procmon.Monitor.List\"}";

    @TempDir Path folder = Path.of("");

    private final FakeSupervisor supervisor = new FakeSupervisor();

    @ParameterizedTest
    @CsvSource({"0660,rw-rw----", "0600,rw-------", "0666,rw-rw-rw-", "0,---------"})
    void theSocketHasItsModeAndNothingElseIsLeft(String mode, String expected) throws IOException {
        try (ControlServer _ =
                open(
                        new ControlSpec(
                                List.of(),
                                List.of(),
                                Optional.empty(),
                                Integer.parseInt(mode, 8)))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                    .isEqualTo(expected);
            assertThat(folder).isDirectoryNotContaining("glob:**/.b*");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aSocketThatIsInheritedFollowsANewerConfiguration() throws IOException {
        SocketFile first = SocketFile.bind(socket(), ControlSpec.DEFAULT, SocketFile.Port.JDK);
        SocketFile next = SocketFile.inherited(socket(), first.channel(), SocketFile.Port.JDK);
        next.follow(new ControlSpec(List.of(), List.of(), Optional.of("0"), 0600));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                .isEqualTo("rw-------");
        next.follow(new ControlSpec(List.of(), List.of(), Optional.of("no-such-group"), 0666));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                .isEqualTo("rw-------");
        next.close();
    }

    @Test
    void anUnknownGroupIsAnErrorAndLeavesNothing() {
        assertThatThrownBy(() ->
                        open(
                                new ControlSpec(
                                        List.of(), List.of(), Optional.of("no-such-group"), 0660)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot listen on " + socket());
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theSocketOfADeadMonitorIsReplaced() throws IOException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket()));
        }
        assertThat(socket()).exists();

        try (ControlServer _ = open(ControlSpec.DEFAULT);
                RawConnection client = new RawConnection(socket())) {
            assertThat(client.call(LIST)).startsWith("{\"parameters\"");
        }
    }

    @Test
    void theSocketOfALiveMonitorIsNeverReplaced() throws IOException {
        try (ControlServer _ = open(ControlSpec.DEFAULT)) {
            assertThatThrownBy(() -> open(ControlSpec.DEFAULT))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot listen on " + socket() + ": another monitor does");
            try (RawConnection client = new RawConnection(socket())) {
                assertThat(client.call(LIST)).startsWith("{\"parameters\"");
            }
        }
    }

    @Test
    void aFileThatIsNoSocketIsNeverReplaced() throws IOException {
        Files.writeString(socket(), "precious");

        assertThatThrownBy(() -> open(ControlSpec.DEFAULT)).hasMessageContaining("is no socket");
        assertThat(socket()).hasContent("precious");
    }

    @Test
    void aFileThatHasBecomeAnothersIsLeft() throws IOException {
        try (ControlServer _ = open(ControlSpec.DEFAULT)) {
            Files.move(socket(), folder.resolve("moved"));
            Files.writeString(socket(), "another's");
        }
        assertThat(socket()).hasContent("another's");
    }

    @Test
    void aPathThatIsTooLongIsAClearError() {
        Path deep = folder.resolve("x".repeat(120));

        assertThatThrownBy(
                        () -> {
                            Files.createDirectory(deep);
                            ControlServer.open(
                                            deep.resolve("control.sock"),
                                            ControlSpec.DEFAULT,
                                            MonitorPorts.of(supervisor),
                                            GroupMembership.NONE)
                                    .close();
                        })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too long");
    }

    @Test
    void aSocketThatListensAlreadyIsServedAndItsFileNotTouched() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket()));
            Object inode = Files.getAttribute(socket(), "unix:ino");
            try (RawConnection early = new RawConnection(socket())) {
                ControlServer first = serve(channel);
                assertThat(early.call(LIST)).startsWith("{\"parameters\"");
                first.handOver(Duration.ZERO);
            }
            assertThat(Files.getAttribute(socket(), "unix:ino")).isEqualTo(inode);
        }
    }

    @Test
    void removesTheFileOfAnInheritedSocketWhenItStops() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket()));
            serve(channel).stop(Duration.ZERO);
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void servesASocketWhoseFileIsGone() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket()));
            Files.delete(socket());
            ControlServer server = serve(channel);
            Files.createFile(socket());
            server.stop(Duration.ZERO);
            assertThat(socket()).exists();
        }
    }

    @Test
    void stopLetsAPendingAnswerGoOutAndEndsTheIdle() throws Exception {
        supervisor.hang();
        ControlServer server = open(ControlSpec.DEFAULT);
        try (RawConnection idle = new RawConnection(socket());
                RawConnection waiting = new RawConnection(socket())) {
            idle.call(LIST);
            waiting.send("{\"method\":\"org.procmon.Monitor.Shutdown\"}|");
            CompletableFuture<Reply> reply = supervisor.replies.take();
            CompletableFuture<Void> stopped =
                    CompletableFuture.runAsync(() -> stop(server, Duration.ofSeconds(30)));
            assertThat(idle.receive()).isEqualTo("end");
            reply.complete(new Reply.Done(List.of()));
            assertThat(waiting.receive()).isEqualTo("{\"parameters\":{}}");
            assertThat(waiting.receive()).isEqualTo("end");
            stopped.get(20, TimeUnit.SECONDS);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void stopWaitsNoLongerThanItsTimeout() throws Exception {
        supervisor.hang();
        ControlServer server = open(ControlSpec.DEFAULT);
        try (RawConnection waiting = new RawConnection(socket())) {
            waiting.send("{\"method\":\"org.procmon.Monitor.Shutdown\"}|");
            CompletableFuture<Reply> reply = supervisor.replies.take();
            server.stop(Duration.ofMillis(50));
            assertThat(waiting.receive()).isEqualTo("end");
            assertThat(reply).failsWithin(Duration.ofSeconds(10));
        }
    }

    private static void stop(ControlServer server, Duration patience) {
        try {
            server.stop(patience);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private ControlServer open(ControlSpec control) throws IOException {
        return ControlServer.open(
                socket(), control, MonitorPorts.of(supervisor), GroupMembership.NONE);
    }

    private ControlServer serve(ServerSocketChannel channel) throws IOException {
        SocketFile file = SocketFile.inherited(socket(), channel, SocketFile.Port.JDK);
        return ControlServer.serve(
                file,
                ControlSpec.DEFAULT,
                MonitorPorts.of(supervisor),
                GroupMembership.NONE,
                (_, bug) -> bug.printStackTrace());
    }

    private Path socket() {
        return folder.resolve("control.sock");
    }
}
