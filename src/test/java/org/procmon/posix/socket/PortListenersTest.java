package org.procmon.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.ListeningSocket.Sharing;

@Timeout(60)
class PortListenersTest {
    @Test
    void countsTheListenersOfAPortAndNoConnections() {
        Descriptor first = listen(0);
        int port = BoundSocket.port(first).orElseThrow();
        assertThat(PortListeners.count(port)).isEqualTo(1);
        Descriptor second = listen(port);
        assertThat(PortListeners.count(port)).isEqualTo(2);
        first.close();
        assertThat(PortListeners.count(port)).isEqualTo(1);
        second.close();
        assertThat(PortListeners.count(port)).isZero();
    }

    private static Descriptor listen(int port) {
        ListeningSocket.Result result =
                ListeningSocket.tcp(InetAddress.getLoopbackAddress(), port, 1, Sharing.SHARED);
        assertThat(result).isInstanceOf(ListeningSocket.Result.Listening.class);
        return ((ListeningSocket.Result.Listening) result).socket();
    }
}
