package org.procmon.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.FileStatus;
import org.procmon.posix.Pipe;
import org.procmon.posix.socket.ListeningSocket.Result;
import org.procmon.posix.socket.ListeningSocket.Sharing;

@Timeout(60)
class ListeningSocketTest {
    private static final int EADDRINUSE = 98;

    @TempDir Path folder = Path.of("");

    @Test
    void aClientConnectsToASocketFile() throws IOException {
        Path path = folder.resolve("s");
        try (Descriptor listener = TestListeners.at(path)) {
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();

            assertThat(BoundSocket.isListening(listener)).isTrue();
            assertThat(BoundSocket.name(listener)).contains(path.toString());
            assertThat(BoundSocket.domain(listener)).contains(BoundSocket.Domain.UNIX);
            assertThat(BoundSocket.port(listener)).isEmpty();
            assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + listener.number())))
                    .hasToString("socket:[" + TestListeners.inode(listener) + "]");
        }
    }

    @Test
    void theListenerBlocksAndIsClosedOnExec() throws IOException {
        try (Descriptor listener = TestListeners.at(folder.resolve("s"))) {
            String flags =
                    Files.readAllLines(Path.of("/proc/self/fdinfo/" + listener.number())).stream()
                            .filter(line -> line.startsWith("flags:"))
                            .findFirst()
                            .orElseThrow();
            assertThat(flags).endsWith("02000002");
        }
    }

    @Test
    void theFileHasItsModeAndOwnerWhateverTheUmask() {
        Path path = folder.resolve("s");
        boolean isRoot = CurrentProcess.uid() == 0;
        OptionalInt uid = isRoot ? OptionalInt.of(4711) : OptionalInt.empty();
        OptionalInt gid = isRoot ? OptionalInt.of(4712) : OptionalInt.empty();
        SocketFileAccess access = new SocketFileAccess(0662, uid, gid);
        try (Descriptor _ =
                TestListeners.listening(ListeningSocket.atPath(path.toString(), 5, access))) {
            FileStatus status = new FileStatus();
            assertThat(status.read(path.toString())).isTrue();
            assertThat(status.mode()).isEqualTo(0662);
            assertThat(status.owner()).isEqualTo(uid.orElse(CurrentProcess.uid()));
            assertThat(status.group()).isEqualTo(gid.orElse(status.group()));
        }
    }

    /** In many rounds, since a client may also come too late to see a wrong order. */
    @Test
    void noClientConnectsBeforeTheFileHasItsMode() throws Exception {
        for (int round = 0; round < 100; round++) {
            String path = folder.resolve("s" + round).toString();
            int[] mode = new int[1];
            Thread client =
                    Thread.ofPlatform()
                            .start(() -> {
                                while (!(SocketPath.look(path) instanceof SocketPath.Live)) {
                                    Thread.onSpinWait();
                                }
                                FileStatus status = new FileStatus();
                                mode[0] = status.read(path) ? status.mode() : -1;
                            });
            try (Descriptor _ = TestListeners.at(Path.of(path))) {
                client.join();
                assertThat(mode[0]).isEqualTo(0600);
            }
        }
    }

    @Test
    void aNameThatIsTooLongIsNotCut() throws IOException {
        String fits = folder.resolve("x".repeat(106 - folder.toString().length())).toString();
        try (Descriptor listener = TestListeners.at(Path.of(fits))) {
            assertThat(BoundSocket.name(listener)).contains(fits);
        }
        assertThat(ListeningSocket.atPath(fits + "y", 5, SocketFileAccess.ofMode(0600)))
                .isEqualTo(new Result.NameTooLong(108));
        assertThat(ListeningSocket.abstractName("ä".repeat(54), 5))
                .isEqualTo(new Result.NameTooLong(108));
        assertThat(SocketPath.look(fits + "y")).isEqualTo(new SocketPath.TooLong());
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(Path.of(fits));
        }
    }

    @Test
    void aPathKeepsBytesThatAreNoText() {
        String path = folder.resolve("s").toString() + "\uDCFFü";
        Result result = ListeningSocket.atPath(path, 5, SocketFileAccess.ofMode(0600));
        try (Descriptor listener = TestListeners.listening(result)) {
            assertThat(BoundSocket.name(listener)).contains(path);
            assertThat(SocketPath.look(path)).isEqualTo(new SocketPath.Live());
        }
    }

    @Test
    void aFileThatExistsIsLeftAlone() throws IOException {
        Path path = Files.createFile(folder.resolve("s"));
        assertThat(ListeningSocket.atPath(path.toString(), 5, SocketFileAccess.ofMode(0600)))
                .isEqualTo(new Result.NotListening(new Errno(EADDRINUSE)));
        assertThat(path).isRegularFile();
    }

    @Test
    void anEmptyNameOrOneWithANulIsNoName() {
        SocketFileAccess access = SocketFileAccess.ofMode(0600);
        Result invalid = new Result.NotListening(Errno.INVALID);
        assertThat(ListeningSocket.atPath("", 5, access)).isEqualTo(invalid);
        assertThat(ListeningSocket.atPath(folder + "/a\0b", 5, access)).isEqualTo(invalid);
        assertThat(ListeningSocket.abstractName("", 5)).isEqualTo(invalid);
    }

    @Test
    void anAbstractNameIsTakenOnce() {
        String name = "procmon-test-" + CurrentProcess.pid();
        try (Descriptor listener = TestListeners.listening(ListeningSocket.abstractName(name, 5))) {
            assertThat(BoundSocket.name(listener)).contains("@" + name);
            assertThat(BoundSocket.isListening(listener)).isTrue();
            assertThat(ListeningSocket.abstractName(name, 5))
                    .isEqualTo(new Result.NotListening(new Errno(EADDRINUSE)));
        }
    }

    @Test
    void aClientConnectsOverTcp() throws IOException {
        try (Descriptor listener = TestListeners.tcp()) {
            int port = TestListeners.port(listener);
            new Socket(TestListeners.LOCAL, port).close();

            assertThat(BoundSocket.name(listener)).contains("127.0.0.1:" + port);
            assertThat(BoundSocket.domain(listener)).contains(BoundSocket.Domain.IPV4);
            assertThat(BoundSocket.isListening(listener)).isTrue();
            assertThat(ListeningSocket.tcp(TestListeners.LOCAL, port, 5, Sharing.ALONE))
                    .isEqualTo(new Result.NotListening(new Errno(EADDRINUSE)));
        }
    }

    @Test
    void allAddressesAreThoseOfBothVersions() throws IOException {
        Result result = ListeningSocket.tcpEverywhere(0, 5, Sharing.ALONE);
        try (Descriptor listener = TestListeners.listening(result)) {
            int port = TestListeners.port(listener);
            new Socket(TestListeners.LOCAL, port).close();
            new Socket(InetAddress.ofLiteral("::1"), port).close();
            assertThat(BoundSocket.name(listener)).contains("[::]:" + port);
        }
    }

    @Test
    void anAddressOfVersion6IsWrittenShort() {
        Result result = ListeningSocket.tcp(InetAddress.ofLiteral("::1"), 0, 5, Sharing.ALONE);
        try (Descriptor listener = TestListeners.listening(result)) {
            assertThat(BoundSocket.name(listener))
                    .contains("[::1]:" + TestListeners.port(listener));
            assertThat(BoundSocket.domain(listener)).contains(BoundSocket.Domain.IPV6);
        }
    }

    @Test
    void twoListenersShareAPortIfBothAreMadeForIt() {
        try (Descriptor first = TestListeners.tcp(0, Sharing.SHARED);
                Descriptor second = TestListeners.tcp(TestListeners.port(first), Sharing.SHARED)) {
            assertThat(BoundSocket.name(second)).isEqualTo(BoundSocket.name(first));
            assertThat(TestListeners.inode(second)).isNotEqualTo(TestListeners.inode(first));
        }
    }

    /** The JDK reuses the address of a connection that is still ending, and so do workers. */
    @Test
    void aPortIsFreeWhileConnectionsOfItsLastListenerAreStillEnding() throws IOException {
        int port;
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            server.bind(new InetSocketAddress(TestListeners.LOCAL, 0));
            port = server.socket().getLocalPort();
            try (Socket client = new Socket(TestListeners.LOCAL, port)) {
                server.accept().close();
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
        }
        try (Descriptor listener = TestListeners.tcp(port, Sharing.ALONE)) {
            assertThat(BoundSocket.isListening(listener)).isTrue();
        }
    }

    @Test
    void whatIsNoListenerIsNoListener() {
        try (Pipe pipe = Pipe.open()) {
            assertThat(BoundSocket.isListening(pipe.source())).isFalse();
            assertThat(BoundSocket.inode(pipe.source())).isEmpty();
            assertThat(BoundSocket.domain(pipe.source())).isEmpty();
            assertThat(BoundSocket.name(pipe.source())).isEmpty();
        }
    }
}
