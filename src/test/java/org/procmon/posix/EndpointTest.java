package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.posix.Endpoint.Progress;

@Timeout(30)
class EndpointTest {
    /** Large enough for an address of either kind. */
    private static final int SIZE = 28;

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aSelfConnectedSocketIsNoConnection(String host) throws IOException {
        InetAddress address = InetAddress.ofLiteral(host);
        int port;
        try (ServerSocket listener = new ServerSocket(0, 1, address)) {
            port = listener.getLocalPort();
            assertThat(connect(address, port, 0)).isEqualTo(new Progress.Connected());
        }
        assertThat(connect(address, port, port))
                .isEqualTo(new Progress.Failed(new Errno(Errno.ECONNREFUSED)));
    }

    /** How it ends, from a port of this side. */
    private static Progress connect(InetAddress host, int port, int from) {
        Endpoint endpoint = Endpoint.of(host, port);
        if (!(endpoint.open() instanceof Descriptor.Result.Opened(Descriptor socket))) {
            throw new AssertionError("there is no socket");
        }
        try {
            bind(socket, host.getAddress(), from);
            return await().until(
                            () -> endpoint.connect(socket),
                            progress -> !(progress instanceof Progress.Underway));
        } finally {
            socket.close();
        }
    }

    private static void bind(Descriptor socket, byte[] host, int port) {
        boolean is4 = host.length == 4;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(SIZE, 8);
            name.set(JAVA_SHORT, 0, (short) (is4 ? 2 : 10));
            name.set(JAVA_BYTE, 2, (byte) (port >> Byte.SIZE));
            name.set(JAVA_BYTE, 3, (byte) port);
            MemorySegment.copy(host, 0, name, JAVA_BYTE, is4 ? 4 : 8, host.length);
            int size = is4 ? 16 : SIZE;
            assertThat(Native.call(Native.function("bind"), socket.number(), name.address(), size))
                    .isZero();
        }
    }
}
