package org.procmon.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.procmon.bytes.BytePath;
import org.procmon.bytes.ByteText;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Endpoint;
import org.procmon.posix.Environment;
import org.procmon.posix.Native;
import org.procmon.posix.Spawn;

/** TestListeners of a test, and workers that have one as descriptor 0. */
public final class TestListeners {
    public static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");
    private static final int BACKLOG = 100;
    private static final Environment ENVIRONMENT =
            Environment.of(Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));

    private TestListeners() {}

    public static Descriptor at(Path path) {
        return at(path, BACKLOG);
    }

    public static Descriptor at(Path path, int backlog) {
        return listening(
                ListeningSocket.atPath(
                        BytePath.text(path), backlog, SocketFileAccess.ofMode(0600)));
    }

    public static Descriptor tcp(int port, ListeningSocket.Sharing sharing) {
        return listening(ListeningSocket.tcp(LOCAL, port, BACKLOG, sharing));
    }

    public static Descriptor tcp() {
        return tcp(0, ListeningSocket.Sharing.ALONE);
    }

    public static Descriptor listening(ListeningSocket.Result result) {
        if (result instanceof ListeningSocket.Result.Listening(Descriptor socket)) {
            return socket;
        }
        throw new AssertionError(result);
    }

    /** A connection to a listener. */
    public static Descriptor client(Path path) {
        return client(Endpoint.of(path));
    }

    public static Descriptor client(int port) {
        return client(Endpoint.of(LOCAL, port));
    }

    private static Descriptor client(Endpoint endpoint) {
        if (!(endpoint.open() instanceof Descriptor.Result.Opened(Descriptor socket))) {
            throw new AssertionError("cannot open a socket");
        }
        assertThat(endpoint.connect(socket)).isEqualTo(new Endpoint.Progress.Connected());
        return socket;
    }

    public static Descriptor clientOfAbstract(String name) {
        MemorySegment connect = Native.function("connect");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = SocketAddresses.abstractName(arena, ByteText.encode(name));
            int fd = Native.call(Native.function("socket"), 1, 1, 0);
            assertThat(Native.call(connect, fd, address.address(), address.byteSize())).isZero();
            return new Descriptor(fd);
        }
    }

    /** The connection of the client that has waited longest. */
    public static Descriptor accept(Descriptor listener) {
        NonBlockingAccept.Result result = NonBlockingAccept.acceptNow(listener);
        if (result instanceof NonBlockingAccept.Result.Accepted(Descriptor client)) {
            return client;
        }
        throw new AssertionError(result);
    }

    public static List<Descriptor> clients(Path path, int count) {
        return Stream.generate(() -> client(path)).limit(count).toList();
    }

    public static long inode(Descriptor socket) {
        return BoundSocket.inode(socket).orElseThrow();
    }

    public static int port(Descriptor socket) {
        return BoundSocket.port(socket).orElseThrow();
    }

    /** Starts a process with a listener as descriptor 0 and its output in a file. */
    public static int worker(Descriptor listener, Path output, String... argv) {
        return start(listener, new Spawn.Stream.OpenReadWrite(output.toString()), List.of(argv));
    }

    /** Starts a process that sends a descriptor over a socket and exits. */
    public static int sender(Descriptor socket, Descriptor sent) {
        return start(
                socket,
                new Spawn.Stream.Held(sent),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DescriptorPassingTest.Sender.class.getName()));
    }

    private static int start(Descriptor in, Spawn.Stream out, List<String> argv) {
        Spawn.Request request =
                new Spawn.Request(
                        argv,
                        ENVIRONMENT,
                        Map.of(),
                        Optional.empty(),
                        new Spawn.Streams(
                                new Spawn.Stream.Held(in), out, new Spawn.Stream.Inherit()),
                        List.of(),
                        Optional.empty(),
                        true);
        if (Spawn.spawn(request) instanceof Spawn.Result.Started(int pid)) {
            return pid;
        }
        throw new AssertionError("cannot start " + argv);
    }
}
