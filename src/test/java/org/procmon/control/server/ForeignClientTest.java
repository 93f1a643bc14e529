package org.procmon.control.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.ControlSpec;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.server.calls.GroupMembership;
import org.procmon.control.server.calls.MonitorPorts;

/** The control socket with a client that shares no code with this project: jnr-unixsocket. */
@Timeout(60)
class ForeignClientTest {
    @TempDir Path folder = Path.of("");

    @Test
    void answersAClientThatSharesNoCode() throws IOException {
        Path path = folder.resolve("control.sock");
        try (ControlServer _ =
                        ControlServer.open(
                                path,
                                ControlSpec.DEFAULT,
                                MonitorPorts.of(new FakeSupervisor()),
                                GroupMembership.NONE);
                UnixSocketChannel client =
                        UnixSocketChannel.open(new UnixSocketAddress(path.toFile()))) {
            OutputStream out = Channels.newOutputStream(client);
            out.write(message("{\"method\":\"org.procmon.Monitor.List\"}"));
            assertThat(answer(client)).startsWith("{\"parameters\":{\"processes\":[{");

            out.write(message("{\"method\":\"org.procmon.Monitor.Nonsense\"}"));
            assertThat(answer(client)).contains("org.varlink.service.MethodNotFound");
        }
    }

    private static byte[] message(String json) {
        return (json + "\0").getBytes(StandardCharsets.UTF_8);
    }

    /** Up to the NUL byte that ends a message. */
    private static String answer(UnixSocketChannel client) throws IOException {
        StringBuilder answer = new StringBuilder();
        int next;
        while ((next = Channels.newInputStream(client).read()) > 0) {
            answer.append((char) next);
        }
        return answer.toString();
    }
}
